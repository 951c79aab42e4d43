import { asyncCommand, done, everyRole, objectOf, proceed, wait } from '../../declare/command.js';
import { entity, long } from '../../declare/parameter.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { beginAttachment, finishAttachment } from './attach-steps.js';
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
  steps: [
    (context, { id: volume, virtualmachineid: vm, deviceid }, { remember }) => {
      remember({ deviceId: beginAttachment(context, volume, vm, deviceid) });
      return vm.state === 'Running' ? wait('duration.volume.attach') : proceed;
    },
    ({ world }, { id: volume, virtualmachineid: vm }, { memo }) => {
      finishAttachment(world, volume, vm, Number(memo['deviceId']));
      return done(volume);
    },
  ],
});
