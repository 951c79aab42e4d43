import { findZone } from '../cloudstack/find-catalog.js';
import { createUndoably } from '../cloudstack/create-undoably.js';
import { isRefusedAtOnce } from '../cloudstack/errors.js';
import { findVolume } from '../cloudstack/find-resources.js';
import { marksOf, tagNew } from '../cloudstack/tags.js';
import { BoshError } from '../protocol/bosh-error.js';
import { object, optional, sizeInMib, text } from './call/argument.js';
import { volumeDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { undoOnFailure } from './call/undo.js';
import { wantedDiskOffering } from './disk/choose-disk-offering.js';
import { diskProperties, readCloudProperties } from './shared/cloud-properties.js';
import { deleteVolume } from './shared/delete-volume.js';
import { sizeParameter } from './shared/disk-size.js';
import { requireVm } from './shared/live-resources.js';

export const createDisk = defineMethod({
  name: 'create_disk',
  summary: 'Creates a persistent disk of at least the given size (MiB) in the zone of a VM.',
  arguments: [sizeInMib('size_mib'), object('cloud_properties'), optional(text('vm_cid'))],
  rules: [
    'The size is rounded up to whole GiB; a disk offering of a fixed size gives its own, and is an error ' +
      'where that is less. CloudStack looks for a place on a storage only when the disk is attached for ' +
      'the first time.',
  ],
  run: async (call, [sizeMib, cloudProperties, vmCid]) => {
    const { client, configuration } = call;
    const properties = readCloudProperties(call, diskProperties, cloudProperties, 'the disk');
    const zoneId = await zoneOf(call, vmCid);
    const offering = await wantedDiskOffering(call, {
      method: 'create_disk',
      named: properties.disk_offering,
      otherwise: configuration.cloudstack.default_disk_offering,
      storageTags: properties.storage_tags ?? [],
      sizeMib,
      zoneId,
    });
    if (offering === undefined) {
      throw new BoshError(
        'CloudError',
        'create_disk: no disk offering: set disk_offering in the cloud_properties of the disk ' +
          'type, or cloudstack.default_disk_offering in the CPI configuration',
      );
    }
    const size = sizeParameter(offering, sizeMib);
    return undoOnFailure(call, 'another resource', async (saga) => {
      const name = `disk-${call.newId()}`;
      let volumeId: string | undefined;
      const volume = await createUndoably(client, saga, {
        get name() {
          return `create volume ${name}${volumeId === undefined ? '' : ` (${volumeId})`}`;
        },
        create: () =>
          client.run(
            'createVolume',
            { name, zoneid: zoneId, diskofferingid: offering.id, ...size },
            {
              what: `creation of volume ${name}`,
              deadlineMs: volumeDeadlineMs(call),
              onSubmitted: ({ id }) => (volumeId = id),
            },
          ),
        find: (undoClient) => findVolume(undoClient, name),
        remove: (undoClient, { id }) => deleteVolume(undoClient, id),
        hadNoEffect: isRefusedAtOnce,
      });
      const { directorUuid } = call.context;
      await tagNew(
        client,
        { type: 'Volume', id: volume.id },
        {
          ...marksOf({ directorUuid, purpose: 'persistent-disk' }),
          ...(properties.name !== undefined && { name: properties.name }),
        },
      );
      return volume.id;
    });
  },
});

/** Disk types know no zone: a disk is made where the VM is that it is for. */
async function zoneOf(call: Call, vmCid: string | undefined): Promise<string> {
  if (vmCid !== undefined) {
    const { zoneid } = await requireVm(call, vmCid);
    if (zoneid !== undefined) return zoneid;
  }
  return (await findZone(call.client, call.configuration.cloudstack.default_zone)).id;
}
