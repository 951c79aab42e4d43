import {
  booleanField,
  dateField,
  integerField,
  longField,
  mapField,
  responseObject,
  stringField,
  type Field,
} from '../../declare/response.js';
import { totalOfHost, usedOfHost } from '../../world/compute/capacity.js';
import type { HostRow, Hypervisor } from '../../world/entities.js';
import { managementServer } from '../../world/management-servers.js';
import { isLocalStorageActive } from '../../world/storage/local-storage.js';
import { percentText } from '../capacity/capacity-response.js';
import { HOST_ARCHITECTURE } from './architecture.js';

/** How much of a host a list shows (HostDetails); `all` unless asked for less. */
export type HostDetail = 'all' | 'capacity' | 'events' | 'stats' | 'min';

export const hostDetails: readonly HostDetail[] = ['all', 'capacity', 'events', 'stats', 'min'];

/** One host as a list shows it. */
export interface ShownHost {
  readonly host: HostRow;
  readonly details: readonly HostDetail[];
  /** Whether a VM can move there, where that was asked. */
  readonly suitable?: boolean;
  /** Whether the volumes of that VM have to move there with it. */
  readonly movesStorage?: boolean;
}

/** A host with all that there is to tell. */
export function wholeHost(host: HostRow): ShownHost {
  return { host, details: ['all'] };
}

type Getter<Value> = (host: HostRow, view: Parameters<Field<HostRow>['value']>[1]) => Value;

/** Fields that only some of the details have. */
function shownWith(details: readonly HostDetail[], field: Field<HostRow>): Field<ShownHost> {
  return {
    ...field,
    value: (row, view) =>
      row.details.some((detail) => detail === 'all' || details.includes(detail))
        ? field.value(row.host, view)
        : undefined,
  };
}

function always(field: Field<HostRow>): Field<ShownHost> {
  return { ...field, value: (row, view) => field.value(row.host, view) };
}

const beyondMin = (field: Field<HostRow>): Field<ShownHost> =>
  shownWith(['capacity', 'stats', 'events'], field);
const ofCapacity = (field: Field<HostRow>): Field<ShownHost> => shownWith(['capacity'], field);
const ofStatistics = (field: Field<HostRow>): Field<ShownHost> => shownWith(['stats'], field);

const cpuShare: Getter<string> = (host, { world }) =>
  allocatedText(usedOfHost(world, host).mhz, totalOfHost(world, host).mhz);
const memoryAllocated: Getter<number> = (host, { world }) => usedOfHost(world, host).bytes;

/** HostResponse (HostJoinDaoImpl.setNewHostResponseBase); guests here use no more than they have. */
export const hostResponse = responseObject<ShownHost>('host', {
  id: always(stringField((host) => host.id)),
  name: always(stringField((host) => host.name)),
  state: always(stringField((host) => (host.up ? 'Up' : 'Down'))),
  type: always(stringField(() => 'Routing')),
  ipaddress: always(stringField((host) => host.ipAddress)),
  zoneid: always(stringField((host) => host.zoneId)),
  zonename: beyondMin(stringField((host, { world }) => world.zones.require(host.zoneId).name)),
  podid: always(stringField((host) => host.podId)),
  podname: beyondMin(stringField((host, { world }) => world.pods.require(host.podId).name)),
  version: always(stringField((_host, { world }) => world.settings.get('cloudstack.version'))),
  hypervisor: always(
    stringField((host, { world }) => world.clusters.require(host.clusterId).hypervisor),
  ),
  hypervisorversion: ofCapacity(stringField((host) => host.hypervisorVersion)),
  cpusockets: always(integerField(() => 1)),
  cpunumber: always(integerField((host) => host.cpuCores)),
  cpuspeed: always(longField((host) => host.cpuMhz)),
  cpuallocated: ofCapacity(stringField(cpuShare)),
  cpuallocatedvalue: ofCapacity(longField((host, { world }) => usedOfHost(world, host).mhz)),
  cpuallocatedpercentage: ofCapacity(stringField(cpuShare)),
  cpuallocatedwithoverprovisioning: ofCapacity(stringField(cpuShare)),
  cpuused: ofStatistics(stringField(() => '0%')),
  cpuwithoverprovisioning: ofCapacity(
    stringField((host, { world }) => String(totalOfHost(world, host).mhz)),
  ),
  networkkbsread: ofStatistics(longField(() => 0)),
  networkkbswrite: ofStatistics(longField(() => 0)),
  memorytotal: ofCapacity(longField((host, { world }) => totalOfHost(world, host).bytes)),
  memorywithoverprovisioning: ofCapacity(
    stringField((host, { world }) => String(totalOfHost(world, host).bytes)),
  ),
  memoryallocated: ofCapacity(longField(memoryAllocated)),
  memoryallocatedpercentage: ofCapacity(
    stringField((host, view) =>
      allocatedText(memoryAllocated(host, view), totalOfHost(view.world, host).bytes),
    ),
  ),
  memoryallocatedbytes: ofCapacity(longField(memoryAllocated)),
  memoryused: ofStatistics(longField(memoryAllocated)),
  capabilities: always(
    stringField(
      (host, { world }) => capabilities[world.clusters.require(host.clusterId).hypervisor],
    ),
  ),
  lastpinged: always(dateField((host, { world }) => (host.up ? world.kernel.nowMs : null))),
  clusterid: always(stringField((host) => host.clusterId)),
  clustername: beyondMin(
    stringField((host, { world }) => world.clusters.require(host.clusterId).name),
  ),
  clustertype: beyondMin(stringField(() => 'CloudManaged')),
  managementserverid: always(
    stringField((host, { world }) => (host.up ? managementServer(world).id : null)),
  ),
  islocalstorageactive: always(
    booleanField((host, { world }) => isLocalStorageActive(world, host)),
  ),
  created: always(dateField((host) => host.createdMs)),
  events: shownWith(
    ['events'],
    stringField((host) => eventsOf(host).join('; ')),
  ),
  hosttags: ofCapacity(stringField((host) => tagText(host))),
  explicithosttags: ofCapacity(stringField((host) => tagText(host))),
  istagarule: ofCapacity(booleanField(() => false)),
  resourcestate: always(stringField((host) => host.state)),
  suitableformigration: booleanField(({ suitable }) => suitable),
  details: shownWith([], mapField(onKvm(() => ({})))),
  encryptionsupported: shownWith([], booleanField(onKvm(() => true))),
  instanceconversionsupported: shownWith([], booleanField(onKvm(() => false))),
  hahost: ofCapacity(booleanField(() => false)),
  ueficapability: always(booleanField(() => false)),
  arch: ofCapacity(stringField(() => HOST_ARCHITECTURE)),
});

/** Only KVM's hosts tell of themselves; these tell nothing beyond what is left out when false. */
function onKvm<Value>(value: () => Value): Getter<Value | null> {
  return (host, { world }) =>
    world.clusters.require(host.clusterId).hypervisor === 'KVM' ? value() : null;
}

/** What the agents of each hypervisor report of themselves. */
const capabilities: Readonly<Record<Hypervisor, string>> = {
  KVM: 'hvm,snapshot',
  XenServer: 'xen-3.0-x86_64 , xen-3.0-x86_32p , hvm-3.0-x86_32 , hvm-3.0-x86_32p , hvm-3.0-x86_64',
  VMware: 'hvm',
};

/** What can happen to a host that is up, and to one that is down (com.cloud.host.Status). */
function eventsOf({ up }: HostRow): readonly string[] {
  return up
    ? [
        'PingTimeout',
        'AgentDisconnected',
        'ShutdownRequested',
        'HostDown',
        'Ping',
        'AgentConnected',
        'ManagementServerDown',
        'StartAgentRebalance',
        'Remove',
      ]
    : [
        'ShutdownRequested',
        'AgentConnected',
        'Remove',
        'ManagementServerDown',
        'AgentDisconnected',
        'PingTimeout',
        'HostDown',
      ];
}

function tagText({ tags }: HostRow): string | null {
  return tags.length === 0 ? null : tags.join(',');
}

/** A share in percent (HostJoinDaoImpl.calculateResourceAllocatedPercentage). */
function allocatedText(used: number, total: number): string {
  return used === 0 || total === 0 ? '0.00%' : `${percentText(used / total)}%`;
}
