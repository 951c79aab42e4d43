import type { MapParameter } from '../../cloudstack/parameters.js';
import type { ServiceOffering, Template } from '../../cloudstack/types.js';
import type { ValuesOf } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import type { vmProperties } from '../shared/cloud-properties.js';
import { bytesOfGib, gibOfMib } from '../shared/disk-size.js';

/** What the older CPIs took where nothing was said. */
const defaultSpeedMhz = 2000;

type VmProperties = ValuesOf<typeof vmProperties>;

/** CPU and memory for a custom compute offering; a fixed one has its own and takes none. */
export function computeParameters(
  call: Call,
  offering: ServiceOffering,
  { cpu, ram, cpu_speed: speed }: VmProperties,
): MapParameter | undefined {
  if (offering.iscustomized !== true) {
    if (cpu !== undefined || ram !== undefined || speed !== undefined) {
      call.log(
        `warning: the compute offering ${offering.name} is not custom: cpu, ram and cpu_speed ` +
          'have no effect',
      );
    }
    return undefined;
  }
  if (cpu === undefined || ram === undefined) {
    throw new BoshError(
      'CloudError',
      `create_vm: the compute offering ${offering.name} is custom${rangesOf(offering)}: set cpu ` +
        'and ram (MiB) in cloud_properties',
    );
  }
  assertAllowed(offering, cpu, ram);
  if (offering.cpuspeed !== undefined && speed !== undefined) {
    call.log(
      `warning: the compute offering ${offering.name} fixes the CPU speed at ` +
        `${offering.cpuspeed} MHz: cpu_speed has no effect`,
    );
  }
  const cpuSpeed = offering.cpuspeed === undefined ? (speed ?? defaultSpeedMhz) : undefined;
  return [{ cpuNumber: cpu, memory: ram, cpuSpeed }];
}

/**
 * The size of the root disk in GiB, undefined for the stemcell's own or the offering's.
 *
 * @throws BoshError of type CloudError if the stemcell does not fit on it, which CloudStack says
 * only when the affinity group and the key pair are there.
 */
export function rootDiskSizeGib(
  call: Call,
  offering: ServiceOffering,
  { root_disk_size: sizeMib }: VmProperties,
  template: Template,
): number | undefined {
  if (sizeMib === undefined) return undefined;
  const fixedGib = offering.rootdisksize ?? 0;
  if (fixedGib === 0) {
    const sizeGib = gibOfMib(sizeMib);
    if (bytesOfGib(sizeGib) < (template.size ?? 0)) throw tooSmall(sizeMib, template);
    return sizeGib;
  }
  call.log(
    `warning: the compute offering ${offering.name} fixes the root disk at ${fixedGib} GiB: ` +
      'root_disk_size has no effect',
  );
  return undefined;
}

function tooSmall(sizeMib: number, { name, size = 0 }: Template): BoshError {
  const leastMib = Math.ceil(size / 1024 ** 2);
  return new BoshError(
    'CloudError',
    `create_vm: root_disk_size in cloud_properties is ${sizeMib} MiB, smaller than the ${leastMib} MiB of ` +
      `the stemcell's template ${name}: name at least as many`,
  );
}

/** CloudStack says the same, but only when the affinity group and the key pair are there. */
function assertAllowed(offering: ServiceOffering, cpu: number, ramMib: number): void {
  const { serviceofferingdetails: limits = {} } = offering;
  const isIn = (value: number, least = '0', most = 'Infinity'): boolean =>
    value >= Number(least) && value <= Number(most);
  const isCpuIn = isIn(cpu, limits['mincpunumber'], limits['maxcpunumber']);
  if (isCpuIn && isIn(ramMib, limits['minmemory'], limits['maxmemory'])) return;
  throw new BoshError(
    'CloudError',
    `create_vm: the compute offering ${offering.name} is custom${rangesOf(offering)}: cpu ${cpu} with ` +
      `ram ${ramMib} is not within that; correct them in cloud_properties`,
  );
}

function rangesOf({ serviceofferingdetails: limits = {} }: ServiceOffering): string {
  const { mincpunumber, maxcpunumber, minmemory, maxmemory } = limits;
  if (mincpunumber === undefined || maxcpunumber === undefined) return '';
  return ` (${mincpunumber} to ${maxcpunumber} CPUs, ${minmemory ?? '?'} to ${maxmemory ?? '?'} MiB)`;
}
