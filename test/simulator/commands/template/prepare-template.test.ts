// Proves that prepareTemplate copies a template to pools in the background, so that the first VM starts
// without waiting for it; which pools it passes over; and that the copies go with the template.
import { expect, test } from '@playwright/test';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, deployment, idOf } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';
import { twoZones, uploadParams } from '../../../support/template-uploads.js';

function ids({ simulator }: TestWorld): { templateid: string; zoneid: string } {
  const { templates, zones } = simulator.world;
  return {
    templateid: idOf(templates.all(), 'ubuntu-jammy'),
    zoneid: idOf(zones.all(), 'zone1'),
  };
}

/** The names of the pools that have the template. */
function having({ admin, simulator }: TestWorld): string[] {
  return simulator.world.storagePools
    .all()
    .filter(({ id }) => {
      const asked = { templatefilter: 'all', storageid: id };
      return admin.call('listTemplates', asked)['template'] !== undefined;
    })
    .map(({ name }) => name);
}

test('all pools of the zone get the template, and the first VM does not wait for it', () => {
  const [slow, fast] = [testSimulator(), testSimulator()];
  const { admin, simulator } = fast;
  const answer = admin.call('prepareTemplate', ids(fast));
  expect(answer['template']).toMatchObject([{ name: 'ubuntu-jammy', isready: true }]);
  expect(having(fast)).toEqual([]);
  simulator.kernel.advanceUntilIdle();
  expect(having(fast)).toEqual(simulator.world.storagePools.all().map(({ name }) => name));
  const tookMs = (world: TestWorld): number => {
    const beganMs = world.simulator.kernel.nowMs;
    deployed(world, world.user);
    return world.simulator.kernel.nowMs - beganMs;
  };
  const copyMs = simulator.world.settings.get('duration.template.copy');
  expect(tookMs(slow) - tookMs(fast)).toBe(copyMs);
  assertSound(simulator);
});

test('one pool; none of another zone, and none in maintenance', () => {
  const world = twoZones();
  const { admin, simulator } = world;
  const { storagePools } = simulator.world;
  const [first, ...rest] = storagePools.all();
  const elsewhere = rest.find(({ zoneId }) => zoneId !== first!.zoneId)!;
  admin.call('prepareTemplate', { ...ids(world), storageid: elsewhere.id });
  simulator.kernel.advanceUntilIdle();
  expect(having(world)).toEqual([]);
  admin.done('enableStorageMaintenance', { id: first!.id });
  admin.call('prepareTemplate', { ...ids(world), storageid: first!.id });
  simulator.kernel.advanceUntilIdle();
  expect(having(world)).toEqual([]);
  admin.done('cancelStorageMaintenance', { id: first!.id });
  admin.call('prepareTemplate', { ...ids(world), storageid: first!.id });
  simulator.kernel.advanceUntilIdle();
  expect(having(world)).toEqual([first!.name]);
});

test('a template that is not ready stays where it is, and one that goes leaves no copy', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { zoneid, templateid } = ids(world);
  const awaited = uploadParams(world, user).id;
  expect(admin.call('prepareTemplate', { templateid: awaited, zoneid })).toEqual({});
  admin.call('prepareTemplate', { templateid, zoneid });
  simulator.kernel.advanceUntilIdle();
  admin.done('deleteTemplate', { id: templateid });
  expect(having(world)).toEqual([]);
  assertSound(simulator);
  const { internalId } = simulator.world.templates.require(templateid);
  expect(admin.fails('prepareTemplate', { templateid, zoneid })).toMatchObject({
    errorcode: 431,
    errortext: `Unable to find template id=${internalId}`,
  });
  expect(user.fails('prepareTemplate', { templateid, zoneid }).errorcode).toBe(432);
  const { preparedTemplates, storagePools } = simulator.world;
  preparedTemplates.insert({ templateId: templateid, poolId: storagePools.all()[0]!.id });
  expect(checkInvariants(simulator.world)).toEqual([
    expect.stringContaining(`was given template ${templateid}, which is gone`),
  ]);
});

test('what was prepared is there when the world is loaded', () => {
  const [world, other] = [testSimulator(), testSimulator()];
  world.admin.call('prepareTemplate', ids(world));
  other.simulator.load(world.simulator.save());
  other.simulator.kernel.advanceUntilIdle();
  expect(having(other).length).toBeGreaterThan(0);
  const vm: Reply = other.user.done('deployVirtualMachine', deployment(other));
  expect(vm).toBeTruthy();
});
