// Proves what compute offerings say of root disks by a disk offering that they are linked with, strictly
// or not, and what comes of it for deployments, other sizes and other offerings.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployment, idOf, refusedUnchanged } from '../../../support/simulator-vms.js';
import { listedVolume } from '../../../support/simulator-volumes.js';
import { readyIso } from '../../../support/isos.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 2 ** 30;
const SIZE = { cpunumber: 1, cpuspeed: 500, memory: 512 };

interface Linked extends TestWorld {
  readonly diskOffering: string;
  readonly offering: Reply;
}

/** A compute offering of which root disks have a disk offering of 20 GiB. */
function linkedOffering(values: Values = {}): Linked {
  const world = testSimulator();
  const { admin } = world;
  const disk = admin.call('createDiskOffering', {
    name: 'root20',
    displaytext: '20',
    disksize: 20,
  });
  const diskOffering = (disk['diskoffering'] as Reply)['id'] as string;
  const asked = { name: 'linked', displaytext: 'linked', ...SIZE, diskofferingid: diskOffering };
  const offering = admin.call('createServiceOffering', { ...asked, ...values })['serviceoffering'];
  return { ...world, diskOffering, offering: offering as Reply };
}

/** Deploys a VM of the offering; answers its root volume as its owner sees it. */
function rootOf(world: Linked, values: Values = {}): Reply {
  const { user, offering, simulator } = world;
  const asked = deployment(world, { serviceofferingid: offering['id'] as string, ...values });
  const vm = user.done('deployVirtualMachine', asked)['virtualmachine'] as Reply;
  const volumes = simulator.world.volumes.where('vmId', vm['id'] as string);
  return listedVolume(user, volumes.find(({ type }) => type === 'ROOT')!.id)!;
}

test('it shows the disk offering, and what that says of root disks', () => {
  const { user, offering, diskOffering } = linkedOffering();
  expect(offering).toMatchObject({
    diskofferingid: diskOffering,
    diskofferingname: 'root20',
    diskofferingdisplaytext: '20',
    diskofferingstrictness: false,
    rootdisksize: 20,
    storagetype: 'shared',
  });
  const { serviceoffering } = user.call('listServiceOfferings', { id: offering['id'] });
  expect(serviceoffering[0]).toEqual(offering);
  const others = user.call('listServiceOfferings')['serviceoffering'] as Reply[];
  expect(others.filter((row) => 'diskofferingid' in row)).toHaveLength(1);
});

test('root disks have that offering and its size, whatever size is asked for', () => {
  const world = linkedOffering();
  const root = rootOf(world, { rootdisksize: 50 });
  expect(root).toMatchObject({ diskofferingname: 'root20', size: 20 * GIB });
  expect(root).not.toHaveProperty('serviceofferingid');
  assertSound(world.simulator);
});

test('what is installed from an ISO needs no disk offering then', () => {
  const world = linkedOffering();
  const templateid = readyIso(world, world.user);
  const root = rootOf(world, { templateid, hypervisor: 'KVM' });
  expect(root).toMatchObject({ diskofferingname: 'root20', size: 20 * GIB, isoid: templateid });
});

test('another disk offering can be asked for, unless the offering is strict', () => {
  const world = linkedOffering();
  const other = idOf(world.simulator.world.diskOfferings.all(), 'shared.custom');
  const root = rootOf(world, { overridediskofferingid: other, rootdisksize: 8 });
  expect(root).toMatchObject({ diskofferingname: 'shared.custom', size: 8 * GIB });

  const strict = linkedOffering({ diskofferingstrictness: true });
  const { internalId } = strict.simulator.world.diskOfferings.require(other);
  const serviceofferingid = strict.offering['id'] as string;
  const asked = deployment(strict, { serviceofferingid, overridediskofferingid: other });
  expect(refusedUnchanged(strict, strict.user, 'deployVirtualMachine', asked)).toMatchObject({
    errorcode: 431,
    errortext: `Cannot override disk offering id ${internalId} since provided service offering is strictly mapped to its disk offering`,
  });
});

test('where the offering is strict, root disks keep theirs, and VMs theirs', () => {
  const world = linkedOffering({ diskofferingstrictness: true });
  const { user, admin, simulator, offering } = world;
  const { id, name, virtualmachineid } = rootOf(world);
  user.done('stopVirtualMachine', { id: virtualmachineid });
  const other = idOf(simulator.world.diskOfferings.all(), 'shared.custom');
  const values = { id: id as string, diskofferingid: other, size: 30 };
  const kept = `Cannot resize ROOT volume [${String(name)}] with new disk offering since existing disk offering is strictly assigned to the ROOT volume.`;
  expect(user.run('resizeVolume', values)).toMatchObject({
    resultcode: 432,
    result: { errortext: kept },
  });
  expect(user.run('changeOfferingForVolume', values)).toMatchObject({
    resultcode: 431,
    result: { errortext: kept },
  });
  const scaledTo = (serviceofferingid: string) =>
    refusedUnchanged(world, admin, 'changeServiceForVirtualMachine', {
      id: virtualmachineid as string,
      serviceofferingid,
    }).errortext;
  const plain = simulator.world.serviceOfferings.all().find((row) => row.diskOfferingId === null)!;
  expect(scaledTo(plain.id)).toBe(
    'Unable to Scale VM, since disk offering strictness flag is not same for new service offering and old service offering',
  );
  const own = { name: 'own', displaytext: 'own', ...SIZE, diskofferingstrictness: true };
  const { serviceoffering } = admin.call('createServiceOffering', own);
  expect(scaledTo((serviceoffering as Reply)['id'] as string)).toBe(
    'Unable to Scale VM, since disk offering id associated with the old service offering is not same for new service offering',
  );
  expect(simulator.world.vms.require(virtualmachineid as string).serviceOfferingId).toBe(
    offering['id'],
  );
});

test('root disks of an offering with a size of its own get no other size by themselves', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const fixed = { name: 'fixed', displaytext: 'fixed', ...SIZE, rootdisksize: 20 };
  const { serviceoffering } = admin.call('createServiceOffering', fixed);
  const serviceofferingid = (serviceoffering as Reply)['id'] as string;
  const vm = user.done('deployVirtualMachine', deployment(world, { serviceofferingid }));
  const id = (vm['virtualmachine'] as Reply)['id'] as string;
  user.done('stopVirtualMachine', { id });
  const root = simulator.world.volumes.where('vmId', id)[0]!;
  expect(user.run('resizeVolume', { id: root.id, size: 30 })).toMatchObject({
    resultcode: 432,
    result: {
      errortext: expect.stringMatching(
        /^Failed to resize Root volume\. The service offering of this Volume has been configured with a root disk size; /,
      ),
    },
  });
  expect(root.sizeBytes).toBe(20 * GIB);
});
