// Proves that account with domainid, or projectid, decide whose a deployed VM, an address and an
// uploaded template are, and that nobody gets anything by a request for another that is refused.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  domainOf,
  projectOf,
  type IdentityWorld,
} from '../../support/identity-world.js';
import { createOwnedWorld, ownedBy, vmValues } from '../../support/owned-things.js';
import type { Values } from '../../support/simulator-client.js';

interface Command {
  readonly name: string;
  readonly values: (world: IdentityWorld) => Values;
  /** What the owner has one more of. */
  readonly kind: 'vms' | 'publicIps' | 'templates';
}

const commands: readonly Command[] = [
  {
    name: 'deployVirtualMachine',
    values: (world) => vmValues(world, { startvm: false }),
    kind: 'vms',
  },
  {
    name: 'associateIpAddress',
    values: ({ world }) => ({ zoneid: world.zones.all()[0]!.id }),
    kind: 'publicIps',
  },
  {
    name: 'getUploadParamsForTemplate',
    values: ({ world }) => ({
      name: 'stemcell',
      format: 'QCOW2',
      hypervisor: 'KVM',
      zoneid: world.zones.all()[0]!.id,
      ostypeid: world.osTypes.all()[0]!.id,
    }),
    kind: 'templates',
  },
];

/** What every account and project that there is has of a kind. */
function counts(identity: IdentityWorld, kind: Command['kind']): Record<string, number> {
  return Object.fromEntries(
    identity.world.accounts.all().map(({ id, name }) => [name, ownedBy(identity, id)[kind]!]),
  );
}

for (const { name, values, kind } of commands) {
  /** Sends the command; answers the status, and who has more than before. */
  const outcome = (
    identity: IdentityWorld,
    caller: string,
    owner: Values,
  ): { status: number; gained: string[] } => {
    const before = counts(identity, kind);
    const client = identity.clientOf(caller);
    const { status } = client.send(name, { ...values(identity), ...owner });
    identity.simulator.kernel.advanceUntilIdle();
    const after = counts(identity, kind);
    return { status, gained: Object.keys(after).filter((who) => after[who]! > before[who]!) };
  };
  const inSub = (identity: IdentityWorld, account: string): Values => ({
    account,
    domainid: domainOf(identity, 'ROOT/sub').id,
  });

  test(`${name}: without parameters it is the caller's`, () => {
    const identity = createOwnedWorld();
    expect(outcome(identity, 'worker', {})).toEqual({ status: 200, gained: ['worker'] });
  });

  test(`${name}: admins act for accounts below them`, () => {
    for (const caller of ['admin', 'chief']) {
      const identity = createOwnedWorld();
      const owner = inSub(identity, 'worker');
      expect(outcome(identity, caller, owner)).toEqual({ status: 200, gained: ['worker'] });
    }
  });

  test(`${name}: members act for their projects`, () => {
    const identity = createOwnedWorld();
    const project = projectOf(identity, 'beta');
    const owner = identity.world.accounts.require(project.accountId).name;
    const projectid = project.id;
    identity.clientOf('worker').call('createNetwork', {
      name: 'of-the-project',
      zoneid: identity.world.zones.all()[0]!.id,
      networkofferingid: identity.world.networkOfferings
        .all()
        .find((row) => row.guestIpType === 'Isolated' && !row.forVpc)!.id,
      projectid,
    });
    expect(outcome(identity, 'worker', { projectid })).toEqual({ status: 200, gained: [owner] });
  });

  test(`${name}: nobody acts for others, and nobody gains by it`, () => {
    const identity = createOwnedWorld();
    const before = identity.world.kernel.log.lastSeq;
    const foreign = { account: 'stranger', domainid: domainOf(identity, 'ROOT/far').id };
    const projectid = projectOf(identity, 'beta').id;
    for (const [caller, owner] of [
      ['worker', inSub(identity, 'chief')],
      ['chief', foreign],
      ['stranger', { projectid }],
    ] as const) {
      expect(outcome(identity, caller, owner)).toEqual({ status: 531, gained: [] });
    }
    for (const owner of [{ account: 'worker' }, inSub(identity, 'nobody')]) {
      expect(outcome(identity, 'admin', owner)).toEqual({ status: 431, gained: [] });
    }
    expect(accountOf(identity, 'worker').state).toBe('enabled');
    expect(identity.world.kernel.log.lastSeq).toBe(before);
  });
}
