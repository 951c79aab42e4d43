import { asyncCommand, done, everyRole, objectOf, proceed, wait } from '../../declare/command.js';
import { entity, long } from '../../declare/parameter.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import { vmQueue } from '../../world/virtual-machines.js';
import { attachVolumeTo } from '../../world/volumes.js';
import { assertMayAttach, bringToVm, deviceIdFor } from './attach-rules.js';
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
      const { world } = context;
      assertMayAttach(context, volume, vm, deviceid);
      bringToVm(world, volume, vm);
      remember({ deviceId: deviceIdFor(world, vm, deviceid) });
      if (volume.state === 'Ready') world.volumes.move(volume, 'AttachRequested');
      return vm.state === 'Running' ? wait('duration.volume.attach') : proceed;
    },
    ({ world }, { id: volume, virtualmachineid: vm }, { memo }) => {
      // An Allocated volume has no state that would have kept others off it meanwhile.
      if (volume.vmId !== null) {
        const holder = world.vms.require(volume.vmId);
        throw cloudRuntime(`volume: ${volume.name} is already attached to a VM: ${holder.name}`);
      }
      const usable = vm.state === 'Running' || vm.state === 'Stopped';
      if (!usable || volume.removedMs !== null) {
        if (volume.state === 'Attaching') world.volumes.move(volume, 'OperationFailed');
        throw cloudRuntime(`Failed to attach volume ${volume.name} to VM ${vm.name}`);
      }
      attachVolumeTo(world, volume, vm, Number(memo['deviceId']));
      world.volumes.move(volume, 'OperationSucceeded');
      return done(volume);
    },
  ],
});
