// Proves that what was done stands in CloudStack's event log, each job with its parts in their order,
// that everybody reads their own, and what the filters select.
import { expect, test } from '@playwright/test';
import { commandEvents } from '../../../../simulator/declare/command-events.js';
import { commands } from '../../../../simulator/commands/index.js';
import { KEPT_CLOUD_EVENTS } from '../../../../simulator/world/cloud-events.js';
import type { IdentityWorld } from '../../../support/identity-world.js';
import {
  createOfferingWorld,
  diskOffering,
  serviceOffering,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

function events(client: TestClient, values: Values = {}): Reply[] {
  return (client.call('listEvents', values)['event'] ?? []) as Reply[];
}

/** State, level and description, the oldest first. */
function story(client: TestClient, values: Values = {}): string[] {
  return events(client, values)
    .reverse()
    .map(
      ({ state, level, description }) =>
        `${state as string} ${level as string}: ${description as string}`,
    );
}

function deploy(cloud: IdentityWorld, caller = 'bosh'): string {
  const { world } = cloud;
  return cloud.clientOf(caller).done('deployVirtualMachine', {
    zoneid: zoneNamed(cloud, 'zone1'),
    templateid: world.templates.all()[0]!.id,
    networkids: world.networks.all()[0]!.id,
    serviceofferingid: serviceOffering(cloud, 'one'),
  })['virtualmachine'].id as string;
}

test('a deployment is created, scheduled, started and completed', () => {
  const cloud = createOfferingWorld();
  const id = deploy(cloud);
  const doing = `starting Vm. Vm Id: ${id}`;
  const bosh = cloud.clientOf('bosh');
  expect(story(bosh)).toEqual([
    `Created INFO: Successfully created entity for ${doing}`,
    `Scheduled INFO: ${doing}`,
    `Started INFO: ${doing}`,
    `Completed INFO: Successfully completed ${doing}`,
  ]);
  const [completed, , , created] = events(bosh);
  expect(completed).toMatchObject({
    username: 'bosh',
    type: 'VM.CREATE',
    account: 'bosh',
    domain: 'ROOT',
    resourceid: id,
    resourcetype: 'VirtualMachine',
    parentid: created!['id'],
    archived: false,
  });
  expect(created).not.toHaveProperty('parentid');
});

test('a job that fails is completed with an error', () => {
  const cloud = createOfferingWorld();
  const bosh = cloud.clientOf('bosh');
  const id = deploy(cloud);
  expect(bosh.run('startVirtualMachine', { id }).status).toBe(2);
  expect(story(bosh, { type: 'vm.start' })).toEqual([
    `Scheduled INFO: starting user vm: ${id}`,
    `Started INFO: starting user vm: ${id}`,
    `Completed ERROR: Error while starting user vm: ${id}`,
  ]);
});

test('a synchronous command is one event; one that is refused before it begins is none', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = diskOffering(cloud, 'five');
  admin.call('deleteDiskOffering', { id });
  expect(story(admin)).toEqual(['Completed INFO: Successfully completed deleting disk offering']);
  admin.fails('createDiskOffering', { name: 'none' });
  expect(events(admin)).toHaveLength(1);
});

test('users read their own, admins those of others when they ask for them', () => {
  const cloud = createOfferingWorld();
  deploy(cloud, 'bosh');
  deploy(cloud, 'worker');
  const owners = (caller: string, values: Values = {}): string[] => [
    ...new Set(events(cloud.clientOf(caller), values).map(({ account }) => account as string)),
  ];
  expect(owners('bosh', { listall: true })).toEqual(['bosh']);
  expect(owners('other')).toEqual([]);
  expect(owners('admin')).toEqual([]);
  expect(owners('admin', { listall: true })).toEqual(['worker', 'bosh']);
  expect(owners('chief', { listall: true })).toEqual(['worker']);
});

test('an admin who acts on the VM of another writes into the log of that other', () => {
  const cloud = createOfferingWorld();
  const id = deploy(cloud);
  cloud.clientOf('admin').done('stopVirtualMachine', { id });
  const [stopped] = events(cloud.clientOf('bosh'), { type: 'VM.STOP' });
  expect(stopped).toMatchObject({ username: 'admin', account: 'bosh' });
});

test('the filters select', () => {
  const cloud = createOfferingWorld();
  const bosh = cloud.clientOf('bosh');
  const { kernel } = cloud.simulator;
  const [first, second] = [deploy(cloud), deploy(cloud)];
  kernel.advanceBy(3_600_000);
  bosh.done('stopVirtualMachine', { id: second });
  const count = (values: Values): number => events(bosh, values).length;
  expect(count({})).toBe(11);
  expect(count({ resourcetype: 'virtualmachine', resourceid: first })).toBe(4);
  expect(count({ resourcetype: 'VirtualMachine', resourceid: second })).toBe(7);
  expect(count({ resourcetype: 'Volume' })).toBe(0);
  expect(count({ level: 'info' })).toBe(11);
  expect(count({ level: 'ERROR' })).toBe(0);
  expect(count({ keyword: 'stopping' })).toBe(3);
  expect(count({ archived: true })).toBe(0);
  const [last] = events(bosh);
  expect(count({ id: last!['id'] })).toBe(1);
  expect(count({ startid: last!['parentid'] })).toBe(3);
  const hour = new Date(kernel.nowMs - 1_800_000).toISOString().slice(0, 19);
  expect(count({ startdate: hour.replace('T', ' ') })).toBe(3);
  expect(count({ enddate: hour.replace('T', ' ') })).toBe(8);
  expect(count({ page: 1, pagesize: 5 })).toBe(5);
});

test('a resource needs its type, and both must be there', () => {
  const cloud = createOfferingWorld();
  const refused = (values: Values): Reply => cloud.clientOf('bosh').fails('listEvents', values);
  const resourceid = diskOffering(cloud, 'five');
  expect(refused({ resourcetype: 'Moon' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid resourcetype',
  });
  expect(refused({ resourceid })).toMatchObject({
    httpStatus: 431,
    errortext: 'resourceid parameter must be used with resourcetype parameter',
  });
  expect(refused({ resourcetype: 'Volume', resourceid })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid resourceid',
  });
});

test('the log does not grow without end', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = diskOffering(cloud, 'five');
  for (let times = 0; times < KEPT_CLOUD_EVENTS + 10; times += 1) {
    admin.call('updateDiskOffering', { id, sortkey: times });
  }
  expect(cloud.world.cloudEvents.size).toBe(KEPT_CLOUD_EVENTS);
});

test('only commands that there are have events', () => {
  const known = new Set(commands.map(({ name }) => name));
  expect([...commandEvents.keys()].filter((name) => !known.has(name))).toEqual([]);
});
