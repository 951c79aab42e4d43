import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import type { Capabilities, DiskOffering } from '../../cloudstack/types.js';
import type { ValuesOf } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { wantedDiskOffering } from '../disk/choose-disk-offering.js';
import type { vmProperties } from '../shared/cloud-properties.js';
import { sizeParameter } from '../shared/disk-size.js';

/**
 * What deployVirtualMachine is told of the ephemeral disk that cloud_properties ask for; nothing
 * for a VM without one.
 *
 * @throws BoshError of type CloudError that says why there can be no such disk.
 */
export async function ephemeralParameters(
  call: Call,
  {
    disk,
    ephemeral_disk_offering: named,
    storage_tags: storageTags = [],
  }: ValuesOf<typeof vmProperties>,
  zoneId: string,
): Promise<{ diskofferingid?: string; size?: number }> {
  if (disk === 0 || (disk === undefined && named === undefined)) return {};
  const offering = await wantedDiskOffering(call, {
    method: 'create_vm',
    named,
    otherwise: call.configuration.cloudstack.default_ephemeral_disk_offering,
    storageTags,
    sizeMib: disk ?? 0,
    zoneId,
  });
  if (offering === undefined) {
    throw new BoshError(
      'CloudError',
      'create_vm: cloud_properties ask for an ephemeral disk (disk), but name no ' +
        'ephemeral_disk_offering, and cloudstack.default_ephemeral_disk_offering is not set',
    );
  }
  if (disk === undefined && offering.iscustomized === true) {
    throw new BoshError(
      'CloudError',
      `create_vm: the disk offering ${offering.name} is custom: set disk in cloud_properties to the size ` +
        'of the ephemeral disk in MiB',
    );
  }
  const { size } = disk === undefined ? {} : sizeParameter(offering, disk);
  if (size !== undefined) await assertNotBeyondCustomMax(call, offering, size);
  return { diskofferingid: offering.id, ...(size !== undefined && { size }) };
}

/** The custom.diskoffering.size.max of most clouds: only for more a look is worth its request. */
const usualCustomMaxGib = 1024;

/** CloudStack says so only when all that a VM is deployed with has been made. */
async function assertNotBeyondCustomMax(
  { client }: Call,
  { name }: DiskOffering,
  sizeGib: number,
): Promise<void> {
  if (sizeGib <= usualCustomMaxGib) return;
  const { customdiskofferingmaxsize: maxGib = Infinity } = await capabilitiesAsFarAsAllowed(client);
  if (sizeGib <= maxGib) return;
  throw new BoshError(
    'CloudError',
    `create_vm: disk in cloud_properties asks for ${sizeGib} GiB of the disk offering ${name}, but the ` +
      `largest disk of a custom offering is ${maxGib} GiB (custom.diskoffering.size.max): ask for less, ` +
      'or let the operator of the cloud raise it',
  );
}

async function capabilitiesAsFarAsAllowed(client: CloudStackClient): Promise<Capabilities> {
  try {
    return await client.call('listCapabilities');
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api')) throw failure;
    return {};
  }
}
