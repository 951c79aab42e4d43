import { findById } from '../../cloudstack/find-by-id.js';
import type { DiskOffering, Volume } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { bytesOfGib, gibOfMib, sizeText } from '../shared/disk-size.js';
import { changeVolume } from './change-volume.js';

/**
 * Makes a volume at least as large as asked for, within its offering. One that is large enough by
 * its offering of a fixed size stays as it is.
 *
 * @throws BoshError of type NotSupported for a smaller size, and for a fixed one that is too small.
 */
export async function growVolume(call: Call, volume: Volume, sizeMib: number): Promise<void> {
  const sizeGib = gibOfMib(sizeMib);
  const wantedBytes = bytesOfGib(sizeGib);
  const bytes = volume.size ?? 0;
  const offering = wantedBytes === bytes ? undefined : await offeringOf(call, volume);
  const isFixed = offering?.iscustomized === false;
  if (wantedBytes === bytes || (isFixed && wantedBytes < bytes)) {
    call.log(`disk ${volume.id} has ${sizeText(bytes)} already, which is enough`);
    return;
  }
  refuseShrinking(volume, wantedBytes);
  if (isFixed) {
    throw new BoshError(
      'NotSupported',
      `Disk ${volume.name} (${volume.id}) cannot grow in place to ${sizeGib} GiB: its disk ` +
        `offering ${offering.name} has a fixed size. Use a custom disk offering`,
    );
  }
  await changeVolume(call, volume, {
    command: 'resizeVolume',
    parameters: { size: sizeGib, automigrate: true },
    what: `resize of volume ${volume.id} to ${sizeGib} GiB`,
    isMade: ({ size }) => size === wantedBytes,
  });
}

/** @throws BoshError of type NotSupported: file systems do not get smaller by themselves. */
export function refuseShrinking(volume: Volume, wantedBytes: number): void {
  const bytes = volume.size ?? 0;
  if (wantedBytes >= bytes) return;
  throw new BoshError(
    'NotSupported',
    `Disk ${volume.name} (${volume.id}) has ${sizeText(bytes)} and cannot be made smaller in ` +
      `place (${sizeText(wantedBytes)})`,
  );
}

/** Undefined if the account does not see it any more: then only CloudStack knows its rules. */
export async function offeringOf(
  { client }: Call,
  { diskofferingid: id }: Volume,
): Promise<DiskOffering | undefined> {
  return id === undefined ? undefined : findById(client, 'listDiskOfferings', id);
}
