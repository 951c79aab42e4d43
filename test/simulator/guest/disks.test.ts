// Proves which nodes and links a Linux guest has for its disks at boot and after each attachment, by
// hypervisor and bus, that the CPI's kind of hint leads to the right volume where letters do not, and
// that what is written to a volume stays on it.
import { expect, test } from '@playwright/test';
import type { GuestDisk } from '../../../simulator/guest/disks.js';
import { testSimulator, type Reply, type TestWorld } from '../../support/simulator-client.js';
import { deployed } from '../../support/simulator-vms.js';
import { attached, createdVolume } from '../../support/simulator-volumes.js';

interface Zone {
  readonly world: TestWorld;
  readonly vmId: string;
}

function runningVm(world = testSimulator(), values = {}): Zone {
  return { world, vmId: deployed(world, world.user, values)['id'] as string };
}

function disksOf({ world, vmId }: Zone): readonly GuestDisk[] {
  return world.simulator.guest(vmId).disks;
}

/** Device nodes with the names of the volumes behind them. */
function layout(zone: Zone): string[] {
  const { volumes } = zone.world.simulator.world;
  return disksOf(zone).map(({ device, volumeId }) => {
    const { type, name } = volumes.require(volumeId);
    return `${device} ${type === 'ROOT' ? 'root' : name}`;
  });
}

function attach({ world, vmId }: Zone, name: string): string {
  const id = createdVolume(world, world.user, { name });
  attached(world.user, id, vmId);
  return id;
}

test('KVM: disks get letters as they come, and leave them to the next', () => {
  const zone = runningVm();
  const first = attach(zone, 'first');
  attach(zone, 'second');
  expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdb first', '/dev/vdc second']);
  zone.world.user.done('detachVolume', { id: first });
  expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdc second']);
  attach(zone, 'third');
  expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdb third', '/dev/vdc second']);
});

test('KVM: after a reboot, and after a stop, they are counted anew without gaps', () => {
  for (const again of [['rebootVirtualMachine'], ['stopVirtualMachine', 'startVirtualMachine']]) {
    const zone = runningVm();
    const first = attach(zone, 'first');
    attach(zone, 'second');
    zone.world.user.done('detachVolume', { id: first });
    for (const command of again) zone.world.user.done(command, { id: zone.vmId });
    expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdb second']);
  }
});

test('the link goes with the volume, whatever its letter', () => {
  const zone = runningVm();
  const first = attach(zone, 'first');
  const second = attach(zone, 'second');
  const link = `/dev/disk/by-id/virtio-${second.replaceAll('-', '').slice(0, 20)}`;
  const deviceBehindLink = (): string | undefined =>
    zone.world.simulator.guest(zone.vmId).disk(link)?.device;
  expect(deviceBehindLink()).toBe('/dev/vdc');
  zone.world.user.done('detachVolume', { id: first });
  zone.world.user.done('rebootVirtualMachine', { id: zone.vmId });
  expect(deviceBehindLink()).toBe('/dev/vdb');
  expect(zone.world.simulator.guest(zone.vmId).disk(link)?.volumeId).toBe(second);
  expect(zone.world.simulator.guest(zone.vmId).disk('/dev/vdc')).toBeUndefined();
});

test('KVM: the controller of the template decides the bus and the links', () => {
  for (const [controller, device, link] of [
    ['scsi', '/dev/sda', 'scsi-0QEMU_QEMU_HARDDISK_'],
    ['ide', '/dev/sda', 'ata-QEMU_HARDDISK_'],
    ['virtio', '/dev/vda', 'virtio-'],
  ] as const) {
    const zone = runningVm(testSimulator(), { 'details[0].rootDiskController': controller });
    const [root] = disksOf(zone);
    expect([root!.device, root!.links[0]]).toEqual([
      device,
      `/dev/disk/by-id/${link}${root!.volumeId.replaceAll('-', '').slice(0, 20)}`,
    ]);
    attach(zone, 'data');
    const dataDevice = { scsi: '/dev/sdb', ide: '/dev/vda', virtio: '/dev/vdb' }[controller];
    expect(disksOf(zone).map((disk) => disk.device)).toContain(dataDevice);
  }
});

test('XenServer: the device id is the letter, with its gap for the CD-ROM, and there are no links', () => {
  const zone = runningVm(testSimulator({ world: 'advanced-xenserver' }));
  for (const name of ['one', 'two', 'four']) attach(zone, name);
  expect(layout(zone)).toEqual([
    '/dev/xvda root',
    '/dev/xvdb one',
    '/dev/xvdc two',
    '/dev/xvde four',
  ]);
  expect(disksOf(zone).flatMap(({ links }) => links)).toEqual([]);
});

test('XenServer: letters stay through detachments and reboots, the lowest free one is given again', () => {
  const zone = runningVm(testSimulator({ world: 'advanced-xenserver' }));
  const { user } = zone.world;
  const [, middle] = ['one', 'two', 'four'].map((name) => attach(zone, name));
  user.done('detachVolume', { id: middle! });
  const without = ['/dev/xvda root', '/dev/xvdb one', '/dev/xvde four'];
  expect(layout(zone)).toEqual(without);
  for (const commands of [
    ['rebootVirtualMachine'],
    ['stopVirtualMachine', 'startVirtualMachine'],
  ]) {
    for (const command of commands) user.done(command, { id: zone.vmId });
    expect(layout(zone)).toEqual(without);
  }
  attach(zone, 'again');
  expect(layout(zone)).toEqual([
    '/dev/xvda root',
    '/dev/xvdb one',
    '/dev/xvdc again',
    '/dev/xvde four',
  ]);
});

test('VMware: SCSI disks get letters as they come, and without gaps after a reboot; no links', () => {
  const zone = runningVm(testSimulator({ world: 'advanced-vmware' }));
  const { user } = zone.world;
  const [first] = ['first', 'second'].map((name) => attach(zone, name));
  expect(layout(zone)).toEqual(['/dev/sda root', '/dev/sdb first', '/dev/sdc second']);
  user.done('detachVolume', { id: first! });
  expect(layout(zone)).toEqual(['/dev/sda root', '/dev/sdc second']);
  user.done('rebootVirtualMachine', { id: zone.vmId });
  expect(layout(zone)).toEqual(['/dev/sda root', '/dev/sdb second']);
  expect(disksOf(zone).flatMap(({ links }) => links)).toEqual([]);
});

test('KVM: a device id of the caller’s choice changes no letter, and decides the order at the next boot', () => {
  const zone = runningVm();
  const { user } = zone.world;
  const late = createdVolume(zone.world, user, { name: 'late' });
  attached(user, late, zone.vmId, { deviceid: 7 });
  attach(zone, 'early');
  expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdb late', '/dev/vdc early']);
  user.done('rebootVirtualMachine', { id: zone.vmId });
  expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdb early', '/dev/vdc late']);
});

test('a root disk that was detached and came back at device 0 is the first again', () => {
  const zone = runningVm();
  const { user, simulator } = zone.world;
  attach(zone, 'data');
  const root = simulator.world.volumes.where('vmId', zone.vmId)[0]!.id;
  user.done('stopVirtualMachine', { id: zone.vmId });
  user.done('detachVolume', { id: root });
  attached(user, root, zone.vmId, { deviceid: 0 });
  user.done('startVirtualMachine', { id: zone.vmId });
  expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdb data']);
});

test('what is written stays on a volume that moves to another pool', () => {
  const zone = runningVm();
  const { user, admin, simulator } = zone.world;
  const id = createdVolume(zone.world, user, { name: 'data' }, 'local.custom');
  attached(user, id, zone.vmId);
  simulator.guest(zone.vmId).writeFile('/dev/vdb', 'marker', 'mine');
  user.done('detachVolume', { id });
  const own = simulator.world.volumes.require(id).poolId;
  const other = simulator.world.storagePools
    .all()
    .find((pool) => pool.scope === 'HOST' && pool.id !== own)!;
  admin.done('migrateVolume', { volumeid: id, storageid: other.id });
  const next = runningVm(zone.world, { startvm: false });
  attached(user, id, next.vmId);
  user.done('startVirtualMachine', { id: next.vmId });
  expect(disksOf(next)[1]).toMatchObject({ volumeId: id, files: { marker: 'mine' } });
});

test('a VM that does not run sees nothing, and sees again what it was given meanwhile', () => {
  const zone = runningVm();
  zone.world.user.done('stopVirtualMachine', { id: zone.vmId });
  expect(() => disksOf(zone)).toThrow('is Stopped: nothing in it can see or ask anything');
  attach(zone, 'meanwhile');
  zone.world.user.done('startVirtualMachine', { id: zone.vmId });
  expect(layout(zone)).toEqual(['/dev/vda root', '/dev/vdb meanwhile']);
});

test('what is written stays on the volume through detachment, another VM and a resize', () => {
  const zone = runningVm();
  const { world } = zone;
  const id = attach(zone, 'data');
  const before = disksOf(zone)[1]!;
  world.simulator.guest(zone.vmId).writeFile('/dev/vdb', 'marker', 'mine');
  world.user.done('detachVolume', { id });
  world.user.done('resizeVolume', { id, size: 20 });
  const other = runningVm(world);
  attached(world.user, id, other.vmId);
  expect(disksOf(other)[1]).toMatchObject({
    identity: before.identity,
    sizeBytes: 20 * 1024 ** 3,
    files: { marker: 'mine' },
  });
});

test('a snapshot keeps what there was when it was taken, and gives it to volumes made from it', () => {
  const world = testSimulator();
  world.simulator.world.settings.set('kvm.snapshot.enabled', true);
  const zone = runningVm(world);
  const volumeid = attach(zone, 'data');
  const guest = world.simulator.guest(zone.vmId);
  guest.writeFile('/dev/vdb', 'marker', 'before');
  const { snapshot } = world.user.done('createSnapshot', { volumeid });
  guest.writeFile('/dev/vdb', 'marker', 'after');
  const { volume } = world.user.done('createVolume', {
    name: 'copy',
    snapshotid: (snapshot as Reply)['id'],
  });
  attached(world.user, (volume as Reply)['id'] as string, zone.vmId);
  const [, data, copy] = disksOf(zone);
  expect([data!.files, copy!.files]).toEqual([{ marker: 'after' }, { marker: 'before' }]);
  expect(copy!.identity).toBe(data!.identity);
});

test('root disks of one template are the same in the beginning, data disks never', () => {
  const world = testSimulator();
  const [one, other] = [runningVm(world), runningVm(world)];
  attach(one, 'data');
  attach(other, 'data');
  const identities = (zone: Zone): string[] => disksOf(zone).map(({ identity }) => identity);
  expect(identities(one)[0]).toBe(identities(other)[0]);
  expect(identities(one)[1]).not.toBe(identities(other)[1]);
});

test('no file without a disk', () => {
  const { world, vmId } = runningVm();
  expect(() => world.simulator.guest(vmId).writeFile('/dev/vdz', 'marker', 'x')).toThrow(
    `VM ${vmId} has no disk at /dev/vdz`,
  );
});
