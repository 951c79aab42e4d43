import { accountOf, ownerIn } from '../agent/entry-owner.js';
import { findVm } from '../cloudstack/find-resources.js';
import { isUuid } from '../cloudstack/uuid.js';
import { isLiveVm } from '../methods/shared/live-resources.js';
import type { Finder, Forgotten } from './forgotten.js';

/**
 * Settings in the registry of VMs that are gone: delete_vm was killed before it removed them, and
 * not called again. CloudStack says of another account's VM what it says of one that is gone, so an
 * entry counts only where it says that its VM was in this account, which its other VMs tell; and
 * only a registry that tells its entries can be looked through.
 */
export const forgottenEntries: Finder = async ({ client, registry }) => {
  const names = (await registry?.names())?.filter(isUuid) ?? [];
  if (registry === undefined || names.length === 0) return [];
  const vms = await client.list('listVirtualMachines', { keyword: 'vm-' });
  const living = new Set(vms.filter(isLiveVm).map(({ id }) => id));
  const ours = new Set(vms.map(accountOf));
  const forgotten: Forgotten[] = [];
  for (const vmId of names.filter((name) => !living.has(name))) {
    const owner = ownerIn(await registry.read(vmId));
    if (owner === undefined || !ours.has(owner.account)) continue;
    if (isLiveVm(await findVm(client, vmId))) continue;
    forgotten.push({
      kind: 'registry entry',
      id: vmId,
      name: vmId,
      directorUuid: owner.director,
      createdMs: undefined,
      why: 'it holds the settings of a VM that is gone',
      remove: () => registry.remove(vmId),
    });
  }
  return forgotten;
};
