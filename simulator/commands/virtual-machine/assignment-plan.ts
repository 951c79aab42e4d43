import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { finalizeOwner, type OwnerArguments } from '../../declare/ownership.js';
import { accountText } from '../../world/identity/accounts.js';
import { countFreeAddresses } from '../../world/network/addresses.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkRow, VmRow } from '../../world/entities.js';
import { hasRulesOnNic } from '../../world/network/forwarding.js';
import { assertMayUseNetwork } from '../../world/network/network-access.js';
import { nicsOf } from '../../world/network/nics.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import type { NicPlan } from '../../world/compute/vm-allocation.js';
import { assertNameFree } from '../../world/compute/vm-names.js';
import { volumesOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { assertMayUseTemplate } from '../template/template-access.js';
import { isolatedNetworks, newNetwork } from './default-network.js';

export interface AssignmentArguments extends OwnerArguments {
  readonly virtualmachineid: VmRow;
  readonly networkids?: readonly NetworkRow[] | undefined;
  readonly securitygroupids?: readonly string[] | undefined;
}

/** To whom a VM goes, and the NICs that it will have there. */
export interface Assignment {
  readonly owner: AccountRow;
  readonly nics: readonly NicPlan[];
}

/** Checks an assignment in the order of UserVmManagerImpl.moveVmToUser. */
export function planAssignment(context: CommandContext, args: AssignmentArguments): Assignment {
  const { world, caller } = context;
  const { virtualmachineid: vm } = args;
  if (caller.role !== 'Admin' && caller.role !== 'DomainAdmin') {
    throw invalidParameter('Only root or domain admins are allowed to assign VMs.');
  }
  assertMovable(vm);
  const owner = newOwner(context, args);
  if (args.projectid !== undefined && args.domainid === undefined) {
    throw invalidParameter('cannot assign VM to a project if domain ID is NULL.');
  }
  assertNoRules(world, vm);
  assertNoSnapshots(world, vm);
  assertRoomFor(world, vm, owner);
  assertMayUseTemplate(world, owner, world.templates.require(vm.templateId));
  return { owner, nics: plannedNics(world, vm, owner, args) };
}

/** CloudStack lets go of whatever does not run; in this world only Stopped VMs have nothing under way. */
function assertMovable(vm: VmRow): void {
  if (vm.removedMs !== null) throw invalidParameter(`There is no VM by ID [${vm.internalId}].`);
  if (vm.state === 'Stopped') return;
  throw invalidParameter(`Unable to move VM [${vmText(vm)}] in [${vm.state}] state.`);
}

function newOwner(context: CommandContext, args: AssignmentArguments): AccountRow {
  const { world } = context;
  const { virtualmachineid: vm } = args;
  const owner = finalizeOwner(context, args);
  if (owner.state === 'disabled') {
    throw invalidParameter(`The new account owner [${accountText(owner)}] is disabled.`);
  }
  if (owner.id === vm.accountId) {
    throw invalidParameter(
      `The new account [${accountText(owner)}] is the same as the old account.`,
    );
  }
  assertMayOperate(context, 'account', world.accounts.require(vm.accountId));
  assertMayOperate(context, 'account', owner);
  return owner;
}

function assertNoRules(world: World, vm: VmRow): void {
  if (!nicsOf(world, vm.id).some((nic) => hasRulesOnNic(world, nic))) return;
  throw invalidParameter(`Remove any rules for VM [${vmText(vm)}] before assigning it.`);
}

function assertNoSnapshots(world: World, vm: VmRow): void {
  const volume = volumesOf(world, vm.id).find(({ id }) =>
    world.snapshots
      .where('volumeId', id)
      .some(({ state }) => state !== 'Destroyed' && state !== 'Error'),
  );
  if (volume === undefined) return;
  throw invalidParameter(`Snapshots exist for volume [${volume.name}].`);
}

function assertRoomFor(world: World, vm: VmRow, owner: AccountRow): void {
  const { cpuNumber: cpu, memoryMib: memory } = vm;
  if (vm.isDisplayed) assertWithinLimits(world, owner, { user_vm: 1, cpu, memory });
  const volumes = volumesOf(world, vm.id);
  const bytes = volumes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  assertWithinLimits(world, owner, { volume: volumes.length, primary_storage: bytes });
}

/**
 * A shared network that the new owner may use, too, stays with its address; otherwise the owner's only
 * isolated network takes the VM (updateAdvancedTypeNetworkForVm).
 */
function plannedNics(
  world: World,
  vm: VmRow,
  owner: AccountRow,
  { networkids = [], securitygroupids = [] }: AssignmentArguments,
): readonly NicPlan[] {
  if (securitygroupids.length > 0) {
    throw invalidParameter('security group feature is not enabled in this zone.');
  }
  for (const network of networkids) assertMayUseNetwork(world, owner, network);
  const networks =
    networkids.length > 0
      ? [...new Set(networkids)]
      : [keptNetwork(world, vm) ?? onlyNetwork(world, vm, owner)];
  const nics = networks.map((network) => ({
    network,
    ipAddress: keptAddress(world, vm, network),
    macAddress: undefined,
  }));
  for (const { network } of nics) assertHasAddress(world, vm, network);
  const entered = networks.filter((network) => !isIn(world, vm, network));
  // CloudStack does not look at names here, and starts what it has called alike.
  assertNameFree(world, vm.name, entered);
  return nics;
}

function keptNetwork(world: World, vm: VmRow): NetworkRow | undefined {
  const nic = nicsOf(world, vm.id).find(({ isDefault }) => isDefault);
  if (nic === undefined) return undefined;
  const network = world.networks.require(nic.networkId);
  return network.aclType === 'Domain' && network.type !== 'Isolated' ? network : undefined;
}

function onlyNetwork(world: World, vm: VmRow, owner: AccountRow): NetworkRow {
  const own = isolatedNetworks(world, owner, vm.zoneId);
  if (own[0] === undefined) return newNetwork(world, owner, world.zones.require(vm.zoneId));
  if (own.length === 1) return own[0];
  throw invalidParameter('More than one default isolated network has been found.');
}

function keptAddress(world: World, vm: VmRow, network: NetworkRow): string | undefined {
  if (network.type !== 'Shared' || network.aclType !== 'Domain') return undefined;
  const nic = nicsOf(world, vm.id).find(({ networkId }) => networkId === network.id);
  return nic?.ipAddress ?? undefined;
}

function isIn(world: World, vm: VmRow, network: NetworkRow): boolean {
  return nicsOf(world, vm.id).some(({ networkId }) => networkId === network.id);
}

function assertHasAddress(world: World, vm: VmRow, network: NetworkRow): void {
  const hasOne = network.type === 'L2' || isIn(world, vm, network);
  if (hasOne || countFreeAddresses(world, network) > 0) return;
  throw cloudRuntime('Unable to update networks: there is no address left.');
}
