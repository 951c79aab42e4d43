// Proves what cannot be done to a VM that has snapshots, with the text of each command, nothing
// changing by the attempt; that the same can be done once they are deleted; and what becomes of them
// when the VM is destroyed, recovered, expunged or reinstalled.
import { expect, test } from '@playwright/test';
import type { NicRow } from '../../../../simulator/world/entities.js';
import { attachedVolume, snapshotOf } from '../../../support/simulator-snapshots.js';
import { faultyZone } from '../../../support/faulty-zone.js';
import type { TestClient, Values } from '../../../support/simulator-client.js';
import {
  listedVmSnapshot,
  refusedJob,
  vmSnapshotOf,
  vmWithDisk,
  type VmWithDisk,
} from '../../../support/simulator-vm-snapshots.js';
import { deployed, idOf } from '../../../support/simulator-vms.js';
import {
  attached,
  createdVolume,
  cluster,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';
import { testSimulator } from '../../../support/simulator-client.js';

interface Blocked {
  readonly command: string;
  readonly values: Values;
  readonly client: TestClient;
  readonly errorcode: number;
  readonly errortext: string;
}

/** A stopped VM with a snapshot, and what cannot be done to it. */
function stoppedWithSnapshot(): VmWithDisk & { readonly vmsnapshotid: string; blocked: Blocked[] } {
  const world = testSimulator({ world: twoPools() });
  const { admin, user, simulator } = world;
  const [first, second, third] = ['NET_CS', 'second', 'third'].map((name) =>
    idOf(simulator.world.networks.all(), name),
  ) as [string, string, string];
  const vmId = deployed(world, user, { networkids: first })['id'] as string;
  const volumeId = createdVolume(world, user);
  attached(user, volumeId, vmId);
  const free = createdVolume(world, user, { name: 'free' });
  user.done('addNicToVirtualMachine', { virtualmachineid: vmId, networkid: second });
  const [old, nic] = simulator.world.nics.where('vmId', vmId) as [NicRow, NicRow];
  const vmsnapshotid = vmSnapshotOf(user, vmId)['id'] as string;
  user.done('stopVirtualMachine', { id: vmId });
  const vm = simulator.world.vms.require(vmId);
  const poolId = simulator.world.volumes.require(volumeId).poolId;
  const other = simulator.world.storagePools
    .all()
    .find(({ id, scope }) => id !== poolId && scope === 'CLUSTER')!.id;
  const as = (
    client: TestClient,
    command: string,
    values: Values,
    errortext: string,
    errorcode = 431,
  ) => ({
    client,
    command,
    values,
    errortext,
    errorcode,
  });
  const blocked: Blocked[] = [
    as(
      user,
      'attachVolume',
      { id: free, virtualmachineid: vmId },
      `Unable to attach volume to VM ${vm.name}/${vmId}, please specify a VM that does not have VM snapshots`,
    ),
    as(
      user,
      'detachVolume',
      { id: volumeId },
      'Unable to detach volume, please specify a VM that does not have VM snapshots',
    ),
    as(
      user,
      'resizeVolume',
      { id: volumeId, size: 20 },
      'A volume that is attached to a VM with any VM snapshots cannot be resized.',
      432,
    ),
    as(
      admin,
      'migrateVolume',
      { volumeid: volumeId, storageid: other },
      'Volume cannot be migrated, please remove all VM snapshots for VM to which this volume is attached',
    ),
    as(
      admin,
      'migrateVirtualMachine',
      { virtualmachineid: vmId, storageid: other },
      "VM's disk cannot be migrated, please remove all the VM Snapshots for this VM",
    ),
    as(
      user,
      'restoreVirtualMachine',
      { virtualmachineid: vmId },
      'Unable to restore VM, please remove VM snapshots before restoring VM',
    ),
    as(
      user,
      'addNicToVirtualMachine',
      { virtualmachineid: vmId, networkid: third },
      'NIC cannot be added to VM with VM Snapshots',
    ),
    as(
      user,
      'updateDefaultNicForVirtualMachine',
      { virtualmachineid: vmId, nicid: nic.id },
      'NIC cannot be updated for VM with VM Snapshots',
    ),
    as(
      user,
      'removeNicFromVirtualMachine',
      { virtualmachineid: vmId, nicid: old.id },
      'NIC cannot be removed from VM with VM Snapshots',
    ),
  ];
  return { ...world, vmId, volumeId, vmsnapshotid, blocked };
}

/** One cluster with two shared pools, and networks for more NICs. */
function twoPools(): ReturnType<typeof storageWorld> {
  const description = storageWorld({
    pods: [
      {
        name: 'pod1',
        clusters: [
          cluster('cluster1', ['host1', 'host2'], {
            hypervisor: 'VMware',
            pools: [
              { name: 'one', sizeGib: 1_000 },
              { name: 'two', sizeGib: 1_000 },
            ],
          }),
        ],
      },
    ],
    networks: [
      { name: 'NET_CS', type: 'Isolated', account: 'bosh' },
      { name: 'second', type: 'Isolated', account: 'bosh' },
      { name: 'third', type: 'Isolated', account: 'bosh' },
    ],
  });
  return {
    ...description,
    templates: [
      {
        name: 'ubuntu-jammy',
        zone: 'zone1',
        account: 'admin',
        hypervisor: 'VMware',
        format: 'OVA',
      },
    ],
  };
}

test('what a VM with snapshots is refused, and gets when they are gone', () => {
  const world = stoppedWithSnapshot();
  const { user, simulator, vmsnapshotid, blocked } = world;
  for (const { client, command, values, errorcode, errortext } of blocked) {
    expect(refusedJob(world, client, command, values), command).toEqual({ errorcode, errortext });
  }
  user.done('deleteVMSnapshot', { vmsnapshotid });
  for (const { client, command, values } of blocked) {
    expect(client.run(command, values), command).toMatchObject({ status: 1 });
  }
  assertSound(simulator);
});

test('a snapshot that failed blocks as well', () => {
  const world = vmWithDisk();
  const { user, vmId, volumeId } = world;
  user.done('stopVirtualMachine', { id: vmId });
  const { id } = user.run('createVMSnapshot', { virtualmachineid: vmId });
  expect(listedVmSnapshot(user, id!)).toMatchObject({ state: 'Error' });
  expect(refusedJob(world, user, 'detachVolume', { id: volumeId })).toMatchObject({
    errorcode: 431,
  });
  user.done('deleteVMSnapshot', { vmsnapshotid: id! });
  user.done('detachVolume', { id: volumeId });
});

test('a snapshot of a volume is not gone back to while its VM has snapshots', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId, volumeId } = world;
  simulator.world.settings.set('kvm.snapshot.enabled', true);
  const { id } = snapshotOf(user, volumeId);
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
  user.done('stopVirtualMachine', { id: vmId });
  expect(refusedJob(world, user, 'revertSnapshot', { id })).toEqual({
    errorcode: 431,
    errortext:
      'Unable to revert snapshot for VM, please remove VM snapshots before reverting VM from snapshot',
  });
  user.done('deleteVMSnapshot', { vmsnapshotid });
  expect(user.run('revertSnapshot', { id }).status).toBe(1);
});

test('a VM with snapshots starts, stops, is scaled, and has snapshots of its volumes', () => {
  const world = vmWithDisk('advanced-xenserver');
  const { user, simulator, vmId, volumeId } = world;
  vmSnapshotOf(user, vmId);
  user.done('stopVirtualMachine', { id: vmId });
  const serviceofferingid = idOf(simulator.world.serviceOfferings.all(), 'm1.medium');
  user.call('changeServiceForVirtualMachine', { id: vmId, serviceofferingid });
  user.done('startVirtualMachine', { id: vmId });
  user.done('rebootVirtualMachine', { id: vmId });
  expect(snapshotOf(user, volumeId)).toMatchObject({ state: 'BackedUp' });
  assertSound(simulator);
});

test('a reboot does not come in between; a forced one is no reboot to CloudStack', () => {
  const world = faultyZone([]);
  const { user, simulator } = world;
  const { vmId } = attachedVolume(world, user);
  const { id } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
  const snapshot = simulator.world.vmSnapshots.require(id as string);
  simulator.world.vmSnapshots.move(snapshot, 'RevertRequested');
  const refused = refusedJob(world, user, 'rebootVirtualMachine', { id: vmId });
  expect(refused.errorcode).toBe(530);
  expect(refused.errortext).toMatch(
    /^Unable to reboot VM VM instance \{.*\} due to: \S+ has active VM snapshots tasks$/,
  );
  expect(user.run('rebootVirtualMachine', { id: vmId, forced: true }).status).toBe(1);
});

for (const [preset, kept] of [
  ['advanced-kvm', 0],
  ['advanced-xenserver', 0],
  ['advanced-vmware', 1],
] as const) {
  test(`on ${preset} a destroyed VM keeps ${kept} snapshots, an expunged one none`, () => {
    const world = vmWithDisk(preset);
    const { admin, user, simulator, vmId, volumeId } = world;
    const { id } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
    user.done('destroyVirtualMachine', { id: vmId });
    expect(user.call('listVMSnapshot')['vmSnapshot'] ?? []).toHaveLength(kept);
    // Its data disks are its own no more, whatever the snapshot holds of them.
    expect(simulator.world.volumes.require(volumeId).vmId).toBeNull();
    assertSound(simulator);
    admin.call('recoverVirtualMachine', { id: vmId });
    if (kept === 1) {
      expect(listedVmSnapshot(user, id as string)).toMatchObject({ state: 'Ready', current: true });
    }
    admin.done('destroyVirtualMachine', { id: vmId, expunge: true });
    expect(user.call('listVMSnapshot')).toEqual({});
    assertSound(simulator);
  });
}

test('the account of a VM goes with its snapshots', () => {
  const world = vmWithDisk('advanced-vmware');
  const { admin, user, simulator, vmId } = world;
  vmSnapshotOf(user, vmId);
  const { accountId } = simulator.world.vms.require(vmId);
  admin.done('deleteAccount', { id: accountId });
  expect(simulator.world.vmSnapshots.all()).toEqual([]);
  assertSound(simulator);
});
