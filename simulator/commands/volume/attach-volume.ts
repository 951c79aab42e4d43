import {
  asyncCommand,
  done,
  everyRole,
  hasWaited,
  objectOf,
  proceed,
  wait,
  type JobProgress,
  type StepOutcome,
} from '../../declare/command.js';
import { entity, long } from '../../declare/parameter.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import type { VmRow, VolumeRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { assertMayAttach, assertStillFree } from './attach-rules.js';
import { beginAttachment, continueAttachment, finishAttachment } from './attach-steps.js';
import { beginCopy, finishCopy } from './uploaded-volume.js';
import { volumeResponse } from './volume-response.js';

/**
 * Attaches a volume to a VM. All checks are part of the job, and it is not idempotent: a volume
 * that is attached already, to this VM or another, is refused.
 */
export const attachVolume = asyncCommand({
  name: 'attachVolume',
  summary: 'Attaches a disk volume to a virtual machine.',
  roles: everyRole,
  javaClass: {
    user: 'user.volume.AttachVolumeCmd',
    rootAdmin: 'admin.volume.AttachVolumeCmdByAdmin',
  },
  parameters: {
    id: entity('volume', { required: true }),
    virtualmachineid: entity('virtualmachine', { required: true, access: 'operate' }),
    deviceid: long(),
  },
  response: objectOf(volumeResponse),
  subject: ({ id }) => ({ type: 'Volume', id: id.id }),
  queue: (_, { virtualmachineid: vm }) => vmQueue(vm.id),
  admit: (context, { id: volume, virtualmachineid: vm, deviceid }) => {
    assertMayAttach(context, volume, vm, deviceid);
  },
  steps: [
    (context, { id: volume, virtualmachineid: vm, deviceid }, job) => {
      const { remember } = job;
      if (hasWaited(job)) assertStillFree(context.world, volume);
      if (volume.state !== 'Uploaded') {
        remember({ deviceId: beginAttachment(context, volume, vm, deviceid) });
        return plugging(vm);
      }
      assertMayAttach(context, volume, vm, deviceid);
      beginCopy(context.world, volume, vm);
      return wait('duration.volume.copy');
    },
    ({ world }, { id: volume, virtualmachineid: vm, deviceid }, { memo, remember }) => {
      if (volume.state !== 'Copying') return attached(world, volume, vm, memo);
      finishCopy(world, volume);
      remember({ deviceId: continueAttachment(world, volume, vm, deviceid) });
      return plugging(vm);
    },
    ({ world }, { id: volume, virtualmachineid: vm }, { memo }) =>
      attached(world, volume, vm, memo),
  ],
});

function plugging({ state }: VmRow): StepOutcome<never> {
  return state === 'Running' ? wait('duration.volume.attach') : proceed;
}

function attached(
  world: World,
  volume: VolumeRow,
  vm: VmRow,
  memo: JobProgress['memo'],
): StepOutcome<VolumeRow> {
  finishAttachment(world, volume, vm, Number(memo['deviceId']));
  return done(volume);
}
