import { z } from 'zod';
import { settingDeclarations, type SettingName } from '../settings/settings.js';
import { identityDescription } from './world-description-identity.js';
import {
  diskOfferingDescription,
  networkOfferingDescription,
  serviceOfferingDescription,
} from './world-description-offerings.js';
import { vmGroupDescription } from './world-description-vms.js';
import { hypervisorDescription, zoneDescription } from './world-description-zones.js';

/**
 * A world as its author writes it, in a preset or a JSON file: names instead of ids, GiB and MiB
 * instead of bytes, and only what differs from the defaults.
 */
const name = z.string().min(1);
const positive = z.number().int().positive();
const settingNames = Object.keys(settingDeclarations) as [SettingName, ...SettingName[]];

const template = z.strictObject({
  name: name.describe('Name of the template.'),
  zone: name.describe('The zone that has it.'),
  account: name.describe('The account that owns it.'),
  format: z
    .enum(['QCOW2', 'RAW', 'VHD', 'OVA'])
    .default('QCOW2')
    .describe('Format of the image: QCOW2 or RAW on KVM, VHD on XenServer, OVA on VMware.'),
  hypervisor: hypervisorDescription.describe('What it runs on, one that its zone has.'),
  osType: name.default('Other PV (64-bit)').describe('One of the osTypes of the world.'),
  sizeGib: positive.default(5).describe('Virtual size of the image.'),
  isPublic: z.boolean().default(true).describe('Whether every account may use it.'),
  type: z
    .enum(['USER', 'BUILTIN', 'SYSTEM', 'ROUTING'])
    .default('USER')
    .describe('What it is for; nobody can give another template the name of a SYSTEM one.'),
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
  zones: z.array(zoneDescription).min(1).describe('The zones.'),
  serviceOfferings: z
    .array(serviceOfferingDescription)
    .default([])
    .describe('Sizes that VMs can have.'),
  diskOfferings: z.array(diskOfferingDescription).default([]).describe('Kinds of volumes.'),
  networkOfferings: z
    .array(networkOfferingDescription)
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
