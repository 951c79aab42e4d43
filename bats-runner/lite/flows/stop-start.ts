import type { LiteDirector } from '../lite-director.js';
import type { Instance } from '../records.js';
import { attachDisks, detachDisks } from '../steps/disks.js';
import { takeSnapshots } from '../steps/snapshots.js';
import { perform, type Step, type Work } from '../steps/step.js';
import { createVm, deleteVm } from '../steps/vm.js';

/** What a Director does to the instances of a deployment when an operator stops and starts them. */
export const commands = {
  restart: { stopped: [], running: [takeSnapshots], state: 'started' },
  stop: { stopped: [], running: [takeSnapshots], state: 'stopped' },
  'stop --hard': {
    stopped: [detachDisks, deleteVm],
    running: [takeSnapshots, detachDisks, deleteVm],
    state: 'detached',
  },
  start: { stopped: [createMissingVm, attachDisks], running: [], state: 'started' },
} satisfies Record<string, Lifecycle>;

interface Lifecycle {
  /** For an instance that is stopped already. */
  readonly stopped: readonly Step[];
  readonly running: readonly Step[];
  readonly state: Instance['state'];
}

/** `bosh restart`, `bosh stop`, `bosh stop --hard`, `bosh start`. */
export async function changeState(
  director: LiteDirector,
  name: string,
  command: keyof typeof commands,
): Promise<void> {
  const deployment = director.deployments.get(name);
  if (deployment === undefined) throw new Error(`there is no deployment ${name}`);
  const { stopped, running, state } = commands[command];
  for (const instance of deployment.instances.values()) {
    const steps = instance.state === 'started' ? running : stopped;
    await perform(steps, { director, deployment, instance });
    instance.state = state;
  }
}

async function createMissingVm(work: Work): Promise<void> {
  if (work.instance.vm === undefined) await createVm(work);
}
