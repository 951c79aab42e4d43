import {
  flag,
  integer,
  object,
  objectList,
  oneOfInAnyCase,
  optional,
  port,
  required,
  text,
  textList,
  textOrNumber,
  withDefault,
  type ValuesOf,
} from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { JsonObject } from '../../protocol/json-value.js';
import { maxMib } from '../call/argument.js';
import type { Call } from '../call/call.js';
import { checkCloudProperties } from './check-cloud-properties.js';

/** cloud_properties of VM types, VM extensions, AZs and resource pools. */
export const vmProperties = {
  compute_offering: optional(text, {
    description:
      'Compute offering, by name or id. Required but with `host_tags` or `storage_tags`, which can ' +
      'choose one.',
    example: 'm1.small',
  }),
  host_tags: optional(textList, {
    description:
      'Host tags that the compute offering must have, all of them: only hosts with its tags take the ' +
      'VM. Without `compute_offering` the smallest one with these tags is taken that gives `cpu` and ' +
      '`ram`.',
    example: ['gpu'],
  }),
  storage_tags: optional(textList, {
    description:
      'Storage tags that the offerings of the root disk and of the ephemeral disk must have, all of ' +
      'them; the compute offering is chosen by them, too, where none is named.',
    example: ['ssd'],
  }),
  cpu: optional(integer('CPUs', { min: 1, max: 1024 }), {
    description: 'CPUs; for custom compute offerings, where it is required.',
    example: 2,
  }),
  ram: optional(integer('MiB', { min: 1, max: maxMib }), {
    description: 'Memory in MiB; for custom compute offerings, where it is required.',
    example: 4096,
  }),
  cpu_speed: optional(integer('MHz', { min: 1, max: 100_000 }), {
    description: 'CPU speed in MHz; for custom compute offerings that do not fix it.',
    example: 2000,
  }),
  root_disk_size: optional(integer('MiB', { min: 1, max: maxMib }), {
    description: 'Size of the root disk in MiB, rounded up to whole GiB.',
    example: 10_240,
  }),
  disk: optional(integer('MiB', { min: 0, max: maxMib }), {
    description: 'Size of the ephemeral disk in MiB, rounded up to whole GiB; 0 means none.',
    example: 20_480,
  }),
  ephemeral_disk_offering: optional(text, {
    description: 'Disk offering of the ephemeral disk, by name or id.',
    example: 'ephemeral',
  }),
  key_name: optional(text, {
    description:
      'SSH key pair of the VM, known to CloudStack; without it the VM gets ' +
      '`cloudstack.default_key_name`.',
    example: 'bosh',
  }),
  affinity_group: optional(text, {
    description:
      'Affinity group of the VM, by its exact name; made if there is none, and deleted when the ' +
      'last VM of a group that the CPI made is deleted.',
    example: 'web-servers',
  }),
  affinity_group_type: optional(text, {
    description:
      'Type of that group, `host anti-affinity` unless given: `host affinity`, ' +
      '`host anti-affinity`, and from CloudStack 4.18 on each with `non-strict` before it. A group ' +
      'of this name and another type is an error.',
    example: 'non-strict host anti-affinity',
  }),
  lbs: optional(objectList, {
    description:
      'Load balancer rules that the VM is put behind once it runs, and taken out of before it is ' +
      'deleted; see below for what each entry holds.',
    example: [{ name: 'web', public_port: 443, private_port: 8443 }],
  }),
  routes: optional(object, {
    description:
      'Routes of the VM besides those of its networks: by the name of a BOSH network a list of ' +
      '`cidr` (IPv4) and `gateway`, which is that of the network unless given; for dynamic networks ' +
      'it must be.',
    example: { private: [{ cidr: '10.20.0.0/16', gateway: '10.0.1.1' }] },
  }),
  security_groups: optional(textList, {
    description:
      'Security groups of the VM, all by name or all by id, instead of those of its networks; for ' +
      'zones and networks that have security groups.',
    example: ['bosh', 'web'],
  }),
  zone: optional(text, {
    description: 'Zone of the VM, by name or id.',
    example: 'zone1',
  }),
  availability_zone: optional(text, {
    description: 'The same as `zone`, which wins.',
    example: 'zone1',
  }),
};

/** An entry of `lbs`. */
export const loadBalancerProperties = {
  name: required(text, {
    description:
      'Load balancer rule in a network of the VM, by its exact name. If there is none it is made, ' +
      'and deleted with the last VM behind it; rules that others made, other Directors too, stay.',
    example: 'web',
  }),
  public_port: optional(port, {
    description:
      'Port of the public address. Needed to make a rule, and to tell rules of one name apart.',
    example: 443,
  }),
  private_port: optional(port, {
    description: 'Port of the VMs. Needed to make a rule; a rule with another one is an error.',
    example: 8443,
  }),
  algorithm: optional(oneOfInAnyCase('roundrobin', 'leastconn', 'source'), {
    description:
      'How a new rule shares connections out; `roundrobin` unless given. A rule that does it ' +
      'otherwise is used as it is, with a warning.',
    example: 'leastconn',
  }),
  public_ip: optional(text, {
    description:
      'Public address of the rule, one that the account holds for a network of the VM; for a new ' +
      'rule, unless given, the source NAT address of the network with the default gateway.',
    example: '203.0.113.20',
  }),
  open_firewall: optional(flag, {
    description:
      'Whether a new rule also opens its port in the firewall; CloudStack does unless told false.',
    example: true,
  }),
};

/** cloud_properties of disk types. */
export const diskProperties = {
  disk_offering: optional(text, {
    description: 'Disk offering, by name or id.',
    example: 'shared.custom',
  }),
  storage_tags: optional(textList, {
    description:
      'Storage tags that the disk offering must have, all of them: only storage with its tags takes ' +
      'the disk. Where no disk offering is named, a custom one with these tags is taken, or else the ' +
      'smallest that is large enough, before `cloudstack.default_disk_offering` is.',
    example: ['ssd'],
  }),
  name: optional(text, {
    description: 'Name that the Director gives a dynamic disk; it becomes a tag of the volume.',
    example: 'my-disk',
  }),
};

/** cloud_properties of manual and dynamic networks. */
export const networkProperties = {
  name: required(text, {
    description: 'Guest network, by name or id.',
    example: 'NET_CS',
  }),
  vpc: optional(text, {
    description:
      'VPC whose tier the network is, by name or id; needed where several VPCs have a tier of the ' +
      'name.',
    example: 'production',
  }),
  security_groups: optional(textList, {
    description:
      'Security groups of VMs in the network, all by name or all by id, unless those of the VM are ' +
      'given; of several networks, all of them.',
    example: ['bosh'],
  }),
  parking: optional(text, {
    description:
      'Range of addresses that delete_vm may move a NIC to before it destroys the VM, so that the ' +
      'address of the VM is free at once: CloudStack keeps that of a destroyed VM until it is ' +
      'expunged. Only used where the account may not expunge. Reserve it in BOSH; unless given, ' +
      'the highest free address is taken.',
    example: '10.0.1.200-10.0.1.250',
  }),
  undiscoverable: withDefault(flag, false, {
    description:
      'Whether the network serves no user data. The first NIC of a VM, by which its agent finds its ' +
      'settings and which is the default one for CloudStack, is then in another network, also if ' +
      'this one has the default gateway.',
    example: true,
  }),
};

/** cloud_properties of vip networks. */
export const vipProperties = {
  port_forwarding: optional(objectList, {
    description:
      'Ports of the address that lead to the VM, instead of all of it by static NAT, so that VMs ' +
      'can share one; see below for what each entry holds. The account must hold the address.',
    example: [{ public_port: 2222, private_port: 22 }],
  }),
  name: optional(text, {
    description:
      'Guest network whose NIC the address leads to, by name or id; unless given, that for which ' +
      'the account holds the address, or the one with the default gateway. `nic_group` wins.',
    example: 'NET_CS',
  }),
};

/** An entry of `port_forwarding`. */
export const forwardingProperties = {
  public_port: required(port, {
    description: 'Port of the public address.',
    example: 2222,
  }),
  private_port: optional(port, {
    description: 'Port of the VM; the same as `public_port` unless given.',
    example: 22,
  }),
  protocol: withDefault(oneOfInAnyCase('tcp', 'udp'), 'tcp', {
    description: 'Protocol of both.',
    example: 'udp',
  }),
  open_firewall: optional(flag, {
    description:
      'Whether the firewall of the address is opened for the port; CloudStack does unless told ' +
      'false, except in VPCs, which have ACLs instead.',
    example: false,
  }),
};

/** cloud_properties of subnets of managed networks, which the CPI creates. */
export const managedNetworkProperties = {
  network_offering: required(text, {
    description: 'Network offering of an isolated network or of a tier of a VPC, by name or id.',
    example: 'DefaultIsolatedNetworkOfferingWithSourceNatService',
  }),
  vpc: optional(text, {
    description: 'VPC that the network becomes a tier of, by name or id.',
    example: 'production',
  }),
  acl: optional(text, {
    description:
      'Network ACL list of the tier, by name or id, such as `default_allow`; a tier without one lets ' +
      'nothing in.',
    example: 'default_allow',
  }),
  vlan: optional(textOrNumber, {
    description:
      'VLAN of the network, for network offerings that want one named; CloudStack takes it from ' +
      'root admins only. With other offerings it has no effect.',
    example: '666',
  }),
  zone: optional(text, {
    description: 'Zone of the network, by name or id.',
    example: 'zone1',
  }),
  availability_zone: optional(text, {
    description: 'The same as `zone`, which wins.',
    example: 'zone1',
  }),
};

/**
 * Checks cloud_properties against their table. Unknown keys are logged with the nearest known
 * name, because manifests carry properties for other CPIs; `strict_properties` refuses them.
 *
 * @throws BoshError of type CpiError that names every problem.
 */
export function readCloudProperties<Table extends object>(
  call: Call,
  table: Table,
  given: JsonObject,
  owner: string,
): ValuesOf<Table> {
  const { values, problem, ignored } = checkCloudProperties(call, table, given, owner);
  ignored.forEach((line) => call.log(line));
  if (problem !== undefined) throw new BoshError('CpiError', problem);
  return values;
}
