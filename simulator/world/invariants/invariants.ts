import type { HostRow, TagRow, VmRow } from '../entities.js';
import { findEntity } from '../entity-lookup.js';
import { affinity, keyPairs } from './invariants-of-groups.js';
import { jobs } from './job-invariants.js';
import { internalIds, operations } from './operation-invariants.js';
import { repeated } from '../repeated.js';
import {
  ipv6Networks,
  loadBalancerMembers,
  loadBalancerRules,
  publicIps,
  vlanRanges,
} from './network-invariants.js';
import { portRules } from './port-rule-invariants.js';
import { routers } from './router-invariants.js';
import {
  guestDevices,
  preparedTemplateOwners,
  snapshotStates,
  templatesInStores,
  volumeImageOwners,
  volumeStates,
} from './storage-invariants.js';
import { sizes, sums } from './sum-invariants.js';
import { networkAcls, tiers, vpcAddresses, vpcs } from './vpc-invariants.js';
import { vmSnapshots } from './vm-snapshot-invariants.js';
import { takenByVm } from '../compute/occupancy.js';
import { hasOwnFactors, overprovisioningOf } from '../compute/overprovisioning.js';
import { isInReach } from '../storage/storage-pools.js';
import type { BaseRow } from '../base-row.js';
import { isGone } from '../table.js';
import { isDestroyed, isOnPool, volumesOf } from '../storage/volumes.js';
import { taggable } from '../tags.js';
import type { World } from '../world.js';

/** Something that is true of every world; answers a sentence for each violation. */
export type Invariant = (world: World) => string[];

/** What is true of several kinds of rows together, each by what the world tells it alone. */
export const invariants: readonly Invariant[] = [
  addresses,
  names,
  attachments,
  hosts,
  runningVms,
  volumeStates,
  guestDevices,
  volumeImageOwners,
  preparedTemplateOwners,
  templatesInStores,
  snapshotStates,
  sizes,
  vmSnapshots,
  jobs,
  defaultNics,
  operations,
  references,
  publicIps,
  loadBalancerRules,
  loadBalancerMembers,
  vlanRanges,
  ipv6Networks,
  portRules,
  vpcs,
  tiers,
  vpcAddresses,
  networkAcls,
  routers,
  affinity,
  keyPairs,
];

/**
 * What is true of every world between two changes, whatever requests came and whatever failed. Each
 * violation is a sentence that names the rows by their ids; an empty list is a sound world.
 */
export function checkInvariants(world: World): string[] {
  return [
    ...invariants.flatMap((invariant) => invariant(world)),
    ...world.tables.flatMap((table) => [...sums(table), ...internalIds(table)]),
  ];
}

/** An address belongs to one NIC of its network, first or second: also while its VM is Destroyed, or in Error. */
function addresses({ nics, nicSecondaryIps }: World): string[] {
  const own = nics.all().filter((nic) => nic.ipAddress !== null);
  const held = [...own, ...nicSecondaryIps.all().map((row) => ({ ...row, id: row.nicId }))];
  return [
    ...repeated(held, (nic) => `${nic.networkId} ${nic.ipAddress ?? ''}`).map(
      ([nic, other]) =>
        `NICs ${nic.id} and ${other.id} both hold ${nic.ipAddress ?? ''} in network ${nic.networkId}`,
    ),
    ...nicSecondaryIps
      .all()
      .filter((row) => isGone(nics.get(row.nicId)))
      .map(
        (row) => `address ${row.ipAddress} is a second one of NIC ${row.nicId}, which is removed`,
      ),
  ];
}

/** A name is taken in a network as long as its VM has a NIC there. */
function names({ nics, vms }: World): string[] {
  const named = nics.all().flatMap((nic) => {
    const vm = vms.get(nic.vmId);
    return vm === undefined ? [] : [{ id: vm.id, name: vm.name, networkId: nic.networkId }];
  });
  return repeated(named, (row) => `${row.networkId} ${row.name}`)
    .filter(([vm, other]) => vm.id !== other.id)
    .map(
      ([vm, other]) =>
        `VMs ${vm.id} and ${other.id} are both called ${vm.name} in network ${vm.networkId}`,
    );
}

/** Of the NICs of a VM one is the default one, and each has a device id of its own. */
function defaultNics(world: World): string[] {
  return world.vms.all().flatMap((vm) => {
    const nics = world.nics.where('vmId', vm.id);
    const defaults = nics.filter((nic) => nic.isDefault).length;
    return [
      ...(nics.length === 0 || defaults === 1 ? [] : [`VM ${vm.id} has ${defaults} default NICs`]),
      ...repeated(nics, (nic) => String(nic.deviceId)).map(
        ([nic, other]) => `NICs ${nic.id} and ${other.id} are both device ${nic.deviceId}`,
      ),
    ];
  });
}

function attachments(world: World): string[] {
  return world.vms.all().flatMap((vm) => {
    const attached = volumesOf(world, vm.id).filter((volume) => !isDestroyed(volume));
    const roots = attached.filter((volume) => volume.type === 'ROOT');
    return [
      ...repeated(attached, (volume) => String(volume.deviceId)).map(
        ([volume, other]) =>
          `volumes ${volume.id} and ${other.id} are both device ${volume.deviceId ?? 'none'} of VM ${vm.id}`,
      ),
      ...(roots.length > 1
        ? [`VM ${vm.id} has more than one root volume: ${idsOf(roots).join(', ')}`]
        : []),
    ];
  });
}

/**
 * CloudStack never fills a host above its capacity; but one whose cluster was given other factors may
 * be too full by the new ones.
 */
function hosts(world: World): string[] {
  return world.hosts.all().flatMap((host) => {
    if (hasOwnFactors(world, host.clusterId)) return [];
    const guests = [
      ...world.vms.where('hostId', host.id).filter((vm) => vm.state !== 'Migrating'),
      ...world.vms.where('destinationHostId', host.id),
    ];
    const today = overprovisioningOf(world, host.clusterId);
    const taken = guests.map((vm) => takenByVm(vm, today));
    return [
      ...over(
        `host ${host.id} gives`,
        sum(taken.map(({ mhz }) => mhz)),
        host.cpuCores * host.cpuMhz,
        'MHz',
      ),
      ...over(`host ${host.id} gives`, sum(taken.map(({ mib }) => mib)), host.memoryMib, 'MiB'),
    ];
  });
}

function runningVms(world: World): string[] {
  return world.vms.all().flatMap((vm) => {
    const host = vm.hostId === null ? undefined : world.hosts.get(vm.hostId);
    if (OFF_HOST.has(vm.state)) {
      return vm.hostId === null ? [] : [`VM ${vm.id} is ${vm.state} and has host ${vm.hostId}`];
    }
    if (vm.state !== 'Running') return [];
    if (host === undefined) return [`VM ${vm.id} is Running without a host`];
    return [
      ...(host.up ? [] : [`VM ${vm.id} is Running on host ${host.id}, which is down`]),
      ...disksOfRunningVm(world, vm, host),
    ];
  });
}

const OFF_HOST: ReadonlySet<string> = new Set(['Stopped', 'Destroyed', 'Expunging', 'Error']);

function disksOfRunningVm(world: World, vm: VmRow, host: HostRow): string[] {
  const disks = volumesOf(world, vm.id).filter((volume) => !isDestroyed(volume));
  const rootless = !disks.some((volume) => volume.type === 'ROOT');
  return [
    ...(rootless ? [`VM ${vm.id} is Running without a root volume`] : []),
    ...disks.flatMap((volume) => {
      if (!isOnPool(volume)) {
        return [`volume ${volume.id} of the Running VM ${vm.id} is ${volume.state}`];
      }
      const pool = volume.poolId === null ? undefined : world.storagePools.get(volume.poolId);
      if (pool !== undefined && isInReach(pool, host)) return [];
      return [`host ${host.id} of VM ${vm.id} does not reach the pool of volume ${volume.id}`];
    }),
  ];
}

/** What belongs to a VM or another resource goes with it, or before it. */
function references(world: World): string[] {
  return [
    ...world.nics
      .all()
      .filter((nic) => isGone(world.vms.get(nic.vmId)))
      .map((nic) => `NIC ${nic.id} belongs to VM ${nic.vmId}, which is removed`),
    ...world.nics
      .all()
      .filter((nic) => isGone(world.networks.get(nic.networkId)))
      .map((nic) => `NIC ${nic.id} belongs to network ${nic.networkId}, which is removed`),
    ...world.volumes
      .all()
      .filter((volume) => volume.vmId !== null && isGone(world.vms.get(volume.vmId)))
      .map((volume) => `volume ${volume.id} belongs to VM ${volume.vmId ?? ''}, which is removed`),
    ...world.tags
      .all()
      .filter((tag) => hasWrongTag(world, tag))
      .map((tag) => `tag ${tag.id} belongs to ${tag.resourceId}, which is removed`),
  ];
}

/** Tags outlive accounts and users: nobody calls ResourceTagDao.removeByIdAndType for these. */
function hasWrongTag(world: World, { resourceType, resourceId }: TagRow): boolean {
  const name = taggable[resourceType];
  const row = name === undefined || name === null ? undefined : findEntity(world, name, resourceId);
  return name === 'account' || name === 'user' ? row === undefined : isGone(row);
}

function over(what: string, used: number, limit: number, unit: string): string[] {
  return used >= 0 && used <= limit ? [] : [`${what} ${used} of ${limit} ${unit}`];
}

function idsOf(rows: readonly BaseRow[]): string[] {
  return rows.map((row) => row.id);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
