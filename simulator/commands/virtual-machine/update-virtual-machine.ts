import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag, freeForm, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { nicsOf } from '../../world/nics.js';
import { assertHostName, assertNameFree } from '../../world/vm-names.js';
import { computeSize, isCustomOffering, type ComputeSize } from './compute-size.js';
import { MAX_USER_DATA_LENGTH, givenUserData } from './user-data.js';
import { cleanedDetails, replacedDetails } from './virtual-machine-details.js';
import { virtualMachineResponse } from './virtual-machine-response.js';

type Details = Readonly<Record<string, string>>;

/**
 * Checks in the order of UserVmManagerImpl.updateVirtualMachine. CloudStack has changed the details
 * already when it refuses the VM's state; here a refusal changes nothing.
 */
export const updateVirtualMachine = syncCommand({
  name: 'updateVirtualMachine',
  summary: 'Changes the properties of a virtual machine.',
  roles: everyRole,
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    displayname: text(),
    group: text(),
    haenable: flag(),
    userdata: text({ since: '4.16.0', maxLength: MAX_USER_DATA_LENGTH }),
    name: text({ since: '4.4' }),
    details: freeForm(),
    cleanupdetails: flag(),
  },
  response: objectOf(virtualMachineResponse),
  run: (context, { id: vm, displayname, group, haenable, userdata, name, ...rest }) => {
    assertNotGone(vm);
    const details = changedDetails(context, vm, rest.details, rest.cleanupdetails);
    assertChangeable(vm);
    if (haenable === true) {
      // No offering of this world has high availability.
      throw invalidParameter(
        "Can't enable ha for the vm as it's created from the Service offering having HA disabled",
      );
    }
    const userData = givenUserData(context, userdata) ?? vm.userData;
    if (name !== undefined) assertNameFor(context, vm, name);
    context.world.vms.change(vm, {
      displayName: displayname ?? vm.displayName,
      group: group ?? vm.group,
      name: name ?? vm.name,
      userData,
      ...details,
    });
    return vm;
  },
});

function assertNotGone(vm: VmRow): void {
  if (vm.removedMs === null) return;
  throw invalidParameter(`unable to find virtual machine with id: ${vm.internalId}`);
}

function assertChangeable(vm: VmRow): void {
  if (vm.state !== 'Error' && vm.state !== 'Expunging') return;
  throw invalidParameter(`Vm with id ${vm.internalId} is not in the right state`);
}

/** The new details, and the size that they give a VM of a custom offering. */
function changedDetails(
  { world, caller }: CommandContext,
  vm: VmRow,
  details: Details | undefined,
  cleanup: boolean | undefined,
): { readonly details?: Details } & Partial<ComputeSize> {
  if (cleanup === true) return { details: cleanedDetails(vm.details, caller) };
  if (details === undefined || Object.keys(details).length === 0) return {};
  const replaced = replacedDetails(vm.details, details, caller);
  const offering = world.serviceOfferings.require(vm.serviceOfferingId);
  return isCustomOffering(offering)
    ? { details: replaced, ...computeSize(world, offering, replaced) }
    : { details: replaced };
}

function assertNameFor({ world }: CommandContext, vm: VmRow, name: string): void {
  assertHostName(name);
  if (name === vm.name) return;
  const networks = nicsOf(world, vm.id).map((nic) => world.networks.require(nic.networkId));
  assertNameFree(world, name, networks);
}
