import { stemIn } from '../agent/user-data.js';
import { attemptOf, findVm, listVolumesOfVm } from '../cloudstack/find-resources.js';
import { marks, tagsByKey } from '../cloudstack/tags.js';
import type { VirtualMachine } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import { isLiveVm } from '../methods/shared/live-resources.js';
import { hasMetadata } from '../methods/vm/forgotten-vm.js';
import { discardVm } from '../methods/vm/discard-vm.js';
import { foreignDisks } from '../methods/vm/vm-disks.js';
import { BoshError } from '../protocol/bosh-error.js';
import { directorOf, timeMs, type Finder } from './forgotten.js';

/**
 * VMs that create_vm began and never handed out: each that it hands out gets metadata at once. One
 * that runs with a persistent disk is told of and left alone.
 */
export const forgottenVms: Finder = async (call) => {
  const named = await call.client.list('listVirtualMachines', { keyword: 'vm-' });
  const candidates = named.filter((vm) => isLiveVm(vm) && !hasMetadata(vm));
  const forgotten: VirtualMachine[] = [];
  for (const vm of candidates) if (await isOurs(call, vm)) forgotten.push(vm);
  return forgotten.map((vm) => ({
    kind: 'VM',
    id: vm.id,
    name: vm.name,
    directorUuid: directorOf(vm.tags),
    createdMs: timeMs(vm.created),
    why: 'it never got the metadata that a Director gives to each of its VMs',
    remove: () => remove(call, vm),
  }));
};

/** By its mark; one that was never marked by its name, which its user data tell, too. */
async function isOurs({ client }: Call, vm: VirtualMachine): Promise<boolean> {
  const { [marks.purpose]: purpose, [marks.agent]: agentId } = tagsByKey(vm.tags);
  if (purpose !== undefined)
    return purpose === 'vm' && agentId !== undefined && isNamed(vm, `vm-${agentId}`);
  const found = await findVm(client, vm.id, { withUserData: true });
  return isNamed(vm, stemIn(found?.userdata));
}

function isNamed({ name }: VirtualMachine, stem: string | undefined): boolean {
  return stem !== undefined && attemptOf(name, stem) !== undefined;
}

async function remove(call: Call, vm: VirtualMachine): Promise<void> {
  const [disk] = foreignDisks(await listVolumesOfVm(call.client, vm.id));
  if (disk !== undefined && vm.state !== 'Stopped') {
    throw new BoshError(
      'CloudError',
      `it is ${vm.state} and carries disk ${disk.name} (${disk.id}), on which somebody may be at ` +
        'work: if that is not so, stop the VM and run this again',
    );
  }
  await discardVm(call, directorOf(vm.tags) ?? '', vm);
}
