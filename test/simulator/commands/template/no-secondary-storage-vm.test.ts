// Proves what becomes of templates while a zone has no secondary storage VM: which cannot be deleted,
// copied, or made of a snapshot, with which text; that copies which cannot come fail nothing and are
// not ready; and that the next secondary storage VM fetches what is missing, and gives up what was to
// be posted.
import { expect, test } from '@playwright/test';
import type { DownloadOutcome } from '../../../../simulator/ssvm/receive-download.js';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { snapshotOf } from '../../../support/simulator-snapshots.js';
import { deployed, idOf } from '../../../support/simulator-vms.js';
import { attached, createdVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  listedTemplate,
  statusOf,
  templateValues,
  twoZones,
  uploadParams,
} from '../../../support/template-uploads.js';

/** Takes the secondary storage VM of a zone away, or brings one. */
function setVm({ simulator }: TestWorld, zoneName: string, secondaryStorageVmUp: boolean): void {
  const { zones } = simulator.world;
  zones.change(zones.require(idOf(zones.all(), zoneName)), { secondaryStorageVmUp });
}

/** The secondary storage VMs of all zones are gone for some time. */
function outage(world: TestWorld, forMs: number): void {
  world.simulator.setFaults([
    {
      when: { command: 'listZones', phase: 'after-reply', times: 1 },
      then: { effect: 'no-secondary-storage-vm', forMs },
    },
  ]);
  world.user.call('listZones');
}

function failed({ user }: TestWorld, command: string, values: Values): unknown[] {
  const { status, resultcode, result } = user.run(command, values);
  return [status, resultcode, result['errortext']];
}

/** A volume on a pool that no VM has. */
function detachedVolume(world: TestWorld): string {
  const id = createdVolume(world, world.user);
  attached(world.user, id, deployed(world, world.user)['id'] as string);
  world.user.done('detachVolume', { id });
  return id;
}

function madeOf(world: TestWorld, source: Values, name = 'made'): Values {
  return { name, ostypeid: world.simulator.world.osTypes.all()[0]!.id, ...source };
}

test('a template is not deleted, and not ready any more; later it is', () => {
  const world = testSimulator();
  const { user } = world;
  const source = { volumeid: detachedVolume(world) };
  const { id } = user.done('createTemplate', madeOf(world, source))['template'] as Reply;
  setVm(world, 'zone1', false);
  for (let time = 1; time <= 2; time++) {
    expect(failed(world, 'deleteTemplate', { id })).toEqual([2, 530, 'Failed to delete template']);
    expect(listedTemplate(user, id as string)).toMatchObject({ isready: false });
  }
  setVm(world, 'zone1', true);
  user.done('deleteTemplate', { id });
  expect(user.call('listTemplates', { templatefilter: 'self' })).toEqual({});
  assertSound(world.simulator);
});

test('what never came is deleted without it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  setVm(world, 'zone1', false);
  const asked = templateValues(world, { url: 'http://198.51.100.7/root.qcow2' });
  const [{ id }] = user.call('registerTemplate', asked)['template'] as [Reply];
  user.done('deleteTemplate', { id });
  assertSound(simulator);
});

test('a template is made of a volume, which a host does, but not of a snapshot', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = detachedVolume(world);
  const snapshotid = snapshotOf(user, volumeid)['id'] as string;
  setVm(world, 'zone1', false);
  user.done('createTemplate', madeOf(world, { volumeid }));
  expect(failed(world, 'createTemplate', madeOf(world, { snapshotid }, 'other'))).toEqual([
    2,
    530,
    'Failed to create templateNo remote endpoint to send command, check if host or ssvm is down?',
  ]);
  expect(user.call('listTemplates', { templatefilter: 'self' })).toMatchObject({ count: 1 });
  assertSound(simulator);
});

test('a template is not made of a snapshot while its secondary storage VM vanishes', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const snapshotid = snapshotOf(user, detachedVolume(world))['id'] as string;
  const { jobid } = user.call('createTemplate', madeOf(world, { snapshotid }));
  simulator.kernel.advanceBy(500);
  setVm(world, 'zone1', false);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid as string)).toMatchObject({ status: 2, resultcode: 530 });
  expect(user.call('listTemplates', { templatefilter: 'self' })).toEqual({});
  assertSound(simulator);
});

for (const without of ['zone1', 'zone2']) {
  test(`a copy from zone1 to zone2, without one in ${without}, ends well and is not ready`, () => {
    const world = twoZones();
    const { user, simulator } = world;
    const { zones } = simulator.world;
    const source = { volumeid: detachedVolume(world) };
    const { id } = user.done('createTemplate', madeOf(world, source))['template'] as Reply;
    const [sourcezoneid, destzoneid] = ['zone1', 'zone2'].map((name) => idOf(zones.all(), name));
    const values = { id: id as string, sourcezoneid: sourcezoneid!, destzoneid: destzoneid! };
    setVm(world, without, false);
    expect(user.done('copyTemplate', values)['template']).toMatchObject({
      zonename: 'zone2',
      isready: false,
    });
    setVm(world, without, true);
    const { jobid } = user.call('copyTemplate', values);
    simulator.kernel.advanceBy(500);
    setVm(world, without, false);
    simulator.kernel.advanceUntilIdle();
    expect(user.job(jobid as string).result['template']).toMatchObject({ isready: false });
    setVm(world, without, true);
    expect(user.done('copyTemplate', values)['template']).toMatchObject({ isready: true });
    assertSound(simulator);
  });
}

test('a template of XenServer is not sent without one where it is', () => {
  const world = twoZones();
  const { admin, simulator } = world;
  const { zones, templates } = simulator.world;
  const template = templates.all().find(({ name }) => name === 'ubuntu-jammy')!;
  templates.change(template, { hypervisor: 'XenServer' });
  const [, inSecond] = simulator.world.templateZones.where('templateId', template.id);
  simulator.world.templateZones.remove(inSecond!);
  setVm(world, 'zone1', false);
  const before = JSON.stringify(simulator.world.templateZones.all());
  const [sourcezoneid, destzoneid] = ['zone1', 'zone2'].map((name) => idOf(zones.all(), name));
  expect(
    admin.run('copyTemplate', { id: template.id, sourcezoneid, destzoneid } as Values),
  ).toMatchObject({
    resultcode: 530,
    result: { errortext: 'No secondary VM in running state in source template zone ' },
  });
  expect(JSON.stringify(simulator.world.templateZones.all())).toBe(before);
});

test('the next one fetches what failed with it, and what was registered meanwhile', async () => {
  const ends: ((outcome: DownloadOutcome) => void)[] = [];
  const world = testSimulator({ fetchImage: () => new Promise((resolve) => ends.push(resolve)) });
  const { user, simulator } = world;
  const registered = (name: string): string => {
    const asked = templateValues(world, { name, url: 'http://198.51.100.7/root.qcow2' });
    return (user.call('registerTemplate', asked)['template'] as [Reply])[0]['id'] as string;
  };
  const first = registered('first');
  outage(world, 60_000);
  const second = registered('second');
  expect([statusOf(world, first), statusOf(world, second)]).toEqual([
    'Storage agent or storage VM disconnected',
    'Active',
  ]);
  expect(ends).toHaveLength(1);
  simulator.kernel.advanceBy(60_000);
  expect([statusOf(world, first), statusOf(world, second)]).toEqual(['', '']);
  expect(ends).toHaveLength(3);
  for (const end of ends) end({ kind: 'failed', errorText: 'Connection refused' });
  await new Promise((resolve) => setImmediate(resolve));
  simulator.kernel.advanceBy(20_000);
  expect([statusOf(world, first), statusOf(world, second)]).toEqual([
    'Connection refused',
    'Connection refused',
  ]);
  assertSound(simulator);
});

test('the next one finds nothing of what was to be posted to the one before it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = uploadParams(world, user);
  const { id: volumeId } = user.call('getUploadParamsForVolume', {
    name: 'posted',
    format: 'QCOW2',
    zoneid: idOf(simulator.world.zones.all(), 'zone1'),
  })['getuploadparams'] as { readonly id: string };
  outage(world, 1_000);
  simulator.kernel.advanceBy(1_000);
  expect(statusOf(world, id)).toMatch(
    /^Template Template \{.*\} is corrupted on secondary storage zone1-secondary$/,
  );
  expect(user.call('listVolumes', { id: volumeId })['volume']).toMatchObject([
    { state: 'UploadError' },
  ]);
  user.done('deleteTemplate', { id });
  assertSound(simulator);
});
