import { asyncCreateCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { finalizeOwner, ownerOfNew, ownerParameters } from '../../declare/ownership.js';
import { entity, long, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import { allocateDataVolume } from '../../world/volumes.js';
import { volumeResponse } from './volume-response.js';
import { assertLocalStorageFits, assertZoneIsUsable, volumeSizeGib } from './volume-rules.js';

/**
 * Enters a volume, and nothing more: it gets its place on a pool when it is first attached
 * (VolumeApiServiceImpl.allocVolume).
 */
export const createVolume = asyncCreateCommand({
  name: 'createVolume',
  summary: 'Creates a disk volume from a disk offering.',
  roles: everyRole,
  javaClass: {
    user: 'user.volume.CreateVolumeCmd',
    rootAdmin: 'admin.volume.CreateVolumeCmdByAdmin',
  },
  parameters: {
    name: text(),
    diskofferingid: entity('diskoffering'),
    size: long(),
    zoneid: entity('zone'),
    // Without a snapshot CloudStack attaches nothing and does not say so.
    virtualmachineid: entity('virtualmachine', { access: 'operate' }),
    ...ownerParameters,
  },
  response: objectOf(volumeResponse),
  subjectType: 'Volume',
  create: (context, args) => {
    const { name, diskofferingid: offering, size, zoneid: zone } = args;
    const { world } = context;
    ownerOfNew(context, args);
    const owner = finalizeOwner(context, args);
    if (offering === undefined) {
      throw invalidParameter(
        'At least one of disk Offering ID or snapshot ID must be passed whilst creating volume',
      );
    }
    if (size !== undefined && size <= 0) {
      throw invalidParameter('Disk size must be larger than 0');
    }
    if (offering.removedMs !== null || !offering.active) {
      throw invalidParameter('Please specify a valid disk offering.');
    }
    const sizeGib = volumeSizeGib(world, offering, size);
    if (zone === undefined || zone.removedMs !== null) {
      throw invalidParameter(`Unable to find zone by id ${zone?.internalId ?? 'null'}`);
    }
    assertZoneIsUsable(context, zone);
    assertLocalStorageFits(zone, offering);
    return allocateDataVolume(world, {
      name: name === undefined || name.trim() === '' ? world.kernel.ids.uuid() : name,
      accountId: owner.id,
      zoneId: zone.id,
      diskOffering: offering,
      sizeGib,
    });
  },
  steps: [
    ({ world }, _args, { createdId }) => {
      const volume = world.volumes.require(createdId);
      if (volume.removedMs !== null) throw serverApiError(530, 'Failed to create a volume');
      return done(volume);
    },
  ],
});
