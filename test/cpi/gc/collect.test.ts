// Proves that gc finds what killed calls left, of each kind, and never what is in use, young, of
// somebody else or known to a Director; against the simulated zone, in a day's time.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { filterOf } from '../../budgets/filters.js';
import { readRequest, type SentRequest } from '../../budgets/requests.js';
import { at, directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { subnet } from '../methods/network-requests.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';

const dayMs = 24 * 3_600_000;
const networks = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
const properties = {
  disk: 1024,
  ephemeral_disk_offering: 'ephemeral',
  affinity_group: 'web',
  lbs: [{ name: 'web', public_port: 80, private_port: 8080 }],
};
const world = {
  ...advancedKvm,
  settings: { 'allow.user.expunge.recover.vm': true, 'kvm.snapshot.enabled': true },
};

async function createVm(zone: CpiZone): Promise<string> {
  return ((await zone.result('create_vm', vmArguments({ networks, properties }))) as [string])[0];
}

async function createDisk(zone: CpiZone, more = {}): Promise<string> {
  const args = [1024, { disk_offering: 'shared.custom', ...more }, null];
  return (await zone.result('create_disk', args)) as string;
}

async function kindsFound(zone: CpiZone, options = {}): Promise<string[]> {
  const found = await zone.gc({ isToBeDeleted: false, ...options });
  return found.map(
    ({ forgotten: { kind }, outcome }) =>
      `${kind} ${typeof outcome === 'string' ? outcome : outcome.failed}`,
  );
}

test('what Directors use or know of is never found, however old', async () => {
  await using zone = await startZone({ world }, 'direct');
  const vm = await createVm(zone);
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('snapshot_disk', [disk, { director: 'd' }]);
  const detached = await createDisk(zone, { name: 'data' });
  await zone.result('attach_disk', [vm, detached]);
  await zone.result('detach_disk', [vm, detached]);
  const unused = await createDisk(zone);
  await zone.result('set_disk_metadata', [unused, { director: 'd' }]);
  await zone.result('create_network', subnet());
  zone.simulator.kernel.advanceBy(30 * dayMs);
  expect(await kindsFound(zone, { isToBeDeleted: true })).toEqual([]);
});

test('what others made is never found', async () => {
  await using zone = await startZone({ world }, 'direct');
  const { user } = zone;
  const zoneid = String(at(user.call('listZones'), 'zone', 0, 'id'));
  const offering = String(
    at(user.call('listDiskOfferings', { name: 'ephemeral' }), 'diskoffering', 0, 'id'),
  );
  user.call('createVolume', { name: 'disk-of-mine', zoneid, diskofferingid: offering, size: 1 });
  user.call('createAffinityGroup', {
    name: 'mine',
    type: 'host anti-affinity',
    description: 'bosh',
  });
  user.call('deployVirtualMachine', {
    name: 'vm-of-mine',
    zoneid,
    templateid: String(
      at(user.call('listTemplates', { templatefilter: 'executable' }), 'template', 0, 'id'),
    ),
    serviceofferingid: String(at(user.call('listServiceOfferings'), 'serviceoffering', 0, 'id')),
    networkids: String(at(user.call('listNetworks'), 'network', 0, 'id')),
  });
  zone.simulator.kernel.advanceBy(30 * dayMs);
  expect(await kindsFound(zone)).toEqual([]);
});

test('a VM without metadata is found when it is old, told of, and removed with all that it holds', async () => {
  await using zone = await startZone({ world }, 'direct');
  await zone.result('delete_vm', [await createVm(zone)]);
  const before = zone.holdings();
  const vm = await createVm(zone);
  expect(await kindsFound(zone)).toEqual([]);
  zone.simulator.kernel.advanceBy(dayMs);
  const held = zone.holdings();
  expect(await kindsFound(zone, { directorUuid: 'another' })).toEqual([]);
  expect(await kindsFound(zone)).toEqual(['VM found']);
  expect(zone.holdings()).toEqual(held);
  const [collected] = await zone.gc({ directorUuid });
  expect(collected).toMatchObject({ forgotten: { kind: 'VM', id: vm }, outcome: 'deleted' });
  expect(zone.holdings()).toEqual(before);
});

test('a disk that was never attached is found; one that is not a day old is not', async () => {
  await using zone = await startZone({ world }, 'direct');
  await createDisk(zone, { name: 'data' });
  zone.simulator.kernel.advanceBy(dayMs - 60_000);
  expect(await kindsFound(zone)).toEqual([]);
  zone.simulator.kernel.advanceBy(120_000);
  expect(await kindsFound(zone, { isToBeDeleted: true })).toEqual(['volume deleted']);
  expect(zone.user.call('listVolumes')).toEqual({});
});

test('a running VM with a persistent disk is told of and left, until somebody stops it', async () => {
  await using zone = await startZone({ world }, 'direct');
  const vm = await createVm(zone);
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk]);
  zone.simulator.kernel.advanceBy(dayMs);
  const [collected] = await zone.gc();
  expect(JSON.stringify(collected?.outcome)).toContain(`it is Running and carries disk disk-`);
  expect(await zone.result('has_vm', [vm])).toBe(true);
  zone.user.run('stopVirtualMachine', { id: vm });
  expect(await kindsFound(zone, { isToBeDeleted: true })).toEqual([
    'VM deleted',
    'affinity group deleted',
  ]);
  expect(await zone.result('has_disk', [disk])).toBe(true);
});

test('a running VM whose tags somebody took off is told of and left, until somebody stops it', async () => {
  await using zone = await startZone({ world }, 'direct');
  const vm = await createVm(zone);
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
  zone.user.run('deleteTags', { resourcetype: 'UserVm', resourceids: vm });
  zone.simulator.kernel.advanceBy(dayMs);
  const [collected] = await zone.gc();
  expect(JSON.stringify(collected?.outcome)).toContain('it runs without tags');
  expect(await zone.result('has_vm', [vm])).toBe(true);
  zone.user.run('stopVirtualMachine', { id: vm });
  const [stopped] = await zone.gc();
  expect(stopped).toMatchObject({ forgotten: { id: vm }, outcome: 'deleted' });
});

test('without a Date header ages count to the newest creation, and never by the clock of this machine', async () => {
  await using zone = await startZone({ world }, 'direct');
  const isDelete = { isToBeDeleted: true, date: undefined };
  await createDisk(zone);
  // The simulated zone begins in the past of any machine: all in it would seem to be old.
  expect(await kindsFound(zone, isDelete)).toEqual([]);
  zone.simulator.kernel.advanceBy(365 * dayMs);
  expect(await kindsFound(zone, isDelete)).toEqual([]);
  const young = await createDisk(zone);
  expect(await kindsFound(zone, isDelete)).toEqual(['volume deleted']);
  expect(await zone.result('has_disk', [young])).toBe(true);
});

test('a disk that a Director may know of is found a day later, however young things may be', async () => {
  await using zone = await startZone({ world }, 'direct');
  const vm = await createVm(zone);
  await createDisk(zone);
  const properties = { state_timeout: 60, state_timeout_volume: 60, state_timeout_snapshot: 60 };
  const hurried = { olderThanMs: 60_000, properties };
  zone.simulator.kernel.advanceBy(10 * 60_000);
  expect(await kindsFound(zone, hurried)).toEqual([]);
  zone.simulator.kernel.advanceBy(2 * 60_000);
  expect(await zone.gc({ ...hurried, isToBeDeleted: false })).toMatchObject([
    { forgotten: { kind: 'VM', id: vm } },
  ]);
  zone.simulator.kernel.advanceBy(dayMs);
  expect(await kindsFound(zone, hurried)).toEqual(['VM found', 'volume found']);
});

for (const [what, properties] of [
  ['a snapshot', { state_timeout_snapshot: 12 * 3600 }],
  ['a snapshot', { timeout: { snapshot_volume: 12 * 3600 } }],
  ['a template', { timeout: { poll_template: 12 * 3600 } }],
] as const) {
  test(`what ${what} may take counts, however little is asked for: ${JSON.stringify(properties)}`, async () => {
    await using zone = await startZone({ world }, 'direct');
    const vm = await createVm(zone);
    const disk = await createDisk(zone);
    await zone.result('attach_disk', [vm, disk]);
    await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
    const snapshot = await zone.result('snapshot_disk', [disk, {}]);
    // As long as the call that takes it has not come to its end.
    zone.user.run('createTags', {
      resourcetype: 'Snapshot',
      resourceids: String(snapshot),
      'tags[0].key': 'bosh-cpi-unfinished',
      'tags[0].value': 'true',
    });
    const hurried = { olderThanMs: 60_000, properties };
    zone.simulator.kernel.advanceBy(12 * 3_600_000);
    expect(await kindsFound(zone, hurried)).toEqual([]);
    zone.simulator.kernel.advanceBy(2 * 3_600_000);
    expect(await kindsFound(zone, hurried)).toEqual(['snapshot found']);
  });
}

test('what tells no time of its creation is left alone', async () => {
  await using zone = await startZone({ world }, 'direct');
  await createVm(zone);
  await createDisk(zone);
  zone.simulator.kernel.advanceBy(30 * dayMs);
  const timeless = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const response = await transport.send(request);
      const body = response.body.replace(/"(created|allocated)":"[^"]*"/g, '"$1":""');
      return { ...response, body };
    },
  });
  expect(await kindsFound(zone, { isToBeDeleted: true, through: timeless })).toEqual([]);
  expect(await kindsFound(zone)).toEqual(['VM found', 'volume found']);
});

test('a network that its call did not come to mark is found, and whose it is', async () => {
  await using zone = await startZone({ world }, 'direct');
  await new Promise<void>((resolve) => {
    const through = (transport: Transport): Transport => ({
      close: () => {
        transport.close();
      },
      send: (request) => {
        const { body } = request;
        const isMark = typeof body === 'string' && body.includes('command=createTags&');
        if (!isMark) return transport.send(request);
        resolve();
        return new Promise(() => undefined);
      },
    });
    void zone.call('create_network', subnet(), { through });
  });
  zone.simulator.kernel.advanceBy(2 * dayMs);
  expect(await kindsFound(zone, { directorUuid: 'another' })).toEqual([]);
  expect(await kindsFound(zone, { directorUuid, isToBeDeleted: true })).toEqual([
    'network deleted',
  ]);
  expect(await kindsFound(zone)).toEqual([]);
});

test('a network whose tags somebody took off stays while a VM is in it; one with a VLAN also then', async () => {
  await using zone = await startZone({ world }, 'direct');
  const as = 'Admin';
  const vlan = { vlan: 666, network_offering: 'DefaultIsolatedNetworkOffering' };
  const request = subnet({ range: '10.66.0.0/24' }, vlan);
  const [name] = (await zone.result('create_network', request, { as })) as [string];
  const dynamic = { type: 'dynamic', cloud_properties: { name } };
  const networks = { dynamic };
  const [vm] = (await zone.result('create_vm', vmArguments({ networks }), { as })) as [string];
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }], { as });
  zone.admin.done('stopVirtualMachine', { id: vm });
  zone.admin.call('deleteTags', { resourceids: name, resourcetype: 'Network' });
  zone.simulator.kernel.advanceBy(2 * dayMs);
  expect(await kindsFound(zone, { as, isToBeDeleted: true })).toEqual([]);
  await zone.result('delete_vm', [vm], { as });
  // One with a VLAN of its own looks the same before its first VM, and after its last.
  const [told] = await kindsFound(zone, { as, isToBeDeleted: true });
  expect(told).toMatch(/^network it has a VLAN of its own, .*delete it \(deleteNetwork\)$/);
  expect(at(zone.admin.call('listNetworks', { id: name }), 'network', 0)).toMatchObject({
    id: name,
  });
});

test('no list is asked for without a filter', async () => {
  await using zone = await startZone({ world }, 'direct');
  await createVm(zone);
  await createDisk(zone);
  zone.simulator.kernel.advanceBy(dayMs);
  const requests: SentRequest[] = [];
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      requests.push(readRequest(request.body));
      return transport.send(request);
    },
  });
  await zone.gc({ through });
  const lists = requests.filter(({ command }) => command.startsWith('list'));
  expect(lists.length).toBeGreaterThan(8);
  expect(lists.filter((list) => filterOf(list) === undefined)).toEqual([]);
});
