import type { JsonObject } from '../../kernel/json.js';
import { usersOf } from './accounts.js';
import { deleteAffinityGroup } from '../compute/affinity-groups.js';
import type { AccountRow, JobRow, VmRow } from '../entities.js';
import { deleteInstanceGroup } from '../compute/instance-groups.js';
import {
  beginShutdown,
  finishShutdown,
  isInUse,
  removeNetwork,
} from '../network/network-deletion.js';
import { takeBackPublicIp } from '../network/public-ips.js';
import { endDedication } from '../network/vlan-ranges.js';
import { beginVpcDeletion, removeVpc, tiersOf } from '../network/vpcs.js';
import { removeSnapshot } from '../storage/snapshots.js';
import { canBeRemoved, removeFromZone } from '../storage/templates.js';
import { destroyVm, expungeVm, isDestroyedVm, stopAtOnce } from '../compute/virtual-machines.js';
import { expungeVolume, isDestroyed } from '../storage/volumes.js';
import type { World } from '../world.js';

/** The task that tries again what was in the way before. */
const CLEANUP_TASK = 'account.cleanup';

/** The tasks of this file, by kind. */
export const accountCleanupTasks: Readonly<
  Record<string, (world: World, args: JsonObject) => void>
> = {
  [CLEANUP_TASK]: (world, { accountId }) => {
    if (typeof accountId !== 'string') throw new Error('a cleanup names no account');
    const account = world.accounts.require(accountId);
    if (account.removedMs !== null) cleanUp(world, account);
    else if (account.state === 'disabled') stopVmsOf(world, account);
  },
};

/** Disables an account, whose VMs are stopped (AccountManagerImpl.disableAccount). */
export function disableAccount(world: World, account: AccountRow): void {
  if (account.state === 'disabled') return;
  world.accounts.move(account, 'Disable');
  stopVmsOf(world, account);
}

/**
 * Removes an account with its users and all that it owns (AccountManagerImpl.deleteAccount). While a
 * job works on something of it, what it owns stays; `account.cleanup.interval` later it is tried
 * again. The job that deletes it does not count.
 */
export function deleteAccount(world: World, account: AccountRow, ownJobId: string): void {
  for (const user of usersOf(world, account.id)) world.users.remove(user);
  for (const member of world.projectMembers.where('accountId', account.id)) {
    world.projectMembers.remove(member);
  }
  for (const permission of world.launchPermissions.where('accountId', account.id)) {
    world.launchPermissions.purge(permission);
  }
  world.accounts.remove(account);
  cleanUp(world, account, ownJobId);
}

/** Stops what runs; a VM that a job works on is left for later. */
function stopVmsOf(world: World, account: AccountRow): void {
  const running = world.vms.where('accountId', account.id).filter((vm) => vm.state === 'Running');
  const idle = running.filter((vm) => !jobsUnderWay(world).some(isAbout(world, vm)));
  for (const vm of idle) stopAtOnce(world, vm);
  note(world, account, running.length > idle.length);
}

function cleanUp(world: World, account: AccountRow, ownJobId?: string): void {
  const isOurs = (job: JobRow): boolean =>
    job.id !== ownJobId && (job.accountId === account.id || ownerIdOf(world, job) === account.id);
  if (jobsUnderWay(world).some(isOurs)) {
    note(world, account, true);
    return;
  }
  removeTemplates(world, account);
  removeSnapshots(world, account);
  for (const vm of world.vms.where('accountId', account.id)) removeVm(world, vm);
  removeDetachedVolumes(world, account);
  for (const group of world.affinityGroups.where('accountId', account.id)) {
    deleteAffinityGroup(world, group);
  }
  for (const pair of world.sshKeyPairs.where('accountId', account.id)) {
    world.sshKeyPairs.purge(pair);
  }
  for (const group of world.instanceGroups.where('accountId', account.id)) {
    deleteInstanceGroup(world, group);
  }
  for (const userData of world.userData.where('accountId', account.id)) {
    world.userData.remove(userData);
  }
  removeNetworks(world, account);
  for (const limit of world.limits.where('ownerId', account.id)) world.limits.remove(limit);
  note(world, account, hasRest(world, account));
}

function hasRest(
  { templates, snapshots, vms, volumes, networks, vpcs }: World,
  account: AccountRow,
): boolean {
  const rows = [
    ...templates.where('accountId', account.id),
    ...vms.where('accountId', account.id),
    ...volumes.where('accountId', account.id),
    ...vpcs.where('accountId', account.id),
    ...[...snapshots.all(), ...networks.all()].filter((row) => row.accountId === account.id),
  ];
  return rows.length > 0;
}

/** Whether something is left to be done, which is tried again later. */
function note(world: World, account: AccountRow, needsCleanup: boolean): void {
  world.accounts.change(account, { needsCleanup });
  if (!needsCleanup) return;
  world.kernel.schedule({
    kind: CLEANUP_TASK,
    args: { accountId: account.id },
    afterMs: world.settings.get('account.cleanup.interval') * 1_000,
  });
}

function jobsUnderWay(world: World): JobRow[] {
  return world.jobs.where('state', 'pending');
}

function isAbout(world: World, vm: VmRow): (job: JobRow) => boolean {
  return (job) => {
    if (job.instanceId === null) return false;
    return job.instanceId === vm.id || world.volumes.get(job.instanceId)?.vmId === vm.id;
  };
}

/** The account that has what a job is about. */
function ownerIdOf(world: World, { instanceId }: JobRow): string | null {
  if (instanceId === null) return null;
  const { vms, volumes, snapshots, templates, networks, publicIps, vpcs } = world;
  const tables = [vms, volumes, snapshots, templates, networks, publicIps, vpcs];
  for (const table of tables) {
    const row = table.get(instanceId);
    if (row !== undefined) return row.accountId;
  }
  return null;
}

/** A template that is being uploaded or fetched stays until that has ended. */
function removeTemplates(world: World, account: AccountRow): void {
  for (const template of world.templates.where('accountId', account.id)) {
    if (!world.templates.allows(template, 'DestroyRequested')) continue;
    const zones = world.templateZones.where('templateId', template.id);
    if (!zones.every((inZone) => canBeRemoved(world, inZone))) continue;
    for (const inZone of zones) {
      removeFromZone(world, { template, inZone });
    }
  }
}

function removeSnapshots(world: World, account: AccountRow): void {
  const own = world.snapshots.all().filter((snapshot) => snapshot.accountId === account.id);
  for (const snapshot of own) {
    // One that is backed up in the background has its task still to come.
    if (snapshot.state !== 'BackingUp') removeSnapshot(world, snapshot);
  }
}

function removeVm(world: World, vm: VmRow): void {
  if (vm.state === 'Running') stopAtOnce(world, vm);
  if (!isDestroyedVm(vm)) {
    // A VM that is stuck between two states stays.
    if (!world.vms.allows(vm, 'DestroyRequested')) return;
    destroyVm(world, vm);
  }
  expungeVm(world, vm);
}

function removeDetachedVolumes(world: World, account: AccountRow): void {
  for (const volume of world.volumes.where('accountId', account.id)) {
    const isAtRest = isDestroyed(volume) || world.volumes.allows(volume, 'DestroyRequested');
    if (volume.vmId === null && isAtRest) expungeVolume(world, volume);
  }
}

/** Networks that VMs of others use stay, and so do their VPCs and the addresses that belong to them. */
function removeNetworks(world: World, account: AccountRow): void {
  const networks = world.networks.all().filter((network) => network.accountId === account.id);
  const unused = networks.filter((network) => !isInUse(world, network));
  for (const network of unused) {
    beginShutdown(world, network);
    finishShutdown(world, network);
    removeNetwork(world, network);
  }
  const vpcs = world.vpcs.where('accountId', account.id);
  const empty = vpcs.filter((vpc) => tiersOf(world, vpc.id).length === 0);
  for (const vpc of empty) {
    beginVpcDeletion(world, vpc);
    removeVpc(world, vpc);
  }
  if (unused.length < networks.length || empty.length < vpcs.length) return;
  for (const publicIp of world.publicIps.all()) {
    if (publicIp.accountId === account.id) takeBackPublicIp(world, publicIp);
  }
  endDedication(world, account.id);
}
