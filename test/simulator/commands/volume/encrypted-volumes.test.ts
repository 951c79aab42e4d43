// Proves what offerings with encryption allow: disks of VMs on KVM alone, of which nothing is copied to
// elsewhere: no snapshot of a running VM, nothing made of snapshots, no extract, no other pool.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, deployment, idOf, refusedUnchanged } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

/** A world with a custom disk offering and a compute offering that encrypt. */
function encryptingWorld(world: TestWorld = testSimulator()): TestWorld {
  const { admin } = world;
  const disk = { name: 'secret', displaytext: 'secret', customized: true, encrypt: true };
  expect(admin.call('createDiskOffering', disk)['diskoffering']).toMatchObject({ encrypt: true });
  const compute = { name: 'secret', displaytext: 'x', cpunumber: 1, cpuspeed: 500, memory: 512 };
  const made = admin.call('createServiceOffering', { ...compute, encryptroot: true });
  expect(made['serviceoffering']).toMatchObject({ encryptroot: true });
  return world;
}

/** A VM that runs, and an encrypted data disk of it. */
function diskInUse(world: TestWorld): { vmId: string; diskId: string } {
  const { id } = deployed(world, world.user);
  const diskId = createdVolume(world, world.user, {}, 'secret');
  attached(world.user, diskId, id as string);
  return { vmId: id as string, diskId };
}

test('lists find what encrypts, and what is encrypted', () => {
  const world = encryptingWorld();
  const { admin, user } = world;
  const names = (command: string, key: string, values: Values): unknown[] =>
    ((admin.call(command, { listall: true, ...values })[key] ?? []) as Reply[]).map(
      ({ name }) => name,
    );
  expect(names('listDiskOfferings', 'diskoffering', { encrypt: true })).toEqual(['secret']);
  expect(names('listDiskOfferings', 'diskoffering', { encrypt: false })).not.toContain('secret');
  const { diskId } = diskInUse(world);
  expect(listedVolume(user, diskId)).toMatchObject({ encryptformat: 'luks' });
  expect(names('listVolumes', 'volume', { isencrypted: true })).toEqual(['disk']);
  expect(names('listVolumes', 'volume', { isencrypted: false })).not.toContain('disk');
  const never = createdVolume(world, user, { name: 'never' }, 'secret');
  expect(listedVolume(user, never)).not.toHaveProperty('encryptformat');
  expect(names('listVolumes', 'volume', { isencrypted: false })).toContain('never');
  const found = user.call('listServiceOfferings')['serviceoffering'] as Reply[];
  const onlyThose = user.call('listServiceOfferings', { encryptroot: true })['serviceoffering'];
  expect(onlyThose).toEqual(found.filter((row) => row['encryptroot'] === true));
});

test('nothing is read of a disk while a VM uses it', () => {
  const world = encryptingWorld();
  const { user, simulator } = world;
  simulator.world.settings.set('kvm.snapshot.enabled', true);
  const { vmId, diskId } = diskInUse(world);
  expect(user.run('createSnapshot', { volumeid: diskId })).toMatchObject({
    resultcode: 432,
    result: {
      errortext:
        'Failed to create snapshot due to unsupported operation: Volume snapshots for encrypted volumes are not supported if VM is running',
    },
  });
  const policy = { volumeid: diskId, intervaltype: 'HOURLY', schedule: '1', timezone: 'GMT' };
  const refused = refusedUnchanged(world, world.admin, 'createSnapshotPolicy', {
    ...policy,
    maxsnaps: 1,
  });
  expect([refused.errorcode, refused.errortext]).toEqual([
    530,
    `Encrypted volumes don't support snapshot schedules, cannot create snapshot policy for the volume [${diskId}]`,
  ]);
  user.done('stopVirtualMachine', { id: vmId });
  expect(user.run('createSnapshot', { volumeid: diskId }).status).toBe(1);
  assertSound(simulator);
});

test('nothing is made of it or of its snapshots, and it stays where it is', () => {
  const world = encryptingWorld();
  const { user, admin, simulator } = world;
  const { vmId, diskId } = diskInUse(world);
  user.done('stopVirtualMachine', { id: vmId });
  const { snapshot } = user.done('createSnapshot', { volumeid: diskId });
  const snapshotid = (snapshot as Reply)['id'] as string;
  const zoneid = simulator.world.zones.all()[0]!.id;
  const template = { name: 'x', ostypeid: simulator.world.osTypes.all()[0]!.id };
  for (const [command, values, text] of [
    [
      'createVolume',
      { name: 'x', snapshotid },
      'Cannot create new volumes from encrypted volume snapshots',
    ],
    [
      'createTemplate',
      { ...template, volumeid: diskId },
      'Cannot create templates from encrypted volumes',
    ],
    [
      'createTemplate',
      { ...template, snapshotid },
      'Cannot create templates from snapshots of encrypted volumes',
    ],
  ] as const) {
    const { errorcode, errortext } = refusedUnchanged(world, admin, command, values);
    expect([errorcode, errortext]).toEqual([530, text]);
  }
  expect(user.run('extractVolume', { id: diskId, zoneid, mode: 'HTTP_DOWNLOAD' })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Extraction of encrypted volumes is unsupported' },
  });
  const { poolId } = simulator.world.volumes.require(diskId);
  const storageid = simulator.world.storagePools.all().find(({ id }) => id !== poolId)!.id;
  expect(admin.run('migrateVolume', { volumeid: diskId, storageid })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Migration of encrypted volumes is unsupported' },
  });
  const other = idOf(simulator.world.diskOfferings.all(), 'shared.custom');
  const changed = { id: diskId, diskofferingid: other, size: 20 };
  expect(user.run('changeOfferingForVolume', changed)).toMatchObject({
    resultcode: 431,
    result: {
      errortext:
        'Cannot change the encryption type of a volume, please check the selected offering',
    },
  });
  assertSound(simulator);
});

test('only KVM encrypts: root disks are refused elsewhere, and data disks where they are attached', () => {
  const world = encryptingWorld(testSimulator({ world: 'advanced-vmware' }));
  const { user, simulator } = world;
  const serviceofferingid = idOf(simulator.world.serviceOfferings.all(), 'secret');
  const asked = deployment(world, { serviceofferingid });
  expect(refusedUnchanged(world, user, 'deployVirtualMachine', asked)).toMatchObject({
    errorcode: 431,
    errortext: 'Root volume encryption is not supported for hypervisor type VMware',
  });
  const { id } = deployed(world, user);
  const disk = createdVolume(world, user, {}, 'secret');
  expect(user.run('attachVolume', { id: disk, virtualmachineid: id as string })).toMatchObject({
    resultcode: 431,
    result: {
      errortext:
        "Volume's disk offering has encryption enabled, but volume encryption is not supported for hypervisor type VMware",
    },
  });
  const withDisk = deployment(world, {
    diskofferingid: idOf(simulator.world.diskOfferings.all(), 'secret'),
    size: 1,
  });
  expect(user.run('deployVirtualMachine', withDisk)).toMatchObject({ status: 2, resultcode: 533 });
  assertSound(simulator);
});

test('VMs go from offerings that encrypt to others that do, root disks likewise', () => {
  const world = encryptingWorld();
  const { user, admin, simulator } = world;
  const serviceofferingid = idOf(simulator.world.serviceOfferings.all(), 'secret');
  const vm = user.done('deployVirtualMachine', deployment(world, { serviceofferingid }));
  const id = (vm['virtualmachine'] as Reply)['id'] as string;
  user.done('stopVirtualMachine', { id });
  const plain = simulator.world.serviceOfferings.all().find(({ encrypts }) => !encrypts)!;
  const scaled = { id, serviceofferingid: plain.id };
  expect(refusedUnchanged(world, admin, 'changeServiceForVirtualMachine', scaled).errortext).toBe(
    'Cannot change the encryption type of a volume, please check the selected offering',
  );
  const root = simulator.world.volumes.where('vmId', id)[0]!.id;
  const other = idOf(simulator.world.diskOfferings.all(), 'shared.custom');
  expect(user.run('resizeVolume', { id: root, diskofferingid: other, size: 20 })).toMatchObject({
    resultcode: 432,
    result: {
      errortext:
        "Current disk offering's encryption(true) does not match target disk offering's encryption(false)",
    },
  });
});
