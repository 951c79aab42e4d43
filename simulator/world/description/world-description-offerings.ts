import { z } from 'zod';
import type { NetworkService } from '../entities.js';

/** The part of a world's description that says what users choose from. */
const name = z.string().min(1);
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

const scope = {
  domains: z
    .array(name)
    .default([])
    .describe('Paths of the domains that find it, with those below; empty: everybody does.'),
  zones: z.array(name).default([]).describe('The zones where it is found; empty: everywhere.'),
} as const;

const constraints = z.strictObject({
  minCpuNumber: positive.describe('Fewest cores.'),
  maxCpuNumber: positive.describe('Most cores.'),
  minMemoryMib: positive.describe('Least memory.'),
  maxMemoryMib: positive.describe('Most memory.'),
});

export const serviceOfferingDescription = z.strictObject({
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
  ...scope,
});

export const diskOfferingDescription = z.strictObject({
  name: name.describe('Name of the offering.'),
  displayText,
  sizeGib: positive.optional().describe('Size of a disk; a custom offering has none.'),
  sizeStrictness: z.boolean().default(false).describe('Whether its volumes cannot be resized.'),
  storageType,
  storageTags: tags.describe('Tags that a pool must have.'),
  ...scope,
});

export const networkOfferingDescription = z.strictObject({
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
