import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractOffers, contractWorld } from './contract-world.js';
import type { CpiRole } from './printed-role.js';
import { simulatorControl } from './simulator-control.js';
import { startSimulator } from './simulator.js';
import type { Target } from './target.js';

export interface SimulatorTargetOptions {
  /** Path of the simulator's program. */
  readonly program: string;
  readonly nodePath: string;
  readonly cpiCommand: string;
  /** What the account of the CPI may do; what every user may unless given. */
  readonly role: CpiRole | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Waits between two looks for the ready file. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** A simulator of its own, with a small world and a clock that moves as work is asked after. */
export async function openSimulatorTarget(
  options: SimulatorTargetOptions,
): Promise<{ readonly target: Target; readonly close: () => Promise<void> }> {
  const { program, nodePath, cpiCommand, role, environment, pause } = options;
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-simulator-'));
  const world = join(folder, 'world.json');
  writeFileSync(world, JSON.stringify(contractWorld(role)));
  const simulator = await startSimulator({
    program,
    nodePath,
    folder,
    port: 0,
    clock: 'on-poll',
    world,
    environment,
    pause,
  });
  const { endpoint, user, admin, control } = simulator;
  return {
    target: {
      name: 'simulator',
      account: { endpoint, ...user },
      operator: { endpoint, ...admin },
      offers: contractOffers,
      cpiCommand,
      // Each look moves the simulator's time, so there is nothing to wait for.
      cpiSettings: { poll: { first_ms: 1, factor: 1, cap_ms: 1 } },
      simulator: simulatorControl(control),
    },
    close: async () => {
      await simulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
