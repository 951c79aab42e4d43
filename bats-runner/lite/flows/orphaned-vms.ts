import { tolerating } from '../cpi-calls.js';
import type { LiteDirector } from '../lite-director.js';

/**
 * What the Director does every five minutes, and in `bosh clean-up`, with VMs in whose place others
 * are (orphaned_vm_deleter.rb).
 */
export async function deleteOrphanedVms(director: LiteDirector): Promise<void> {
  for (const vm of [...director.orphanedVms]) {
    const cloud = await director.cloud(vm.spec.stemcell);
    await tolerating(['VMNotFound'], () => cloud.call('delete_vm', [vm.cid]));
    director.orphanedVms.splice(director.orphanedVms.indexOf(vm), 1);
  }
}

/** What is told of the stemcell of a VM of which the Director knows nothing. */
const unknownStemcell = { apiVersion: 2 } as const;

/** `bosh delete-vm`, of a VM that no instance has any more (jobs/delete_vm.rb). */
export async function deleteUnknownVm(director: LiteDirector, cid: string): Promise<void> {
  const cloud = await director.cloud(unknownStemcell);
  await tolerating(['VMNotFound'], () => cloud.call('delete_vm', [cid]));
}
