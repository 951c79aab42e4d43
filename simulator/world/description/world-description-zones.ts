import { z } from 'zod';

/** The part of a world's description that says what the cloud is built of, from zones to networks. */
const name = z.string().min(1);
const ipv4 = z.ipv4();
const cidr = z.cidrv4();
const tags = z.array(name).default([]);
const positive = z.number().int().positive();

export const hypervisorDescription = z.enum(['KVM', 'XenServer', 'VMware']).default('KVM');

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
  server: ipv4.default('172.31.255.10').describe('Address of its server.'),
  path: name.optional().describe('Its path there; `/export/` and the name unless given.'),
  tags: tags.describe('Storage tags, which offerings can ask for.'),
});

const cluster = z.strictObject({
  name: name.describe('Name of the cluster, unique in the world.'),
  hypervisor: hypervisorDescription.describe('What runs on its hosts.'),
  hypervisorVersion: name
    .optional()
    .describe(
      'Its version, which decides how many disks a VM can have; 8.2.0 of XenServer, 8.0 of VMware, ' +
        'none of KVM unless given.',
    ),
  hosts: z.array(host).min(1).describe('Where VMs run.'),
  pools: z.array(storagePool).default([]).describe('Primary storage of this cluster.'),
});

const pod = z.strictObject({
  name: name.describe('Name of the pod, unique in the world.'),
  cidr: cidr
    .optional()
    .describe(
      'Its management network, at least a /26; 172.16.0.0/20 and those behind it unless given.',
    ),
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
  gateway: ipv4
    .optional()
    .describe(
      'Its router, outside of startIp to endIp; the first address of the subnet unless given.',
    ),
  startIp: ipv4.optional().describe('First address for VMs; shared networks only, needed there.'),
  endIp: ipv4.optional().describe('Last address for VMs; shared networks only, needed there.'),
  offering: name
    .optional()
    .describe("Its network offering; CloudStack's default one of its type unless given."),
});

const publicRange = z.strictObject({
  startIp: ipv4.describe('First public address.'),
  endIp: ipv4.describe('Last public address.'),
  gateway: ipv4.describe('Gateway of the range, in the same subnet and outside of the range.'),
  netmask: ipv4.describe('Netmask of the range.'),
});

export const zoneDescription = z.strictObject({
  name: name.describe('Name of the zone.'),
  domain: name
    .optional()
    .describe('Path of the domain that alone uses it, with those below; all unless given.'),
  localStorage: z.boolean().default(true).describe('Whether VMs may use local storage.'),
  dns1: ipv4.default('8.8.8.8').describe('Name server for VMs.'),
  internalDns1: ipv4.default('10.0.0.53').describe("Name server for the zone's own machines."),
  guestCidr: cidr
    .default('10.1.1.0/24')
    .describe('Subnet of isolated networks that do not say their own.'),
  secondaryStorageGib: positive.default(10_000).describe('Room for templates and snapshots.'),
  pods: z.array(pod).min(1).describe('Its pods.'),
  pools: z.array(storagePool).default([]).describe('Primary storage of the whole zone.'),
  publicRanges: z.array(publicRange).default([]).describe('Public addresses for static NAT.'),
  networks: z.array(network).default([]).describe('Its guest networks.'),
});
