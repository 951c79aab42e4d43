// A small world with three domains, accounts of every role, and two projects, for tests of who may
// see and do what.
import type { AnyCommand } from '../../simulator/declare/command.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import type { AccountRow, DomainRow, ProjectRow } from '../../simulator/world/entities.js';
import type { World } from '../../simulator/world/world.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { TestClient, keysOf } from './simulator-client.js';
import { smallApi, smallWorld, type SmallApi } from './small-api.js';

/**
 * ROOT: admin, bosh, other, and project alpha of bosh and other. ROOT/sub: chief, its admin; keeper,
 * its resource admin; worker, and worker's project beta. ROOT/sub/deep: diver. ROOT/far: stranger.
 */
export const identityWorld: WorldDescriptionInput = {
  ...smallWorld,
  domains: [{ path: 'ROOT/sub' }, { path: 'ROOT/sub/deep' }, { path: 'ROOT/far' }],
  accounts: [
    { name: 'admin', role: 'Admin' },
    { name: 'bosh', role: 'User' },
    { name: 'other', role: 'User' },
    { name: 'chief', role: 'DomainAdmin', domain: 'ROOT/sub' },
    { name: 'keeper', role: 'ResourceAdmin', domain: 'ROOT/sub' },
    { name: 'worker', role: 'User', domain: 'ROOT/sub' },
    { name: 'diver', role: 'User', domain: 'ROOT/sub/deep' },
    { name: 'stranger', role: 'User', domain: 'ROOT/far' },
  ],
  projects: [
    { name: 'alpha', account: 'bosh', members: ['other'] },
    { name: 'beta', account: 'worker' },
  ],
};

/** The world behind commands that a test declares itself. */
export function identityApi(commands: readonly AnyCommand[]): SmallApi {
  return smallApi(commands, { world: identityWorld });
}

export interface IdentityWorld {
  readonly simulator: Simulator;
  readonly world: World;
  readonly clientOf: (username: string) => TestClient;
}

/** The world behind the whole API. */
export function createIdentityWorld(
  description: Partial<WorldDescriptionInput> = {},
): IdentityWorld {
  const simulator = createSimulator({
    seed: 1,
    clock: 'manual',
    world: { ...identityWorld, ...description },
  });
  return {
    simulator,
    world: simulator.world,
    clientOf: (username) =>
      new TestClient(
        simulator,
        keysOf(simulator.world.users.all().find((row) => row.username === username)!),
      ),
  };
}

type InWorld = { readonly world: World };

export function accountOf({ world }: InWorld, name: string): AccountRow {
  return world.accounts.all().find((row) => row.name === name)!;
}

export function domainOf({ world }: InWorld, path: string): DomainRow {
  return world.domains.all().find((row) => row.path === path)!;
}

export function projectOf({ world }: InWorld, name: string): ProjectRow {
  return world.projects.all().find((row) => row.name === name)!;
}
