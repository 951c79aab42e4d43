// Proves that a template is copied to other zones under its id, with its sizes, once; that it takes
// time; and that every refusal, all of them in the job, copies nothing.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type TestClient,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { idOf } from '../../../support/simulator-vms.js';
import { cluster, storageWorld } from '../../../support/simulator-volumes.js';
import { uploadParams } from '../../../support/template-uploads.js';
import { registeredIso } from '../../../support/isos.js';
import { assertSound } from '../../../support/sound-world.js';

interface ThreeZones extends TestWorld {
  /** Ids of zone1, which alone has the template, zone2 and zone3. */
  readonly zones: readonly [string, string, string];
  readonly template: string;
}

function threeZones(): ThreeZones {
  const description = storageWorld({});
  const zone = (name: string, host: string) => ({
    name,
    pods: [{ name: `pod-${name}`, clusters: [cluster(`cluster-${name}`, [host])] }],
  });
  const others = [zone('zone2', 'host21'), zone('zone3', 'host31')];
  const world = testSimulator({
    world: { ...description, zones: [...description.zones, ...others] },
  });
  const { zones, templates } = world.simulator.world;
  const ids = ['zone1', 'zone2', 'zone3'].map((name) => idOf(zones.all(), name));
  const [one = '', two = '', three = ''] = ids;
  return { ...world, zones: [one, two, three], template: idOf(templates.all(), 'ubuntu-jammy') };
}

/** Where a list shows the template, and how large. */
function places({ admin }: TestWorld, id: string): unknown[] {
  const rows = admin.call('listTemplates', { templatefilter: 'all', id })['template'] as unknown[];
  return rows.map((row) => {
    const { zonename, isready, size, physicalsize } = row as Record<string, unknown>;
    return { zonename, isready, size, physicalsize };
  });
}

function refusedJob(
  { simulator }: TestWorld,
  client: TestClient,
  values: Values,
): { resultcode: number; errortext: string } {
  const state = () => JSON.stringify(simulator.world.templateZones.all());
  const before = state();
  const { status, resultcode, result } = client.run('copyTemplate', values);
  expect(status).toBe(2);
  expect(state(), 'the refused copy changed something').toBe(before);
  return { resultcode, errortext: result['errortext'] as string };
}

test('the copy has the id and sizes of the template, and is there when the job ends', () => {
  const world = threeZones();
  const { admin, simulator, template, zones } = world;
  const startedMs = simulator.kernel.nowMs;
  const values = { id: template, sourcezoneid: zones[0], destzoneid: zones[1] };
  const { result } = admin.run('copyTemplate', values);
  expect(result['template']).toMatchObject({ id: template, zonename: 'zone2', isready: true });
  expect(simulator.kernel.nowMs - startedMs).toBeGreaterThanOrEqual(5_000);
  const [source, copy] = places(world, template) as Record<string, unknown>[];
  expect(copy).toEqual({ ...source, zonename: 'zone2' });
  assertSound(simulator);
});

test('several zones at once; where it is already, it stays as it is', () => {
  const world = threeZones();
  const { admin, template, zones } = world;
  const values = { id: template, sourcezoneid: zones[0] };
  admin.run('copyTemplate', { ...values, destzoneid: zones[1] });
  const several = { ...values, destzoneids: `${zones[1]},${zones[2]}` };
  expect(admin.run('copyTemplate', several).status).toBe(1);
  expect(admin.run('copyTemplate', several).status).toBe(1);
  expect(places(world, template)).toMatchObject(
    ['zone1', 'zone2', 'zone3'].map((zonename) => ({ zonename, isready: true })),
  );
});

for (const [what, values, errortext] of [
  ['no zone', () => ({}), 'Either destzoneid or destzoneids parameters have to be specified.'],
  [
    'a zone and a list of zones',
    ([, two, three]: ThreeZones['zones']) => ({ destzoneid: two, destzoneids: three }),
    'Both destzoneid and destzoneids cannot be specified at the same time.',
  ],
  [
    'the zone where it comes from',
    ([one]: ThreeZones['zones']) => ({ sourcezoneid: one, destzoneid: one }),
    'Please specify different source and destination zones.',
  ],
] as const) {
  test(`a copy to ${what} is refused`, () => {
    const world = threeZones();
    const refused = refusedJob(world, world.admin, {
      id: world.template,
      ...(values as (zones: ThreeZones['zones']) => Values)(world.zones),
    });
    expect(refused).toEqual({ resultcode: 431, errortext });
  });
}

test('a copy from where it is not, or is not ready, is refused', () => {
  const world = threeZones();
  const { admin, user, template, zones } = world;
  const elsewhere = { id: template, sourcezoneid: zones[1], destzoneid: zones[2] };
  expect(refusedJob(world, admin, elsewhere)).toMatchObject({
    resultcode: 431,
    errortext: expect.stringMatching(
      /^There is no template Template \{.*\} ready on image store\.$/,
    ),
  });
  const { id } = uploadParams(world, user);
  const unready = { id, sourcezoneid: zones[0], destzoneid: zones[1] };
  expect(refusedJob(world, user, unready).errortext).toMatch(/ready on image store/);
});

test('somebody else’s template, public or not, and one that is gone cannot be copied', () => {
  const world = threeZones();
  const { admin, user, simulator, template, zones } = world;
  const values = { id: template, sourcezoneid: zones[0], destzoneid: zones[1] };
  expect(refusedJob(world, user, values)).toEqual({
    resultcode: 530,
    errortext: 'Domain Admin and regular users can modify only their own Public templates',
  });
  const { templates } = simulator.world;
  templates.change(templates.require(template), { isPublic: false });
  expect(refusedJob(world, user, values).errortext).toMatch(/does not have permission to launch/);
  admin.done('deleteTemplate', { id: template });
  expect(refusedJob(world, admin, values)).toEqual({
    resultcode: 431,
    errortext: 'Unable to find template with id',
  });
});

test('an owner without room for one more template, or its bytes, gets no copy', () => {
  const world = threeZones();
  const { user, admin, simulator, zones } = world;
  const { id } = uploadParams(world, user);
  const { templates, templateZones, accounts } = simulator.world;
  const owner = accounts.require(templates.require(id).accountId);
  const [place] = templateZones.where('templateId', id);
  const sizeBytes = 7 * 2 ** 30;
  templateZones.move(place!, 'OperationSuccessed', { downloadState: 'DOWNLOADED', sizeBytes });
  const limit = (resourcetype: number, max: number) =>
    admin.call('updateResourceLimit', {
      resourcetype,
      max,
      account: owner.name,
      domainid: owner.domainId,
    });
  const values = { id, destzoneid: zones[1] };
  limit(4, 1);
  expect(refusedJob(world, user, values)).toEqual({
    resultcode: 530,
    errortext: expect.stringContaining(
      "Maximum amount of resources of Type = 'template', tag = 'null' for Account Name = bosh",
    ),
  });
  limit(4, 2);
  limit(11, 6);
  expect(refusedJob(world, user, values).errortext).toContain("Type = 'secondary_storage'");
  limit(11, 14);
  expect(user.run('copyTemplate', values).status).toBe(1);
});

const ends = {
  'its host fails': {
    when: { command: 'copyTemplate', step: 2, nth: 1 },
    then: { effect: 'job-fails', text: 'the link is down' },
  },
  'the management server restarts': {
    when: { command: 'listZones', nth: 1 },
    then: { effect: 'management-server-restart' },
  },
} as const;

for (const [what, rule] of Object.entries(ends)) {
  test(`a copy in whose midst ${what} can be made again`, () => {
    const world = threeZones();
    const { admin, simulator, template, zones } = world;
    simulator.setFaults([rule]);
    const values = { id: template, sourcezoneid: zones[0], destzoneid: zones[1] };
    const { jobid } = admin.call('copyTemplate', values);
    simulator.kernel.advanceBy(1_000);
    admin.call('listZones');
    simulator.kernel.advanceUntilIdle();
    expect(admin.job(jobid as string).status).toBe(2);
    const inZone = { templatefilter: 'all', id: template, zoneid: zones[1] };
    expect(admin.call('listTemplates', inZone)['template'][0]).toMatchObject({
      isready: false,
      downloaddetails: [{ downloadState: 'DOWNLOAD_ERROR' }],
    });
    expect(admin.run('copyTemplate', values).status).toBe(1);
    expect(places(world, template)).toMatchObject([{ isready: true }, { isready: true }]);
    assertSound(simulator);
  });
}

test('a copy comes although its source goes meanwhile', () => {
  const world = threeZones();
  const { admin, simulator, template, zones } = world;
  const values = { id: template, sourcezoneid: zones[0], destzoneid: zones[1] };
  const { jobid } = admin.call('copyTemplate', values);
  simulator.kernel.advanceBy(1_000);
  admin.call('deleteTemplate', { id: template, zoneid: zones[0] });
  simulator.kernel.advanceUntilIdle();
  expect(admin.job(jobid as string).status).toBe(1);
  expect(places(world, template)).toMatchObject([{ zonename: 'zone2', isready: true }]);
});

test('a template that is deleted meanwhile where it was is shown where it comes, or nowhere', () => {
  const world = threeZones();
  const { admin, simulator, template, zones } = world;
  const [one, two, three] = zones;
  admin.run('copyTemplate', { id: template, sourcezoneid: one, destzoneid: two });
  const shownZone = (jobid: unknown): unknown =>
    (admin.job(jobid as string).result['template'] as Record<string, unknown>)['zoneid'];
  const values = { id: template, sourcezoneid: one, destzoneids: `${two},${three}` };
  const { jobid } = admin.call('copyTemplate', values);
  simulator.kernel.advanceBy(1_000);
  admin.call('deleteTemplate', { id: template, zoneid: two });
  simulator.kernel.advanceUntilIdle();
  expect(shownZone(jobid)).toBe(three);
  admin.call('deleteTemplate', { id: template, zoneid: three });
  simulator.kernel.advanceUntilIdle();
  const zone = simulator.world.zones.require(three);
  simulator.world.zones.change(zone, { secondaryStorageVmUp: false });
  const last = admin.call('copyTemplate', { ...values, destzoneids: three });
  simulator.kernel.advanceBy(1_000);
  admin.call('deleteTemplate', { id: template });
  simulator.kernel.advanceUntilIdle();
  expect(admin.job(last['jobid'] as string)).toMatchObject({
    status: 1,
    result: { template: { id: template, isready: false } },
  });
  expect(shownZone(last['jobid'])).toBeUndefined();
  assertSound(simulator);
});

test('root admins ask for what is on an image store', () => {
  const world = threeZones();
  const { admin, user, template, zones } = world;
  const stores = admin.call('listImageStores')['imagestore'] as Record<string, unknown>[];
  const [one, two] = zones.map((id) => stores.find(({ zoneid }) => zoneid === id)!['id'] as string);
  const found = (imagestoreid: string | undefined, client = admin): unknown =>
    client.call('listTemplates', { templatefilter: 'all', imagestoreid: imagestoreid! })['count'];
  expect(found(one)).toBe(1);
  expect(found(two)).toBeUndefined();
  admin.run('copyTemplate', { id: template, destzoneid: zones[1] });
  expect(found(two)).toBe(1);
  const isos = { isofilter: 'executable', imagestoreid: two! };
  registeredIso(world, user, { zoneid: zones[1], ispublic: true });
  expect(admin.call('listIsos', isos)['count']).toBe(1);
  expect(admin.call('listIsos', { ...isos, imagestoreid: one! })).toEqual({});
});
