import { accountSetting } from '../../world/settings/configurations.js';
import { isAdmin, isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import {
  contains,
  hasAnyTag,
  idsWithAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, flag, text, textList } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { affinityGroupsOf } from '../../world/compute/affinity-groups.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { HostRow, VmRow, VpcRow } from '../../world/entities.js';
import { isHypervisorType } from '../../world/compute/hypervisor-types.js';
import { pollJobsAbout } from '../../world/jobs.js';
import { nicsOf } from '../../world/network/nics.js';
import { assertIdOrIds, rowsAskedFor } from '../../world/rows-asked-for.js';
import { KEY_PAIR_NAMES_DETAIL } from '../../world/identity/ssh-keys.js';
import { staticNatAddressesOf } from '../../world/network/static-nat.js';
import type { VmState } from '../../world/states/virtual-machine.js';
import { isDestroyedVm } from '../../world/compute/virtual-machines.js';
import { volumesOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import {
  detailLevels,
  listedVmResponse,
  type DetailLevel,
  type ListedVm,
} from './listed-vm-response.js';

const parameters = {
  id: entity('virtualmachine'),
  ids: entityList('virtualmachine', { since: '4.4' }),
  name: text(),
  state: text(),
  zoneid: entity('zone'),
  networkid: entity('network'),
  vpcid: entity('vpc'),
  hypervisor: text(),
  details: textList(),
  templateid: entity('template'),
  affinitygroupid: entity('affinitygroup'),
  keypair: text(),
  serviceofferingid: entity('serviceoffering', { since: '4.4' }),
  userid: entity('user'),
  haenable: flag({ since: '4.15' }),
  userdata: flag({ since: '4.18.0.0' }),
  userdataid: entity('userdata', { since: '4.20.1' }),
  groupid: entity('instancegroup'),
  isoid: entity('template'),
  displayvm: flag({ since: '4.4', rootOnly: true }),
  retrieveonlyresourcecount: flag(),
  arch: text({ since: '4.20.1' }),
  isvnf: flag({ since: '4.19.0' }),
  hostid: entity('host', { rootOnly: true }),
  podid: entity('pod', { rootOnly: true }),
  clusterid: entity('cluster', { rootOnly: true }),
  storageid: entity('storagepool', { rootOnly: true }),
  ...ownershipParameters,
  ...tagFilterParameters,
} as const;

type ListArguments = Arguments<typeof parameters>;

/** QueryManagerImpl.searchForUserVMs. */
export const listVirtualMachines = syncCommand({
  name: 'listVirtualMachines',
  summary: 'Lists virtual machines.',
  roles: everyRole,
  parameters,
  response: listOf<ListedVm>(listedVmResponse),
  // Of networks CloudStack looks at networkid alone; no VM has an icon, nor statistics.
  ignores: ['forvirtualnetwork', 'showicon', 'accumulate'],
  run: (context, args) => {
    const details = detailsOf(args.details);
    assertIdOrIds(args);
    assertHypervisor(args.hypervisor);
    assertArch(args.arch);
    if (args.id !== undefined) pollTransition(context.world, args.id);
    const isOwned = ownerFilter(context, args, args.id !== undefined);
    return vmsAskedFor(context.world, args, isOwned)
      .filter((vm) => isOwned(vm.accountId))
      .filter((vm) => maySee(context, vm))
      .filter((vm) => isChosen(args, vm))
      .filter((vm) => isSortedAsAsked(args, vm))
      .filter((vm) => isEquippedAsAsked(context, args, vm))
      .filter((vm) => isPlacedAsAsked(context, args, vm))
      .filter((vm) => args.keyword === undefined || matches(context, vm, args.keyword))
      .filter((vm) => hasAnyTag(context.world, vm.id, args.tags))
      .map((vm) => ({ vm, details, withUserData: args.userdata === true }));
  },
});

/** In `on-poll` mode, looking at a VM between two states moves the job that changes it. */
function pollTransition(world: World, { id, state }: VmRow): void {
  if (inTransition.includes(state)) pollJobsAbout(world, [id]);
}

const inTransition: readonly VmState[] = ['Starting', 'Stopping', 'Migrating'];

/** Those that the most particular of the filters leaves; all filters are applied to them. */
function vmsAskedFor(
  world: World,
  args: ListArguments,
  isOwned: (accountId: string) => boolean,
): VmRow[] {
  const { name, networkid: network, hostid: host, templateid: template, tags } = args;
  const having = { name, hostId: host?.id, templateId: template?.id };
  if (name !== undefined) return rowsAskedFor(world.vms, args, { having });
  const among =
    tags !== undefined
      ? idsWithAnyTag(world, tags).flatMap((id) => world.vms.get(id) ?? [])
      : network &&
        world.nics.where('networkId', network.id).map(({ vmId }) => world.vms.require(vmId));
  return rowsAskedFor(world.vms, args, { having, among, isOwned });
}

function detailsOf(names: readonly string[] | undefined): ReadonlySet<DetailLevel> {
  if (names === undefined || names.length === 0) return new Set(['all'] as const);
  return new Set(
    names.map((name) => {
      const level = detailLevels.find((candidate) => candidate === name);
      if (level !== undefined) return level;
      throw invalidParameter(
        'The details parameter contains a non permitted value. ' +
          `The allowed values are [${detailLevels.join(', ')}]`,
      );
    }),
  );
}

function assertHypervisor(hypervisor: string | undefined): void {
  if (hypervisor === undefined || isHypervisorType(hypervisor)) return;
  throw invalidParameter(`Invalid HypervisorType ${hypervisor}`);
}

function assertArch(arch: string | undefined): void {
  if (arch === undefined || arch.trim() === '') return;
  if (ARCHITECTURES.some((known) => sameName(known, arch))) return;
  throw invalidParameter(`Unsupported arch type: ${arch}`);
}

/** Those of CPUArch; all templates of this world are for the first. */
const ARCHITECTURES: readonly string[] = ['x86_64', 'i686', 'aarch64'];

/**
 * Ordinary users do not see VMs that are being destroyed, unless a setting lets them; what is hidden
 * only root admins see.
 */
function maySee({ world, caller }: CommandContext, vm: VmRow): boolean {
  if (!vm.isDisplayed && !isRootAdmin(caller)) return false;
  if (!isDestroyedVm(vm)) return true;
  return isAdmin(caller) || accountSetting(world, caller.account, 'allow.user.view.destroyed.vm');
}

function isChosen(args: ListArguments, vm: VmRow): boolean {
  return (
    (args.name === undefined || sameName(args.name, vm.name)) &&
    (args.state === undefined || isInState(vm, args.state)) &&
    (args.hypervisor === undefined || sameName(args.hypervisor, vm.hypervisor)) &&
    (args.templateid === undefined || args.templateid.id === vm.templateId) &&
    (args.serviceofferingid === undefined || args.serviceofferingid.id === vm.serviceOfferingId) &&
    (args.userid === undefined || args.userid.id === vm.userId) &&
    // No offering of this world has high availability.
    args.haenable !== true
  );
}

/** What users sort their VMs by, and what none of this world has: ISOs, other processors, VNF. */
function isSortedAsAsked(args: ListArguments, vm: VmRow): boolean {
  const { groupid: group, userdataid: userData, displayvm, arch = '' } = args;
  return (
    (group === undefined || group.id === vm.groupId) &&
    (userData === undefined || userData.id === vm.userDataId) &&
    (displayvm === undefined || displayvm === vm.isDisplayed) &&
    (arch.trim() === '' || sameName(arch, 'x86_64')) &&
    (args.isoid === undefined || args.isoid.id === vm.isoId) &&
    args.isvnf !== true
  );
}

/** `Present` is every state but the two of a VM that is being destroyed. */
function isInState(vm: VmRow, state: string): boolean {
  return sameName(state, 'Present') ? !isDestroyedVm(vm) : sameName(state, vm.state);
}

/** A VM has several key pairs; the filter takes one of them. */
function isEquippedAsAsked({ world }: CommandContext, args: ListArguments, vm: VmRow): boolean {
  const { affinitygroupid: group, keypair } = args;
  const keyPairs = (vm.details[KEY_PAIR_NAMES_DETAIL] ?? '').split(',');
  return (
    (group === undefined || affinityGroupsOf(world, vm.id).some(({ id }) => id === group.id)) &&
    (keypair === undefined || keyPairs.some((name) => sameName(name, keypair)))
  );
}

function isPlacedAsAsked({ world }: CommandContext, args: ListArguments, vm: VmRow): boolean {
  const { zoneid, networkid, vpcid, hostid, podid, clusterid, storageid } = args;
  const host = vm.hostId === null ? undefined : world.hosts.require(vm.hostId);
  return (
    (zoneid === undefined || zoneid.id === vm.zoneId) &&
    (networkid === undefined ||
      nicsOf(world, vm.id).some((nic) => nic.networkId === networkid.id)) &&
    (vpcid === undefined || isInVpc(world, vm, vpcid)) &&
    (hostid === undefined || hostid.id === host?.id) &&
    (podid === undefined || isOfPod(world, args, vm)) &&
    (clusterid === undefined ||
      clusterid.id === (vm.state === 'Stopped' ? lastHostOf(world, vm) : host)?.clusterId) &&
    (storageid === undefined ||
      volumesOf(world, vm.id).some((volume) => volume.poolId === storageid.id))
  );
}

function isInVpc(world: World, vm: VmRow, vpc: VpcRow): boolean {
  return nicsOf(world, vm.id).some(
    ({ networkId }) => world.networks.require(networkId).vpcId === vpc.id,
  );
}

/** Off its host a VM stays in its pod; a Destroyed one is shown there only if asked for by its state. */
function isOfPod(world: World, { podid, state }: ListArguments, vm: VmRow): boolean {
  if (state === undefined && vm.state === 'Destroyed') return false;
  return lastHostOf(world, vm)?.podId === podid?.id;
}

/** The host on which a VM is, or was last. */
function lastHostOf(world: World, { hostId, lastHostId }: VmRow): HostRow | undefined {
  const id = hostId ?? lastHostId;
  return id === null ? undefined : world.hosts.require(id);
}

function matches({ world, caller }: CommandContext, vm: VmRow, keyword: string): boolean {
  const texts = [
    vm.displayName,
    vm.name,
    ...(isRootAdmin(caller) ? [vm.instanceName] : []),
    ...nicsOf(world, vm.id).map((nic) => nic.ipAddress ?? ''),
    ...staticNatAddressesOf(world, vm.id).map((publicIp) => publicIp.ipAddress),
  ];
  return sameName(keyword, vm.state) || texts.some((text) => contains(text, keyword));
}
