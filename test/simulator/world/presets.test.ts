// Every preset deploys a VM with data disks, and what differs by hypervisor does: formats, OS types,
// local pools, disk controllers, snapshots of running VMs, resizing. Each is described on the page.
import { expect, test } from '@playwright/test';
import { presetTexts, presets } from '../../../simulator/world/presets/index.js';
import type { Reply, TestWorld } from '../../support/simulator-client.js';
import { testSimulator } from '../../support/simulator-client.js';
import { deployed } from '../../support/simulator-vms.js';
import { assertSound } from '../../support/sound-world.js';

const hypervisors = [
  {
    preset: 'advanced-kvm',
    hypervisor: 'KVM',
    format: 'QCOW2',
    osType: 'Other PV (64-bit)',
    localPool: 'Filesystem',
  },
  {
    preset: 'advanced-xenserver',
    hypervisor: 'XenServer',
    format: 'VHD',
    osType: 'Other PV (64-bit)',
    localPool: 'EXT',
  },
  {
    preset: 'advanced-vmware',
    hypervisor: 'VMware',
    format: 'OVA',
    osType: 'Other Linux (64-bit)',
    localPool: 'VMFS',
  },
] as const;

const ROOM_GIB = 1;

function disksOf({ user }: TestWorld, virtualmachineid: string): Reply[] {
  return user.call('listVolumes', { virtualmachineid, type: 'DATADISK' })['volume'] as Reply[];
}

function offeringNamed({ simulator }: TestWorld, name: string): string {
  return simulator.world.diskOfferings.all().find((row) => row.name === name)!.id;
}

for (const { preset, hypervisor, format, osType, localPool } of hypervisors) {
  test(`${preset}: a VM with data disks, whose device ids leave out that of the CD-ROM`, () => {
    const world = testSimulator({ world: preset });
    const { simulator, user, admin } = world;
    const diskofferingid = offeringNamed(world, 'ephemeral');
    const vm = deployed(world, user, { diskofferingid, size: ROOM_GIB });
    expect(vm['hypervisor']).toBe(hypervisor);
    const zoneid = vm['zoneid'] as string;
    expect(user.call('listHypervisors', { zoneid })['hypervisor']).toEqual([{ name: hypervisor }]);
    for (const name of ['a', 'b', 'c']) {
      const disk = { name, zoneid, diskofferingid, size: ROOM_GIB };
      const { volume } = user.done('createVolume', disk);
      user.done('attachVolume', { id: volume.id, virtualmachineid: vm['id'] });
    }
    const deviceIds = disksOf(world, vm['id'] as string).map(({ deviceid }) => deviceid as number);
    expect(deviceIds.sort()).toEqual([1, 2, 4, 5]);
    const [template] = user.call('listTemplates', { templatefilter: 'featured' })['template'];
    expect(template).toMatchObject({ format, hypervisor, ostypename: osType });
    const local = admin.call('listStoragePools', { scope: 'HOST' })['storagepool'] as Reply[];
    expect(new Set(local.map(({ type }) => type as string))).toEqual(new Set([localPool]));
    assertSound(simulator);
  });

  test(`${preset}: snapshots of a running VM, and another size`, () => {
    const world = testSimulator({ world: preset });
    const { user } = world;
    const diskofferingid = offeringNamed(world, 'ephemeral');
    const vm = deployed(world, user, { diskofferingid, size: ROOM_GIB });
    const [disk] = disksOf(world, vm['id'] as string);
    const snapshot = user.send('createSnapshot', { volumeid: disk!['id'] });
    expect(snapshot.status === 200).toBe(hypervisor !== 'KVM');
    world.simulator.kernel.advanceUntilIdle();
    const resized = user.run('resizeVolume', { id: disk!['id'], size: ROOM_GIB + 1 });
    expect(resized.status).toBe(hypervisor === 'XenServer' ? 2 : 1);
    user.done('stopVirtualMachine', { id: vm['id'] });
    expect(user.run('resizeVolume', { id: disk!['id'], size: ROOM_GIB + 2 }).status).toBe(1);
  });
}

test('only VMs on VMware name their disk controllers', () => {
  const controllers = (preset: string, values = {}): (string | undefined)[] => {
    const world = testSimulator({ world: preset });
    const details = deployed(world, world.user, { startvm: false, ...values })['details'] as Reply;
    return [details['rootDiskController'], details['dataDiskController']];
  };
  expect(controllers('advanced-kvm')).toEqual([undefined, undefined]);
  expect(controllers('advanced-xenserver')).toEqual([undefined, undefined]);
  expect(controllers('advanced-vmware')).toEqual(['ide', 'osdefault']);
  const scsi = { 'details[0].rootDiskController': 'pvscsi' };
  expect(controllers('advanced-vmware', scsi)).toEqual(['pvscsi', 'pvscsi']);
  const both = { ...scsi, 'details[0].dataDiskController': 'lsilogic' };
  expect(controllers('advanced-vmware', both)).toEqual(['pvscsi', 'lsilogic']);
});

test('each preset is described', () => {
  expect(Object.keys(presetTexts)).toEqual(Object.keys(presets));
});
