// The groups of the settings: which there are, where each setting is, and lists of one group.
import { expect, test } from '@playwright/test';
import { createIdentityWorld } from '../../../support/identity-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const COMMAND = 'listConfigurationGroups';

function placesOf(client: TestClient, values: Values): Record<string, string> {
  const rows = (client.call('listConfigurations', values)['configuration'] ?? []) as Reply[];
  return Object.fromEntries(
    rows.map((row) => [
      row['name'] as string,
      `${row['group'] as string} / ${row['subgroup'] as string}`,
    ]),
  );
}

test('the groups by their precedence, with their parts by theirs', () => {
  const admin = createIdentityWorld().clientOf('admin');
  const { count, configurationgroup: groups } = admin.call(COMMAND);
  expect(count).toBe(10);
  expect((groups as Reply[]).map(({ name }) => name as string)).toEqual([
    'Access',
    'Compute',
    'Storage',
    'Network',
    'Hypervisor',
    'Management Server',
    'System VMs',
    'Infrastructure',
    'Usage Server',
    'Miscellaneous',
  ]);
  expect(groups[2]).toEqual({
    name: 'Storage',
    subgroup: [
      { name: 'Images', precedence: 1 },
      { name: 'Volume', precedence: 2 },
      { name: 'Snapshot', precedence: 3 },
      { name: 'VM Snapshot', precedence: 4 },
    ],
    description: 'Storage configuration',
    precedence: 3,
  });
});

test('one group by its name, none for a name that no group has', () => {
  const admin = createIdentityWorld().clientOf('admin');
  const [one, ...others] = admin.call(COMMAND, { group: 'system vms' })['configurationgroup'];
  expect(one).toMatchObject({ name: 'System VMs', precedence: 7 });
  expect(others).toEqual([]);
  expect(admin.call(COMMAND, { group: 'nothing' })).toEqual({});
  expect(admin.call(COMMAND, { group: ' ' })['count']).toBe(10);
});

test('root admins alone list them', () => {
  const { clientOf } = createIdentityWorld();
  for (const caller of ['keeper', 'chief', 'bosh']) {
    expect(clientOf(caller).fails(COMMAND).httpStatus).toBe(432);
  }
});

test('a setting is where the first telling word of its name puts it', () => {
  const admin = createIdentityWorld().clientOf('admin');
  const places = placesOf(admin, {});
  for (const [name, place] of [
    ['vm.userdata.max.length', 'Compute / Virtual Machine'],
    ['max.account.volumes', 'Access / Account'],
    ['custom.diskoffering.size.max', 'Storage / Volume'],
    ['vmsnapshot.max', 'Storage / VM Snapshot'],
    ['network.throttling.rate', 'Network / Network'],
    ['kvm.snapshot.enabled', 'Hypervisor / KVM'],
    ['expunge.delay', 'Management Server / Limits'],
    ['job.expire.minutes', 'Management Server / Jobs'],
    ['vr.public.interface.max.mtu', 'System VMs / VirtualRouter'],
    ['pool.storage.capacity.disablethreshold', 'Infrastructure / Primary Storage'],
    ['default.page.size', 'Miscellaneous / Others'],
  ]) {
    expect(places[name!], name).toBe(place);
  }
});

test('lists of settings are of one group, or of a part of it', () => {
  const admin = createIdentityWorld().clientOf('admin');
  const ofGroup = placesOf(admin, { group: 'management server' });
  expect(Object.keys(ofGroup)).toContain('job.expire.minutes');
  expect(new Set(Object.values(ofGroup).map((place) => place.split(' / ')[0]))).toEqual(
    new Set(['Management Server']),
  );
  const jobs = placesOf(admin, { group: 'Management Server', subgroup: 'jobs' });
  expect(Object.keys(jobs)).toEqual(['job.cancel.threshold.minutes', 'job.expire.minutes']);
  expect(placesOf(admin, { group: 'Access', subgroup: 'Jobs' })).toEqual({});
});

test('groups and parts that are not there, and a part without its group, are refused', () => {
  const admin = createIdentityWorld().clientOf('admin');
  for (const [values, errortext] of [
    [{ subgroup: 'Jobs' }, 'Configuration group name must be specified with the subgroup name'],
    [{ group: 'nothing' }, 'Invalid configuration group: nothing'],
    [{ group: 'Access', subgroup: 'nothing' }, 'Invalid configuration subgroup: nothing'],
  ] as const) {
    expect(admin.fails('listConfigurations', values)).toMatchObject({
      httpStatus: 431,
      cserrorcode: 9999,
      errortext,
    });
  }
});
