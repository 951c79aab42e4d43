// Proves that createVolume enters a volume without creating it anywhere, that its job only reports
// that, and that each request it refuses leaves the world as it was.
import { expect, test } from '@playwright/test';
import { testSimulator, type Values } from '../../../support/simulator-client.js';
import { diskOfferingId, refusedUnchanged } from '../../../support/simulator-vms.js';
import { createdVolume, listedVolume, volumeValues } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

function without(values: Values, name: string | undefined): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}

test('the volume is listed as Allocated while its job still runs, and afterwards', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const submitted = user.call('createVolume', volumeValues(world));
  expect(listedVolume(user, submitted['id'])).toMatchObject({
    state: 'Allocated',
    jobid: submitted['jobid'],
    jobstatus: 0,
  });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(submitted['jobid'])).toMatchObject({
    status: 1,
    result: { volume: { id: submitted['id'], state: 'Allocated' } },
  });
  const volume = listedVolume(user, submitted['id'])!;
  expect(volume).toMatchObject({
    name: 'disk',
    type: 'DATADISK',
    state: 'Allocated',
    size: 10 * 1024 ** 3,
    destroyed: false,
    diskofferingname: 'shared.custom',
    zonename: 'zone1',
    account: 'bosh',
    domain: 'ROOT',
    tags: [],
  });
  for (const absent of ['virtualmachineid', 'vmname', 'vmstate', 'deviceid', 'jobid', 'storage']) {
    expect(volume).not.toHaveProperty(absent);
  }
  expect(simulator.world.volumes.require(submitted['id']).poolId).toBeNull();
  assertSound(simulator);
});

test('the job tells which volume it is about', () => {
  const world = testSimulator();
  const { jobid, id } = world.user.call('createVolume', volumeValues(world));
  expect(world.user.call('queryAsyncJobResult', { jobid })).toMatchObject({
    jobinstancetype: 'Volume',
    jobinstanceid: id,
  });
});

test('an offering of fixed size decides the size', () => {
  const world = testSimulator();
  const values = without(volumeValues(world, {}, 'DO1 - Small STD'), 'size');
  const { volume } = world.user.done('createVolume', values);
  expect(volume.size).toBe(20 * 1024 ** 3);
});

test('without a name the volume is called by a uuid', () => {
  const world = testSimulator();
  const values = without(volumeValues(world), 'name');
  expect(world.user.done('createVolume', values)['volume'].name).toMatch(/^[0-9a-f-]{36}$/);
});

test('names need not be unique', () => {
  const world = testSimulator();
  expect(createdVolume(world, world.user)).not.toBe(createdVolume(world, world.user));
});

test('a volume deleted before its job ran makes the job fail', () => {
  const world = testSimulator();
  const { id, jobid } = world.user.call('createVolume', volumeValues(world));
  world.user.call('deleteVolume', { id });
  world.simulator.kernel.advanceUntilIdle();
  expect(world.user.job(jobid)).toMatchObject({
    status: 2,
    result: { errorcode: 530, errortext: 'Failed to create a volume' },
  });
});

const refusals: readonly {
  readonly what: string;
  readonly values: Record<string, string | number>;
  readonly missing?: string;
  readonly offering?: string;
  readonly text: string;
}[] = [
  {
    what: 'no offering',
    values: {},
    missing: 'diskofferingid',
    text: 'At least one of disk Offering ID or snapshot ID must be passed whilst creating volume',
  },
  { what: 'a size of 0', values: { size: 0 }, text: 'Disk size must be larger than 0' },
  { what: 'a negative size', values: { size: -3 }, text: 'Disk size must be larger than 0' },
  {
    what: 'no size for a custom offering',
    values: {},
    missing: 'size',
    text: 'This disk offering requires a custom size specified',
  },
  {
    what: 'a size above the custom maximum',
    values: { size: 1_025 },
    text: 'Volume size: 1025 GB is out of allowed range. Min: 1. Max: 1024',
  },
  {
    what: 'a size for a fixed offering',
    values: {},
    offering: 'DO1 - Small STD',
    text: 'This disk offering does not allow custom size',
  },
  { what: 'no zone', values: {}, missing: 'zoneid', text: 'Unable to find zone by id null' },
];

for (const { what, values, missing, offering, text } of refusals) {
  test(`${what} is refused`, () => {
    const world = testSimulator();
    const all = without(volumeValues(world, values, offering), missing);
    const before = JSON.stringify(world.simulator.world.volumes.all());
    expect(refusedUnchanged(world, world.user, 'createVolume', all)).toEqual({
      httpStatus: 431,
      wrapper: 'createvolumeresponse',
      errorcode: 431,
      cserrorcode: 4350,
      errortext: text,
    });
    expect(JSON.stringify(world.simulator.world.volumes.all())).toBe(before);
  });
}

test('an offering that is gone is no valid one', () => {
  const world = testSimulator();
  const { diskOfferings } = world.simulator.world;
  const values = volumeValues(world);
  diskOfferings.remove(diskOfferings.require(diskOfferingId(world, 'shared.custom')));
  for (const client of [world.user, world.admin]) {
    expect(refusedUnchanged(world, client, 'createVolume', values)).toMatchObject({
      httpStatus: 431,
      errortext: 'Please specify a valid disk offering.',
    });
  }
});

test('the maximum of all volumes is named in readable and in exact form', () => {
  const world = testSimulator();
  world.simulator.world.settings.set('storage.max.volume.size', 5);
  expect(refusedUnchanged(world, world.user, 'createVolume', volumeValues(world)).errortext).toBe(
    'Requested volume size is (10.00 GB) 10737418240, but the maximum size allowed is 5 GB.',
  );
});

test('a disabled zone serves root admins only', () => {
  const world = testSimulator();
  const zone = world.simulator.world.zones.all()[0]!;
  world.simulator.world.zones.change(zone, { allocationState: 'Disabled' });
  const refused = refusedUnchanged(world, world.user, 'createVolume', volumeValues(world));
  expect(refused).toMatchObject({ httpStatus: 531, cserrorcode: 4365 });
  expect(refused.errortext).toMatch(
    /^Cannot perform this operation, Zone: .* is currently disabled$/,
  );
  expect(createdVolume(world, world.admin)).toBeTruthy();
});

test('a local offering needs a zone with local storage', () => {
  const world = testSimulator();
  const zone = world.simulator.world.zones.all()[0]!;
  world.simulator.world.zones.change(zone, { localStorageEnabled: false });
  const values = volumeValues(world, {}, 'local.custom');
  expect(refusedUnchanged(world, world.user, 'createVolume', values)).toMatchObject({
    httpStatus: 431,
    errortext:
      "Zone is not configured to use local storage but volume's disk offering local.custom uses it",
  });
  expect(createdVolume(world, world.user)).toBeTruthy();
});
