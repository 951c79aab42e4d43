import {
  asyncCommand,
  done,
  everyRole,
  hasWaited,
  objectOf,
  proceed,
  wait,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, entityList, flag } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { VmRow, VolumeRow } from '../../world/entities.js';
import { isBeingSnapshotted } from '../../world/storage/snapshots.js';
import {
  beginStop,
  destroyVm,
  expungeVm,
  finishStop,
  isDestroyedVm,
  isOff,
  vmQueue,
  vmText,
} from '../../world/compute/virtual-machines.js';
import { destroyVolume, rootVolumeOf } from '../../world/storage/volumes.js';
import { mayCall } from '../../world/identity/roles.js';
import { isBefore } from '../../world/settings/release.js';
import { settingIn } from '../../world/settings/configurations.js';
import type { World } from '../../world/world.js';
import { destroyDetachedVolume } from '../volume/volume-destruction.js';
import { volumeNotFound, volumeText } from '../volume/volume-rules.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { EXPUNGE_HINT, assertNotExpunged, mayExpunge, vmSubject } from './virtual-machine-rules.js';

/** The order of the checks and effects is that of UserVmManagerImpl.destroyVm. */
export const destroyVirtualMachine = asyncCommand({
  name: 'destroyVirtualMachine',
  summary: 'Destroys a virtual machine; with expunge, at once and for good.',
  roles: everyRole,
  javaClass: { user: 'user.vm.DestroyVMCmd', rootAdmin: 'admin.vm.DestroyVMCmdByAdmin' },
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    expunge: flag({ since: '4.2.1' }),
    volumeids: entityList('volume', { since: '4.12.0', access: 'operate' }),
  },
  response: objectOf(virtualMachineResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  admit: (context, args) => {
    if (!isNothingToDo(context, args)) assertMayDestroy(context, args);
  },
  steps: [
    (context, args, job) => {
      const { id: vm } = args;
      if (hasWaited(job)) assertStillThere(vm);
      else if (isNothingToDo(context, args)) return done(vm);
      else assertMayDestroy(context, args);
      if (isOff(vm)) return proceed;
      const forced = context.world.settings.get('vm.destroy.forcestop');
      beginStop(context.world, vm, { forced });
      return wait('duration.vm.stop');
    },
    ({ world }, { id: vm }) => {
      if (vm.state === 'Stopping') finishStop(world, vm);
      return isDestroyedVm(vm) ? proceed : wait('duration.vm.destroy');
    },
    ({ world }, { id: vm, expunge }) => {
      if (!isDestroyedVm(vm)) {
        assertStandsStill(world, vm);
        destroyVm(world, vm);
      }
      return expunge === true ? wait('duration.vm.expunge') : proceed;
    },
    (context, { id: vm, expunge, volumeids }) => {
      // The expunge thread may have come first.
      if (expunge === true && vm.removedMs === null) expungeVm(context.world, vm);
      for (const volume of volumeids ?? []) {
        removeDataVolume(context, vm, volume, expunge === true);
      }
      if (losesRootVolume(context.world, vm)) destroyRootVolume(context.world, vm);
      return done(vm);
    },
  ],
});

interface Asked {
  readonly id: VmRow;
  readonly expunge?: boolean | undefined;
  readonly volumeids?: readonly VolumeRow[] | undefined;
}

/** Whether the VM is destroyed already, which is all that is wanted. */
function isNothingToDo(context: CommandContext, { id: vm, expunge }: Asked): boolean {
  assertMayExpunge(context, expunge);
  assertNotExpunged(vm);
  return isDestroyedVm(vm) && expunge !== true;
}

function assertMayDestroy({ world }: CommandContext, { id: vm, volumeids }: Asked): void {
  assertNotProtected(vm);
  assertRootIsNotSnapshotted(world, vm);
  assertDataVolumesOf(world, vm, volumeids ?? []);
}

/** Once it has waited, another part of CloudStack looks for the VM, with another text. */
function assertStillThere({ removedMs }: VmRow): void {
  if (removedMs === null) return;
  throw invalidParameter('Unable to find a virtual machine with specified vmId');
}

/** A job that goes on although it failed may have begun to start the VM (VirtualMachineManagerImpl.destroy). */
function assertStandsStill(world: World, vm: VmRow): void {
  if (world.vms.allows(vm, 'DestroyRequested')) return;
  throw cloudRuntime(
    `Unable to destroy ${vmText(vm)} due to [Unable to transition to a new state from ${vm.state} via ` +
      'DestroyRequested].',
  );
}

function losesRootVolume(world: World, { accountId }: VmRow): boolean {
  const id = world.accounts.require(accountId).domainId;
  return settingIn(world, 'destroy.root.volume.on.vm.destruction', { scope: 'Domain', id });
}

/** The account's role must also allow expungeVirtualMachine (UserVmManagerImpl.checkExpungeVmPermission). */
function assertMayExpunge(context: CommandContext, expunge: boolean | undefined): void {
  if (expunge !== true || (mayExpunge(context) && mayCallExpunge(context))) return;
  throw permissionDenied(
    isBefore(context.world, '4.20')
      ? 'Parameter expunge can be passed by Admin only. Or when the allow.user.expunge.recover.vm key is set.'
      : 'Account does not have permission for expunging.',
    mayExpunge(context) ? undefined : EXPUNGE_HINT,
  );
}

function mayCallExpunge({ world, caller, commands }: CommandContext): boolean {
  const command = commands.find(({ name }) => name === 'expungeVirtualMachine');
  return command !== undefined && mayCall(world, caller.account, command);
}

function assertNotProtected({ id, name, deleteProtection }: VmRow): void {
  if (!deleteProtection) return;
  throw invalidParameter(
    `Instance [id = ${id}, name = ${name}] has delete protection enabled and cannot be deleted.`,
  );
}

function assertRootIsNotSnapshotted(world: World, vm: VmRow): void {
  const root = rootVolumeOf(world, vm.id);
  if (root === undefined || !isBeingSnapshotted(world, root)) return;
  throw cloudRuntime(
    'There is/are unbacked up snapshot(s) on ROOT volume, vm destroy is not permitted, please try again later.',
  );
}

function assertDataVolumesOf(world: World, vm: VmRow, volumes: readonly VolumeRow[]): void {
  const gone = volumes.find((volume) => volume.removedMs !== null);
  if (gone !== undefined) throw volumeNotFound(gone);
  const strangers = volumes.filter((row) => row.vmId !== vm.id || row.type !== 'DATADISK');
  if (strangers.length > 0) {
    throw invalidParameter(
      'The following supplied volumes are not DATADISK attached to the VM: ' +
        strangers.map((volume) => `${volumeText(world, volume)}; `).join(''),
    );
  }
  const kept = volumes.find((volume) => volume.deleteProtection);
  if (kept === undefined) return;
  throw invalidParameter(
    `Volume [id = ${kept.id}, name = ${kept.name}] has delete protection enabled and cannot be deleted`,
  );
}

/**
 * Destroys a data volume that the VM had. What became of it since it was detached may fail the job,
 * the VM destroyed all the same. The volumes of a failed deployment are destroyed already, and go
 * with their VM (UserVmManagerImpl.deleteVolumesFromVm).
 */
function removeDataVolume(
  context: CommandContext,
  vm: VmRow,
  volume: VolumeRow,
  expunge: boolean,
): void {
  if (volume.vmId !== vm.id) {
    destroyDetachedVolume(context, volume, expunge ? 'expunge' : 'destroy');
  }
}

/** The volume stays its VM's, so that recovering the VM takes it back (VolumeServiceImpl.destroyVolume). */
function destroyRootVolume(world: World, vm: VmRow): void {
  const root = rootVolumeOf(world, vm.id);
  if (root !== undefined && world.volumes.allows(root, 'DestroyRequested')) {
    destroyVolume(world, root);
  }
}
