import type { Instance } from '../records.js';
import type { Step } from './step.js';
import { createVm } from './vm.js';

/**
 * Makes the VM that is to take the place of the one that there is, which keeps its disks meanwhile
 * (vm_creator.rb).
 */
export const createNextVm: Step = async (work) => {
  const { instance } = work;
  // If it fails, nothing is to be said of the disks, which are where they were.
  const disks = instance.disks.map((disk) => ({ ...disk }));
  const next: Instance = { ...instance, vm: undefined, disks };
  await createVm({ ...work, instance: next });
  instance.nextVm = next.vm;
};

/**
 * Has the next VM take the place of the one that there is, whose agent shuts it down, and which is
 * deleted later (orphan_vm_step.rb).
 */
export const swapVms: Step = ({ director, instance }) => {
  const { vm, nextVm } = instance;
  if (vm === undefined || nextVm === undefined) throw new Error('there are no two VMs to swap');
  director.agents.shutDown(vm.cid);
  director.orphanedVms.push(vm);
  instance.vm = nextVm;
  instance.agentId = nextVm.agentId;
  instance.nextVm = undefined;
  return Promise.resolve();
};
