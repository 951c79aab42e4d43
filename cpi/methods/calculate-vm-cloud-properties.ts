import { findZone } from '../cloudstack/find-catalog.js';
import { isJsonObject, type JsonValue } from '../protocol/json-value.js';
import type { Argument } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { chooseComputeOffering } from './vm/choose-compute-offering.js';
import { chooseEphemeralDisk } from './vm/choose-ephemeral-disk.js';
import { mayBeCalculated } from './vm/offering-tags.js';

/** What a VM needs: CPUs, memory in MiB, ephemeral disk in MiB. */
interface VmResources {
  cpu: number;
  ram: number;
  ephemeral_disk_size: number;
}

const vmResources: Argument<VmResources> = {
  name: 'vm_resources',
  expected:
    'an object with the whole numbers cpu and ram (MiB), above 0, and ephemeral_disk_size (MiB), 0 or more',
  presence: 'required',
  read: (given) => {
    const resources = readResources(given);
    return resources && { value: resources };
  },
};

export const calculateVmCloudProperties = defineMethod({
  name: 'calculate_vm_cloud_properties',
  summary: 'Names the smallest offerings that give a VM the CPUs, memory and disk that it needs.',
  arguments: [vmResources],
  rules: [
    'Of the compute offerings in `cloudstack.default_zone` with enough of both, the one with the ' +
      'least memory, then the fewest CPUs, is taken; those without host tags come first, and a ' +
      'custom one is taken only where no other fits. The disk comes from ' +
      '`cloudstack.default_ephemeral_disk_offering`, or else from a custom disk offering, or else ' +
      'from the smallest one that is large enough. Offerings with custom IOPS, which the CPI does ' +
      'not name, are passed over, unless it is the configured one, as are those that ' +
      '`cloudstack.calculate` excludes by their tags.',
  ],
  run: async (call, [{ cpu, ram, ephemeral_disk_size: diskMib }]) => {
    const { default_zone: zoneName, calculate } = call.configuration.cloudstack;
    const zone = await findZone(call.client, zoneName);
    const { name, size } = await chooseComputeOffering(call, {
      method: 'calculate_vm_cloud_properties',
      zone,
      wanted: { cpu, ramMib: ram },
      mayBe: (offering) => mayBeCalculated(offering, calculate),
      tagProperties: 'cloudstack.calculate.compute_tags, not_compute_tags',
    });
    const disk = await chooseEphemeralDisk(call, zone, diskMib);
    const custom = size && { cpu: size.cpu, ram: size.ramMib };
    return { compute_offering: name, ...custom, ...disk };
  },
});

function readResources(given: JsonValue): VmResources | undefined {
  if (!isJsonObject(given)) return undefined;
  const { cpu, ram, ephemeral_disk_size: disk } = given;
  if (!isWholeFrom(1, cpu) || !isWholeFrom(1, ram) || !isWholeFrom(0, disk)) return undefined;
  return { cpu, ram, ephemeral_disk_size: disk };
}

function isWholeFrom(least: number, value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}
