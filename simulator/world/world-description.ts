import { z } from 'zod';
import type { NetworkService } from './entities.js';
import { settingDeclarations, type SettingName } from './settings.js';
import { identityDescription } from './world-description-identity.js';
import { vmGroupDescription } from './world-description-vms.js';

/**
 * A world as its author writes it, in a preset or a JSON file: names instead of ids, GiB and MiB
 * instead of bytes, and only what differs from the defaults.
 */
const name = z.string().min(1);
const ipv4 = z.ipv4();
const cidr = z.cidrv4();
const tags = z.array(name).default([]);
const storageType = z
  .enum(['shared', 'local'])
  .default('shared')
  .describe('Where the disks are: on primary storage, or on the local pool of their host.');
const positive = z.number().int().positive();
const displayText = name.optional().describe('Text beside the name; the name unless given.');

const networkServices = [
  'Dhcp',
  'Dns',
  'UserData',
  'Firewall',
  'Gateway',
  'Lb',
  'SourceNat',
  'StaticNat',
  'PortForwarding',
  'Vpn',
  'NetworkACL',
] as const satisfies readonly NetworkService[];

const settingNames = Object.keys(settingDeclarations) as [SettingName, ...SettingName[]];

const host = z.strictObject({
  name: name.describe('Name of the host, unique in the world.'),
  cpuCores: positive.default(16).describe('Cores that VMs share.'),
  cpuMhz: positive.default(2_000).describe('Speed of a core.'),
  memoryMib: positive.default(65_536).describe('Memory that VMs share.'),
  tags: tags.describe('Host tags, which service offerings can ask for.'),
  localStorageGib: positive
    .optional()
    .describe("Size of the host's local pool; without it the host has none."),
});

const storagePool = z.strictObject({
  name: name.describe('Name of the pool, unique in the world.'),
  sizeGib: positive.describe('Size of the pool.'),
  tags: tags.describe('Storage tags, which offerings can ask for.'),
});

const hypervisor = z.enum(['KVM', 'XenServer', 'VMware']).default('KVM');

const cluster = z.strictObject({
  name: name.describe('Name of the cluster, unique in the world.'),
  hypervisor: hypervisor.describe('What runs on its hosts.'),
  hosts: z.array(host).min(1).describe('Where VMs run.'),
  pools: z.array(storagePool).default([]).describe('Primary storage of this cluster.'),
});

const pod = z.strictObject({
  name: name.describe('Name of the pod, unique in the world.'),
  clusters: z.array(cluster).min(1).describe('Its clusters.'),
});

const network = z.strictObject({
  name: name.describe('Name of the network, unique in its zone.'),
  type: z
    .enum(['Isolated', 'Shared', 'L2'])
    .describe('Isolated: behind a router of its own. Shared: used by all. L2: without addresses.'),
  account: name.describe('The account that owns it; shared networks belong to the root admin.'),
  cidr: cidr
    .optional()
    .describe("Its subnet; the zone's guestCidr unless given. An L2 network has none."),
  gateway: ipv4.optional().describe('Its router; the first address of the subnet unless given.'),
  startIp: ipv4.optional().describe('First address for VMs; shared networks only, needed there.'),
  endIp: ipv4.optional().describe('Last address for VMs; shared networks only, needed there.'),
  offering: name
    .optional()
    .describe("Its network offering; CloudStack's default one of its type unless given."),
});

const publicRange = z.strictObject({
  startIp: ipv4.describe('First public address.'),
  endIp: ipv4.describe('Last public address.'),
  gateway: ipv4.describe('Gateway of the range.'),
  netmask: ipv4.describe('Netmask of the range.'),
});

const zone = z.strictObject({
  name: name.describe('Name of the zone.'),
  localStorage: z.boolean().default(true).describe('Whether VMs may use local storage.'),
  dns1: ipv4.default('8.8.8.8').describe('Name server for VMs.'),
  internalDns1: ipv4.default('10.0.0.53').describe("Name server for the zone's own machines."),
  guestCidr: cidr
    .default('10.1.1.0/24')
    .describe('Subnet of isolated networks that do not say their own.'),
  pods: z.array(pod).min(1).describe('Its pods.'),
  pools: z.array(storagePool).default([]).describe('Primary storage of the whole zone.'),
  publicRanges: z.array(publicRange).default([]).describe('Public addresses for static NAT.'),
  networks: z.array(network).default([]).describe('Its guest networks.'),
});

const constraints = z.strictObject({
  minCpuNumber: positive.describe('Fewest cores.'),
  maxCpuNumber: positive.describe('Most cores.'),
  minMemoryMib: positive.describe('Least memory.'),
  maxMemoryMib: positive.describe('Most memory.'),
});

const serviceOffering = z.strictObject({
  name: name.describe('Name of the offering.'),
  displayText,
  cpuNumber: positive
    .optional()
    .describe('Cores of a VM. A custom offering has neither this nor cpuMhz nor memoryMib.'),
  cpuMhz: positive.optional().describe('Speed of a core.'),
  memoryMib: positive.optional().describe('Memory of a VM.'),
  constraints: constraints
    .optional()
    .describe('What deployers may choose in a custom offering that has cpuMhz and nothing else.'),
  storageType,
  rootDiskSizeGib: positive
    .optional()
    .describe("Size of the root disk; the template's unless given."),
  hostTags: tags.describe('Tags that a host must have.'),
  storageTags: tags.describe('Tags that a pool must have.'),
});

const diskOffering = z.strictObject({
  name: name.describe('Name of the offering.'),
  displayText,
  sizeGib: positive.optional().describe('Size of a disk; a custom offering has none.'),
  sizeStrictness: z.boolean().default(false).describe('Whether its volumes cannot be resized.'),
  storageType,
  storageTags: tags.describe('Tags that a pool must have.'),
});

const networkOffering = z.strictObject({
  name: name.describe('Name of the offering.'),
  displayText,
  guestIpType: z.enum(['Isolated', 'Shared', 'L2']).describe('The type of its networks.'),
  specifyVlan: z
    .boolean()
    .optional()
    .describe('Whether the creator of a network chooses its VLAN; true for Shared unless given.'),
  specifyIpRanges: z
    .boolean()
    .optional()
    .describe('Whether the creator chooses the addresses; true for Shared unless given.'),
  availability: z
    .enum(['Required', 'Optional'])
    .default('Optional')
    .describe('Required for the one that CloudStack takes by itself.'),
  conserveMode: z
    .boolean()
    .default(true)
    .describe('Whether one public address may serve several services at once.'),
  forVpc: z.boolean().default(false).describe('Whether it is for the tiers of a VPC.'),
  services: z
    .array(z.enum(networkServices))
    .optional()
    .describe("What its networks do for VMs; as CloudStack's default offering of the type."),
  enabled: z.boolean().default(true).describe('Whether networks can be created from it.'),
});

const template = z.strictObject({
  name: name.describe('Name of the template.'),
  zone: name.describe('The zone that has it.'),
  account: name.describe('The account that owns it.'),
  format: z.enum(['QCOW2', 'RAW', 'VHD', 'OVA']).default('QCOW2').describe('Format of the image.'),
  hypervisor: hypervisor.describe('What it runs on.'),
  osType: name.default('Other PV (64-bit)').describe('One of the osTypes of the world.'),
  sizeGib: positive.default(5).describe('Virtual size of the image.'),
  isPublic: z.boolean().default(true).describe('Whether every account may use it.'),
});

export const worldDescription = z.strictObject({
  startTime: z.iso
    .datetime()
    .default('2026-01-01T00:00:00Z')
    .describe("World time at the start; the clock mode real begins with the host's instead."),
  settings: z
    .partialRecord(z.enum(settingNames), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Settings that differ from their defaults, by name; settings.md lists them.'),
  ...identityDescription,
  zones: z.array(zone).min(1).describe('The zones.'),
  serviceOfferings: z.array(serviceOffering).default([]).describe('Sizes that VMs can have.'),
  diskOfferings: z.array(diskOffering).default([]).describe('Kinds of volumes.'),
  networkOfferings: z
    .array(networkOffering)
    .default([])
    .describe("Kinds of networks, besides CloudStack's default ones."),
  osTypes: z
    .array(name)
    .default(['Other PV (64-bit)', 'Other Linux (64-bit)', 'Ubuntu 22.04 LTS'])
    .describe('Operating systems that templates can name.'),
  templates: z.array(template).default([]).describe('Templates that are there from the start.'),
  virtualMachines: z
    .array(vmGroupDescription)
    .default([])
    .describe('VMs that run from the start, in groups of equals.'),
});

export type WorldDescription = z.output<typeof worldDescription>;
export type WorldDescriptionInput = z.input<typeof worldDescription>;
