import type { MapParameter } from '../../cloudstack/parameters.js';
import type { ServiceOffering } from '../../cloudstack/types.js';
import type { ValuesOf } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import type { vmProperties } from '../shared/cloud-properties.js';

/** What the older CPIs took where nothing was said. */
const defaultSpeedMhz = 2000;

/** CPU and memory for a custom compute offering; a fixed one has its own and takes none. */
export function computeParameters(
  call: Call,
  offering: ServiceOffering,
  { cpu, ram, cpu_speed: speed }: ValuesOf<typeof vmProperties>,
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
      `create_vm: the compute offering ${offering.name} is custom: set cpu and ram (MiB) in ` +
        'cloud_properties',
    );
  }
  const cpuSpeed = offering.cpuspeed === undefined ? (speed ?? defaultSpeedMhz) : undefined;
  return [{ cpuNumber: cpu, memory: ram, cpuSpeed }];
}
