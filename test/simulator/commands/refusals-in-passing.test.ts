// Refusals that come only while something else is under way, or between two zones: a VM whose root
// volume is being copied is not destroyed, nor a template that is on its way deleted, no volume is
// attached across zones, and no VM is found by a hypervisor that does not exist.
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { testSimulator } from '../../support/simulator-client.js';
import { allowRunningSnapshots } from '../../support/simulator-snapshots.js';
import { deployed, diskOfferingId, listed } from '../../support/simulator-vms.js';

test('a VM is not destroyed while a snapshot of its root volume is on its way', () => {
  const world = testSimulator();
  allowRunningSnapshots(world);
  const { user } = world;
  const id = deployed(world, user)['id'] as string;
  const [root] = user.call('listVolumes', { virtualmachineid: id, type: 'ROOT' })['volume'];
  user.call('createSnapshot', { volumeid: root.id, asyncbackup: true });
  expect(user.run('destroyVirtualMachine', { id })).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext:
        'There is/are unbacked up snapshot(s) on ROOT volume, vm destroy is not permitted, ' +
        'please try again later.',
    },
  });
  expect(listed(user, { id })).toMatchObject({ state: 'Running' });
});

test('a hypervisor that CloudStack does not know finds no VM', () => {
  const { user } = testSimulator();
  expect(user.fails('listVirtualMachines', { hypervisor: 'Bochs' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid HypervisorType Bochs',
  });
});

test('a volume is attached to a VM of its zone only', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const virtualmachineid = deployed(world, user)['id'] as string;
  const diskofferingid = diskOfferingId(world, 'shared.custom');
  const zoneid = simulator.world.zones.all()[0]!.id;
  const { id } = user.run('createVolume', { zoneid, diskofferingid, size: 1, name: 'far' });
  const volume = simulator.world.volumes.require(id!);
  const here = simulator.world.zones.all()[0]!;
  const there = { ...here, id: randomUUID(), internalId: here.internalId + 1, name: 'zone2' };
  simulator.world.volumes.change(volume, { zoneId: simulator.world.zones.insert(there).id });
  expect(user.run('attachVolume', { id: id!, virtualmachineid })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Please specify a VM that is in the same zone as the volume.' },
  });
  expect(volume.vmId).toBeNull();
});

test('a template is not deleted while it is being downloaded', () => {
  const { admin, simulator } = testSimulator();
  const [inZone] = simulator.world.templateZones.all();
  simulator.world.templateZones.change(inZone!, { downloadState: 'DOWNLOAD_IN_PROGRESS' });
  expect(admin.run('deleteTemplate', { id: inZone!.templateId })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Please specify a template that is not currently being downloaded.' },
  });
  expect(simulator.world.templateZones.all()).toContain(inZone);
});
