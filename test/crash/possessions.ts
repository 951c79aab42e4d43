// What there is in a zone that somebody has to pay for or clear away, whoever may see it: all rows of
// all tables but those that are the cloud's own.
import { decodeUserData } from '../../cpi/agent/user-data.js';
import { isJsonObject } from '../../cpi/protocol/json-value.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { BaseRow } from '../../simulator/world/base-row.js';
import type {
  AffinityMemberRow,
  LoadBalancerMemberRow,
  NicRow,
  PublicIpRow,
  SshKeyPairRow,
  TagRow,
  TemplateZoneRow,
} from '../../simulator/world/entities.js';

/** What no account makes, what CloudStack makes and clears away by itself, and what only tells. */
const ofTheCloud: ReadonlySet<string> = new Set([
  ...['role', 'rolepermission', 'domain', 'account', 'user', 'project', 'projectmember', 'limit'],
  ...['zone', 'pod', 'cluster', 'host', 'storagepool', 'physicalnetwork', 'vlan'],
  ...['serviceoffering', 'diskoffering', 'networkoffering', 'vpcoffering', 'oscategory', 'ostype'],
  ...['router', 'preparedtemplate', 'snapshotstore', 'volumeimage', 'imageextract'],
  ...['configuration', 'cloudevent', 'asyncjob', 'managementserver', 'faultrule'],
]);

type Named = BaseRow & { name: string };
type Ports = BaseRow & { protocol: string };

const named = (kind: string) => (row: Named) => `${kind} ${row.name} (${row.id})`;
const ports = (kind: string) => (row: Ports) => `${kind} ${row.protocol} (${row.id})`;

/** How to tell of a row, by its table; undefined where it is nobody's. */
const words: Readonly<Record<string, (row: never) => string | undefined>> = {
  virtualmachine: named('VM'),
  volume: named('volume'),
  snapshot: named('snapshot'),
  template: named('template'),
  network: named('network'),
  affinitygroup: named('affinity group'),
  loadbalancerrule: named('load balancer rule'),
  portforwardingrule: ports('port forwarding rule'),
  firewallrule: ports('firewall rule'),
  ipforwardingrule: ports('static NAT rule'),
  publicipaddress: ({ ipAddress, state, vmId }: PublicIpRow) =>
    state === 'Free' ? undefined : `address ${ipAddress}, ${state}, VM ${String(vmId)}`,
  loadbalancermember: ({ ruleId, vmId }: LoadBalancerMemberRow) =>
    `member ${vmId} of rule ${ruleId}`,
  templatezone: ({ templateId, zoneId }: TemplateZoneRow) =>
    `image of template ${templateId} in ${zoneId}`,
  affinitygroupmember: ({ groupId, vmId }: AffinityMemberRow) =>
    `place of VM ${vmId} in group ${groupId}`,
  nic: ({ vmId, ipAddress }: NicRow) => `NIC ${String(ipAddress)} of VM ${vmId}`,
  tag: ({ resourceId, key, value }: TagRow) => `tag ${key}=${value} of ${resourceId}`,
  sshkeypair: ({ name }: SshKeyPairRow) => `key pair ${name}`,
};

/** One line for each thing, in words that stay the same as long as it does. */
export function possessionsOf({ world }: Simulator): string[] {
  return world.tables
    .filter(({ entity }) => !ofTheCloud.has(entity))
    .flatMap((table) => {
      const tell = words[table.entity] ?? ((row: BaseRow) => `${table.entity} ${row.id}`);
      return table.all().flatMap((row) => tell(row as never) ?? []);
    })
    .sort();
}

/** What leads to a VM that is destroyed: CloudStack takes it away only when it expunges the VM. */
export function leadsNowhere({ world }: Simulator): string[] {
  const { publicIps, portForwardingRules, loadBalancerMembers, vms } = world;
  return [...publicIps.all(), ...portForwardingRules.all(), ...loadBalancerMembers.all()].flatMap(
    ({ id, vmId }) =>
      vmId !== null && ['Destroyed', 'Expunging'].includes(vms.require(vmId).state)
        ? [`${id} leads to VM ${vmId}, which is destroyed`]
        : [],
  );
}

/** The persistent disks of which agents find something in the user data of their VMs. */
export function toldDisksOf({ world }: Simulator): string[] {
  return world.vms.all().flatMap(({ id, userData }) => {
    const disks = decodeUserData(userData ?? '')?.disks;
    if (!isJsonObject(disks) || !isJsonObject(disks.persistent)) return [];
    return Object.entries(disks.persistent).map(
      ([disk, hint]) => `disk ${disk} at ${JSON.stringify(hint)} in the user data of VM ${id}`,
    );
  });
}

/** What is there and was not, and what is gone. */
export function differences(before: readonly string[], now: readonly string[]): string[] {
  return [
    ...now.filter((line) => !before.includes(line)).map((line) => `left over: ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `gone: ${line}`),
  ];
}
