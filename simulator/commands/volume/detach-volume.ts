import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCommand,
  done,
  everyRole,
  hasWaited,
  objectOf,
  proceed,
  wait,
  type JobProgress,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, long } from '../../declare/parameter.js';
import {
  cloudRuntime,
  invalidParameter,
  nullPointer,
  type CloudException,
} from '../../world/cloud-exception.js';
import type { VmRow, VolumeRow } from '../../world/entities.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { detachVolume as detach, volumesOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { volumeResponse } from './volume-response.js';
import { assertRootVolumeMayMove, volumeNotFound } from './volume-rules.js';

/** Detaches a volume from its VM (VolumeApiServiceImpl.detachVolumeFromVM). */
export const detachVolume = asyncCommand({
  name: 'detachVolume',
  summary: 'Detaches a disk volume from a virtual machine.',
  roles: everyRole,
  javaClass: {
    user: 'user.volume.DetachVolumeCmd',
    rootAdmin: 'admin.volume.DetachVolumeCmdByAdmin',
  },
  parameters: {
    id: entity('volume'),
    deviceid: long(),
    virtualmachineid: entity('virtualmachine', { access: 'operate' }),
  },
  response: objectOf(volumeResponse),
  subject: ({ id }) => (id === undefined ? undefined : { type: 'Volume', id: id.id }),
  queue: (_, { id, virtualmachineid }) => {
    const vmId = id?.vmId ?? virtualmachineid?.id;
    return vmId === undefined ? null : vmQueue(vmId);
  },
  admit: (context, asked, remember) => {
    remember({ vmId: heldVolume(context, asked).vm.id });
  },
  steps: [
    (context, asked, job) => {
      const { vm } = hasWaited(job)
        ? volumeAtItsTurn(context.world, asked, job.memo)
        : heldVolume(context, asked);
      job.remember({ vmId: vm.id });
      return vm.state === 'Running' ? wait('duration.volume.detach') : proceed;
    },
    ({ world }, asked, { memo }) => {
      const { volume } = volumeAtItsTurn(world, asked, memo);
      detach(world, volume);
      return done(volume);
    },
  ],
});

interface Asked {
  readonly id: VolumeRow | undefined;
  readonly deviceid: number | undefined;
  readonly virtualmachineid: VmRow | undefined;
}

/** The volume that is meant, and its VM. */
function heldVolume(
  context: CommandContext,
  { id: volume, deviceid, virtualmachineid: vm }: Asked,
): { readonly volume: VolumeRow; readonly vm: VmRow } {
  if (volume === undefined) throw withoutVolumeId(context, deviceid, vm);
  if (deviceid !== undefined || vm !== undefined) throw neitherForm();
  return { volume, vm: assertMayDetach(context, volume) };
}

/**
 * The same where the job has waited: nobody looks again whether the VM has the volume, but the
 * hypervisor may trip over one that is detached already (VolumeApiServiceImpl.orchestrateDetachVolumeFromVM).
 */
function volumeAtItsTurn(
  { vms }: World,
  { id: volume }: Asked,
  memo: JobProgress['memo'],
): { readonly volume: VolumeRow; readonly vm: VmRow } {
  const { vmId } = memo;
  const vm = typeof vmId === 'string' ? vms.get(vmId) : undefined;
  if (vm === undefined) throw new Error('the detachment of a volume has lost its VM');
  if (volume === undefined) throw neitherForm();
  if (volume.removedMs !== null) throw nullPointer('storage.Volume.getName()', 'volume');
  if (vm.removedMs !== null) throw nullPointer('vm.VMInstanceVO.getHostName()', 'vm');
  if (volume.vmId === null) assertHypervisorDetachesTwice(volume, vm);
  return { volume, vm };
}

/**
 * KVM's agent stumbles over the missing device id, and CloudStack adds the agent's stack trace, of
 * which this is the first line (KVMStorageProcessor.dettachVolume); VMware finds no such disk
 * (VmwareStorageProcessor.attachVolume); XenServer has nothing left to unplug. Only VMware is asked
 * for a VM that does not run.
 */
function assertHypervisorDetachesTwice(volume: VolumeRow, vm: VmRow): void {
  const failed = `Failed to detach volume ${volume.name} from VM ${vm.name}`;
  if (vm.hypervisor === 'KVM' && vm.state === 'Running') {
    throw cloudRuntime(
      `${failed}; java.lang.NullPointerException: Cannot invoke "java.lang.Long.intValue()" because ` +
        'the return value of "com.cloud.agent.api.to.DiskTO.getDiskSeq()" is null',
    );
  }
  const isKnownToHost = (vm.hostId ?? vm.lastHostId) !== null && volume.poolId !== null;
  if (vm.hypervisor === 'VMware' && isKnownToHost) throw cloudRuntime(failed);
}

function assertMayDetach(context: CommandContext, volume: VolumeRow): VmRow {
  if (volume.removedMs !== null) throw volumeNotFound(volume);
  assertMayOperate(context, 'volume', volume);
  if (volume.vmId === null) {
    throw invalidParameter('The specified volume is not attached to a VM.');
  }
  const vm = context.world.vms.require(volume.vmId);
  if (vm.state !== 'Running' && vm.state !== 'Stopped' && vm.state !== 'Destroyed') {
    throw invalidParameter('Please specify a VM that is either running or stopped.');
  }
  if (volume.type === 'ROOT') assertRootVolumeMayMove(vm);
  assertNoVmSnapshots(
    context.world,
    vm.id,
    'Unable to detach volume, please specify a VM that does not have VM snapshots',
  );
  return vm;
}

function neitherForm(): CloudException {
  return invalidParameter('Please provide either a volume id, or a tuple(device id, instance id)');
}

/**
 * CloudStack offers detaching by device id, finds the volume, checks it, and then trips over its
 * missing id. The texts are Java's own; the second differs between versions of Java.
 */
function withoutVolumeId(
  context: CommandContext,
  deviceId: number | undefined,
  vm: VmRow | undefined,
): CloudException {
  if (deviceId === undefined || vm === undefined) return neitherForm();
  const volume = volumesOf(context.world, vm.id).find((row) => row.deviceId === deviceId);
  if (volume === undefined) return cloudRuntime('Index 0 out of bounds for length 0');
  assertMayDetach(context, volume);
  return cloudRuntime('Cannot invoke "java.lang.Long.longValue()" because "volumeId" is null');
}
