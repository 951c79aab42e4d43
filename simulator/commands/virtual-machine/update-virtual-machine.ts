import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag, freeForm, records, text } from '../../declare/parameter.js';
import { isScalingEnabled } from '../../world/compute/dynamic-scaling.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { joinInstanceGroup } from '../../world/compute/instance-groups.js';
import { nicsOf } from '../../world/network/nics.js';
import { assertHostName, assertNameFree } from '../../world/compute/vm-names.js';
import type { World } from '../../world/world.js';
import { assertHasNetworks, dhcpOptionsByNetwork } from '../nic/dhcp-options.js';
import { computeSize, isCustomOffering, type ComputeSize } from './compute-size.js';
import { assertNoExtraConfig } from './extra-config.js';
import { MAX_USER_DATA_LENGTH, userDataColumns } from './user-data.js';
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
    ostypeid: entity('ostype'),
    userdata: text({ since: '4.16.0', maxLength: MAX_USER_DATA_LENGTH }),
    userdataid: entity('userdata', { since: '4.18' }),
    userdatadetails: freeForm({ since: '4.18' }),
    displayvm: flag({ rootOnly: true }),
    isdynamicallyscalable: flag(),
    name: text({ since: '4.4' }),
    instancename: text({ since: '4.4', rootOnly: true }),
    details: freeForm(),
    cleanupdetails: flag(),
    extraconfig: text({ since: '4.12', maxLength: 5_120 }),
    deleteprotection: flag({ since: '4.20.0' }),
    dhcpoptionsnetworklist: records(),
  },
  response: objectOf(virtualMachineResponse),
  run: (context, { id: vm, displayname, group, haenable, name, ...rest }) => {
    const { world } = context;
    assertNotGone(vm);
    if (rest.ostypeid !== undefined && rest.ostypeid.removedMs !== null) {
      throw invalidParameter('Please specify a valid guest OS ID.');
    }
    const details = changedDetails(context, vm, rest.details, rest.cleanupdetails);
    if (rest.cleanupdetails !== true) assertNoExtraConfig(rest.extraconfig);
    if (rest.instancename !== undefined) assertInstanceNameFree(world, vm, rest.instancename);
    assertChangeable(vm);
    if (haenable === true) {
      // No offering of this world has high availability.
      throw invalidParameter(
        "Can't enable ha for the vm as it's created from the Service offering having HA disabled",
      );
    }
    const userData = userDataColumns(context, rest);
    if (rest.isdynamicallyscalable === true) assertCanBeScaled(world, vm);
    if (name !== undefined) assertNameFor(context, vm, name);
    changeDhcpOptions(world, vm, rest.dhcpoptionsnetworklist);
    if (group !== undefined) joinInstanceGroup(world, vm, group);
    world.vms.change(vm, {
      displayName: displayname ?? vm.displayName,
      name: name ?? vm.name,
      instanceName: rest.instancename ?? vm.instanceName,
      osTypeId: rest.ostypeid?.id ?? vm.osTypeId,
      userData: userData.userData ?? vm.userData,
      userDataId: userData.userDataId ?? vm.userDataId,
      userDataDetails: userData.userDataDetails ?? vm.userDataDetails,
      isDisplayed: rest.displayvm ?? vm.isDisplayed,
      isDynamicallyScalable: rest.isdynamicallyscalable ?? vm.isDynamicallyScalable,
      deleteProtection: rest.deleteprotection ?? vm.deleteProtection,
      ...details,
    });
    return vm;
  },
});

/** The options of a network that is named take the place of those that its NIC had. */
function changeDhcpOptions(
  world: World,
  vm: VmRow,
  asked: readonly Readonly<Record<string, string>>[] | undefined,
): void {
  const options = dhcpOptionsByNetwork(asked);
  const nics = nicsOf(world, vm.id);
  assertHasNetworks(
    options,
    nics.map(({ networkId: id }) => ({ id })),
  );
  for (const nic of nics) {
    const dhcpOptions = options.get(nic.networkId);
    if (dhcpOptions !== undefined) world.nics.change(nic, { dhcpOptions });
  }
}

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

function assertInstanceNameFree(world: World, vm: VmRow, name: string): void {
  const other = world.vms.all().find((row) => row.instanceName === name);
  if (other === undefined || other.id === vm.id) return;
  throw cloudRuntime(`Instance name : ${name} is not unique`);
}

/** Throws unless everything that a VM's size depends on lets it change while the VM runs. */
function assertCanBeScaled(world: World, vm: VmRow): void {
  const cannot = 'Dynamic Scaling cannot be enabled for the VM since';
  if (!world.templates.require(vm.templateId).isDynamicallyScalable) {
    throw invalidParameter(`${cannot} its template does not have dynamic scaling enabled`);
  }
  if (!world.serviceOfferings.require(vm.serviceOfferingId).dynamicScaling) {
    throw invalidParameter(`${cannot} its service offering does not have dynamic scaling enabled`);
  }
  if (isScalingEnabled(world, vm)) return;
  throw invalidParameter(`${cannot} corresponding global setting is set to false`);
}
