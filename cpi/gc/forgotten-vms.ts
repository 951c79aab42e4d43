import { stemIn } from '../agent/user-data.js';
import { attemptOf, findVm, listVolumesOfVm } from '../cloudstack/find-resources.js';
import { marks, tagsByKey } from '../cloudstack/tags.js';
import { timeMs } from '../cloudstack/time.js';
import type { VirtualMachine } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import { earlierNames } from '../methods/shared/earlier-names.js';
import { isLiveVm } from '../methods/shared/live-resources.js';
import { hasMetadata } from '../methods/vm/forgotten-vm.js';
import { discardVm } from '../methods/vm/discard-vm.js';
import { foreignDisks } from '../methods/vm/vm-disks.js';
import { BoshError } from '../protocol/bosh-error.js';
import { directorOf, isNamedByUs, type Finder, type Forgotten } from './forgotten.js';

/**
 * VMs that create_vm, of this CPI or an earlier one, began and never handed out: each that it hands
 * out gets metadata at once; and those that create_stemcell needed for a moment. One that runs with
 * a persistent disk is told of and left alone, as is one that runs and has no tags at all, or is of
 * an earlier CPI: its name alone tells whose it is.
 */
export const forgottenVms: Finder = async (call) => {
  const forgotten: Forgotten[] = [];
  for (const vm of await listCandidates(call)) {
    const isOfEarlierCpi = earlierNames.vm.test(vm.name) || earlierNames.workVm.test(vm.name);
    if (!isOfEarlierCpi && !isWorkVm(vm) && !(await isOurs(call, vm))) continue;
    forgotten.push({
      kind: 'VM',
      id: vm.id,
      name: vm.name,
      directorUuid: directorOf(vm.tags),
      createdMs: timeMs(vm.created),
      why: isWorkVm(vm) ? workOver : neverHandedOut,
      remove: () => remove(call, vm, isOfEarlierCpi),
    });
  }
  return forgotten;
};

const neverHandedOut = 'it never got the metadata that a Director gives to each of its VMs';
const workOver = 'it was there only to make a template of its disk, and is needed no more';

/**
 * Those with a public address come first: one of the others may have had it allocated, without
 * marks, which only that VM tells, and only of an address that serves nobody.
 */
async function listCandidates({ client }: Call): Promise<VirtualMachine[]> {
  const named = await client.list('listVirtualMachines', { keyword: 'vm-' });
  const working = await client.list('listVirtualMachines', { keyword: 'stemcell-work-' });
  return [...named, ...working]
    .filter((vm) => isLiveVm(vm) && !hasMetadata(vm))
    .sort((a, b) => Number(a.publicip === undefined) - Number(b.publicip === undefined));
}

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

async function remove(call: Call, vm: VirtualMachine, isOfEarlierCpi: boolean): Promise<void> {
  if (!isWorkVm(vm)) refuseRunning(vm, isOfEarlierCpi);
  const [disk] = foreignDisks(await listVolumesOfVm(call.client, vm.id));
  if (disk !== undefined && vm.state !== 'Stopped') {
    throw new BoshError(
      'CloudError',
      `it is ${vm.state} and carries disk ${disk.name} (${disk.id}), on which somebody may be at ` +
        'work: if that is not so, stop the VM and run this again',
    );
  }
  const context = { ...call.context, directorUuid: directorOf(vm.tags) ?? '' };
  await discardVm({ ...call, context }, vm);
}

function isWorkVm({ name }: VirtualMachine): boolean {
  return isNamedByUs(name, 'stemcell-work') || earlierNames.workVm.test(name);
}

/** Keeps a VM that runs, and of which no mark tells that nobody knows it. */
function refuseRunning({ state, tags = [] }: VirtualMachine, isOfEarlierCpi: boolean): void {
  const runs = ['Running', 'Migrating'].includes(state);
  if (!runs || (!isOfEarlierCpi && tags.length > 0)) return;
  const what = isOfEarlierCpi
    ? 'it runs, and only its name tells that an earlier CPI made it'
    : 'it runs without tags, though create_vm marks a VM before it starts it: somebody has taken them off';
  throw new BoshError(
    'CloudError',
    `${what}. If no Director knows of it, stop the VM and run this again`,
  );
}
