import { findZone } from '../cloudstack/find-catalog.js';
import { applyTags } from '../cloudstack/tags.js';
import type { DiskOffering, Volume } from '../cloudstack/types.js';
import { BoshError } from '../protocol/bosh-error.js';
import { object, sizeInMib, text } from './call/argument.js';
import type { Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import type { ValuesOf } from '../config/property.js';
import { changeVolume } from './disk/change-volume.js';
import { wantedDiskOffering } from './disk/choose-disk-offering.js';
import { growVolume, offeringOf, refuseShrinking } from './disk/grow-volume.js';
import { requireSettledVolume } from './disk/settled-volume.js';
import { diskProperties, readCloudProperties } from './shared/cloud-properties.js';
import { bytesOfGib, gibOfMib } from './shared/disk-size.js';
import { whileThere } from './shared/while-there.js';
import { diskHasWantedTags } from './vm/offering-tags.js';

export const updateDisk = defineMethod({
  name: 'update_disk',
  summary: 'Gives a disk another size and another disk offering in place; its CID stays.',
  arguments: [text('disk_cid'), sizeInMib('new_size_mib'), object('cloud_properties')],
  rules: [
    'As in resize_disk, what CloudStack cannot do in place is answered with `NotSupported`: also a ' +
      'change between local and shared storage.',
  ],
  run: async (call, [diskCid, newSizeMib, cloudProperties]) => {
    const properties = readCloudProperties(call, diskProperties, cloudProperties, 'the disk');
    const volume = await requireSettledVolume(call, diskCid);
    const offering = await newOffering(call, properties, volume, newSizeMib);
    const { name } = properties;
    await whileThere(call, { diskCid }, async () => {
      if (offering === undefined || offering.id === volume.diskofferingid) {
        await growVolume(call, volume, newSizeMib);
      } else {
        await changeOffering(call, volume, offering, newSizeMib);
      }
      const tags = name === undefined ? {} : { name };
      await applyTags(call.client, { type: 'Volume', id: volume.id }, tags);
    });
    return null;
  },
});

/** Undefined where it may keep its own. */
async function newOffering(
  call: Call,
  { disk_offering: named, storage_tags: storageTags = [] }: ValuesOf<typeof diskProperties>,
  volume: Volume,
  sizeMib: number,
): Promise<DiskOffering | undefined> {
  if (named === undefined && storageTags.length > 0) {
    const current = await offeringOf(call, volume);
    if (current !== undefined && diskHasWantedTags(current, storageTags)) return undefined;
  }
  return wantedDiskOffering(call, {
    method: 'update_disk',
    named,
    otherwise: call.configuration.cloudstack.default_disk_offering,
    storageTags,
    sizeMib,
    zoneId: await zoneOf(call, volume),
  });
}

async function changeOffering(
  call: Call,
  volume: Volume,
  offering: DiskOffering,
  sizeMib: number,
): Promise<void> {
  await refuseOtherStorage(call, volume, offering);
  const isCustom = offering.iscustomized === true;
  const askedGib = gibOfMib(sizeMib);
  const sizeGib = isCustom ? askedGib : (offering.disksize ?? 0);
  if (sizeGib < askedGib) {
    throw new BoshError(
      'NotSupported',
      `The disk offering ${offering.name} gives disks of ${sizeGib} GiB, but ${sizeMib} MiB ` +
        `(${askedGib} GiB) are asked for disk ${volume.id}; use a larger or a custom disk offering`,
    );
  }
  const wantedBytes = bytesOfGib(sizeGib);
  refuseShrinking(volume, wantedBytes);
  const change = {
    command: 'changeOfferingForVolume',
    parameters: {
      diskofferingid: offering.id,
      ...(isCustom && { size: sizeGib }),
      automigrate: true,
    },
    what: `change of volume ${volume.id} to disk offering ${offering.name}`,
  } as const;
  const hasOffering = ({ diskofferingid }: Volume): boolean => diskofferingid === offering.id;
  const resized = await changeVolume(call, volume, {
    ...change,
    isMade: (now) => now.size === wantedBytes && (volume.size !== wantedBytes || hasOffering(now)),
  });
  // CloudStack from 4.19.1 on forgets the offering when it resizes (issue 11762), and takes it once
  // there is nothing to resize any more.
  const changed = hasOffering(resized)
    ? resized
    : await changeVolume(call, resized, { ...change, isMade: hasOffering });
  // A volume that had to move is not resized if that fails, and CloudStack does not tell.
  await growVolume(call, changed, sizeMib);
}

/**
 * Of a detached volume CloudStack would change the offering alone and leave the data where it is
 * (ManagementServerImpl.findAllSuitableStoragePoolsForDetachedVolume).
 */
async function refuseOtherStorage(
  call: Call,
  volume: Volume,
  { name, storagetype }: DiskOffering,
): Promise<void> {
  const current = await offeringOf(call, volume);
  if (current === undefined || current.storagetype === storagetype) return;
  throw new BoshError(
    'NotSupported',
    `Disk ${volume.name} (${volume.id}) is on ${current.storagetype ?? 'other'} storage by its disk ` +
      `offering ${current.name}; it cannot move to ${storagetype ?? 'other'} storage (${name}) in place`,
  );
}

async function zoneOf({ client, configuration }: Call, { zoneid }: Volume): Promise<string> {
  return zoneid ?? (await findZone(client, configuration.cloudstack.default_zone)).id;
}
