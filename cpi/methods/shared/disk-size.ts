import type { DiskOffering } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';

/** BOSH speaks MiB, CloudStack GiB; never less than asked for. */
export function gibOfMib(mib: number): number {
  return Math.ceil(mib / 1024);
}

/** The size to ask for, in GiB; offerings of a fixed size take none. */
export function sizeParameter(offering: DiskOffering, sizeMib: number): { size?: number } {
  const sizeGib = gibOfMib(sizeMib);
  if (offering.iscustomized === true) return { size: sizeGib };
  const offeredGib = offering.disksize ?? 0;
  if (offeredGib >= sizeGib) return {};
  throw new BoshError(
    'CloudError',
    `The disk offering ${offering.name} gives disks of ${offeredGib} GiB, but ${sizeMib} MiB ` +
      `(${sizeGib} GiB) are asked for; use a larger or a custom disk offering`,
  );
}

export function bytesOfGib(gib: number): number {
  return gib * 1024 ** 3;
}

/** Bytes as people read them; volumes have whole GiB, save root disks. */
export function sizeText(bytes: number): string {
  return `${Math.round((bytes / 1024 ** 3) * 100) / 100} GiB`;
}
