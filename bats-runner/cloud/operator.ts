import { textOf } from '../json.js';
import type { CloudClient, Parameters } from './client.js';
import { jobsWithinMsUsually, runJob } from './jobs.js';

/** Somebody who changes things in the cloud without telling the Director. */
export interface Operator {
  /** Expunges a VM; its data disks are left, attached to nothing. */
  readonly removeVm: (id: string) => Promise<void>;
  /** Detaches and deletes a volume. */
  readonly removeDisk: (id: string) => Promise<void>;
  /**
   * Expunges the destroyed VMs of a network, as CloudStack does by itself after a day or two; answers
   * how many there were.
   */
  readonly expungeDestroyedIn: (networkId: string) => Promise<number>;
}

export interface OperatorOptions {
  /** Of an account that may do everything. */
  readonly client: CloudClient;
  /** Waits between two looks at a job. */
  readonly pause: () => Promise<unknown>;
}

/** An operator who works through CloudStack's API. */
export function cloudOperator({ client, pause }: OperatorOptions): Operator {
  const run = async (command: string, parameters: Parameters): Promise<void> => {
    await runJob(client, command, parameters, { pause, withinMs: jobsWithinMsUsually });
  };
  return {
    removeVm: (id) => run('destroyVirtualMachine', { id, expunge: true }),
    removeDisk: async (id) => {
      await run('detachVolume', { id });
      await client.call('deleteVolume', { id });
    },
    expungeDestroyedIn: async (networkId) => {
      const filter = { listall: true, state: 'Destroyed', networkid: networkId };
      const destroyed = await client.list('listVirtualMachines', 'virtualmachine', filter);
      for (const { id } of destroyed) await run('expungeVirtualMachine', { id: textOf(id) });
      return destroyed.length;
    },
  };
}
