import { z } from 'zod';
import { settingDeclarations, type SettingName } from './settings.js';

/**
 * A world as its author writes it, in a preset or a JSON file: names instead of ids, GiB and MiB
 * instead of bytes, and only what differs from the defaults.
 */
const name = z.string().min(1);
const ipv4 = z.ipv4();
const cidr = z.cidrv4();
const tags = z.array(name).default([]);
const storageType = z.enum(['shared', 'local']).default('shared');
const positive = z.number().int().positive();

const settingNames = Object.keys(settingDeclarations) as [SettingName, ...SettingName[]];

const host = z.strictObject({
  name,
  cpuCores: positive.default(16),
  cpuMhz: positive.default(2_000),
  memoryMib: positive.default(65_536),
  tags,
  /** Size of the host's local pool; without it the host has none. */
  localStorageGib: positive.optional(),
});

const storagePool = z.strictObject({ name, sizeGib: positive, tags });

const cluster = z.strictObject({
  name,
  hypervisor: z.enum(['KVM', 'XenServer', 'VMware']).default('KVM'),
  hosts: z.array(host).min(1),
  pools: z.array(storagePool).default([]),
});

const pod = z.strictObject({ name, clusters: z.array(cluster).min(1) });

const network = z.strictObject({
  name,
  type: z.enum(['Isolated', 'Shared', 'L2']),
  /** The account that owns it; shared networks belong to the root admin. */
  account: name,
  cidr: cidr.optional(),
  gateway: ipv4.optional(),
  startIp: ipv4.optional(),
  endIp: ipv4.optional(),
});

const publicRange = z.strictObject({ startIp: ipv4, endIp: ipv4, gateway: ipv4, netmask: ipv4 });

const zone = z.strictObject({
  name,
  localStorage: z.boolean().default(true),
  dns1: ipv4.default('8.8.8.8'),
  internalDns1: ipv4.default('10.0.0.53'),
  guestCidr: cidr.default('10.1.1.0/24'),
  pods: z.array(pod).min(1),
  /** Primary storage of the whole zone. */
  pools: z.array(storagePool).default([]),
  publicRanges: z.array(publicRange).default([]),
  networks: z.array(network).default([]),
});

const account = z.strictObject({
  name,
  role: z.enum(['Admin', 'DomainAdmin', 'ResourceAdmin', 'User']),
  username: name.optional(),
  /** Drawn from the seed where they are not given. */
  apiKey: name.optional(),
  secretKey: name.optional(),
});

const serviceOffering = z.strictObject({
  name,
  displayText: name.optional(),
  /** A custom offering has none of the three. */
  cpuNumber: positive.optional(),
  cpuMhz: positive.optional(),
  memoryMib: positive.optional(),
  storageType,
  rootDiskSizeGib: positive.optional(),
  hostTags: tags,
  storageTags: tags,
});

const diskOffering = z.strictObject({
  name,
  displayText: name.optional(),
  /** A custom offering has none. */
  sizeGib: positive.optional(),
  storageType,
  storageTags: tags,
});

const template = z.strictObject({
  name,
  zone: name,
  account: name,
  format: z.enum(['QCOW2', 'RAW', 'VHD', 'OVA']).default('QCOW2'),
  hypervisor: z.enum(['KVM', 'XenServer', 'VMware']).default('KVM'),
  osType: name.default('Other PV (64-bit)'),
  sizeGib: positive.default(5),
  isPublic: z.boolean().default(true),
});

export const worldDescription = z.strictObject({
  /** World time at the start, ISO 8601. */
  startTime: z.iso.datetime().default('2026-01-01T00:00:00Z'),
  settings: z
    .partialRecord(z.enum(settingNames), z.union([z.string(), z.number(), z.boolean()]))
    .default({}),
  accounts: z.array(account).min(1),
  zones: z.array(zone).min(1),
  serviceOfferings: z.array(serviceOffering).default([]),
  diskOfferings: z.array(diskOffering).default([]),
  osTypes: z.array(name).default(['Other PV (64-bit)', 'Other Linux (64-bit)', 'Ubuntu 22.04 LTS']),
  templates: z.array(template).default([]),
});

export type WorldDescription = z.output<typeof worldDescription>;
export type WorldDescriptionInput = z.input<typeof worldDescription>;
