// Proves that gc finds a snapshot whose call was killed before CloudStack had put the call's marks on it, and
// none that anybody can use or that others made; against the simulated zone.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from '../methods/vm-requests.js';

const dayMs = 24 * 3_600_000;
const world = { ...advancedKvm, settings: { 'kvm.snapshot.enabled': true } };
const ours = 'snapshot-00000000-0000-4000-8000-000000000099';

async function attachedDisk(zone: CpiZone): Promise<string> {
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  const args = [1024, { disk_offering: 'shared.custom' }, vm];
  const disk = (await zone.result('create_disk', args)) as string;
  await zone.result('attach_disk', [vm, disk]);
  return disk;
}

/** A snapshot as a call that is killed leaves it where the management server restarts. */
function interruptedSnapshot({ simulator, user, admin }: CpiZone, values: object): string {
  const { id } = user.call('createSnapshot', { ...values });
  simulator.kernel.advanceBy(1_000);
  simulator.setFaults([
    { when: { command: 'listZones' }, then: { effect: 'management-server-restart' } },
  ]);
  admin.send('listZones');
  simulator.setFaults([]);
  return id as string;
}

for (const [name, isFound] of [
  [ours, true],
  ['snapshot-of-mine', false],
] as const) {
  test(`a snapshot ${name} that CloudStack never finished is ${isFound ? '' : 'not '}found`, async () => {
    await using zone = await startZone({ world }, 'direct');
    const { simulator } = zone;
    const id = interruptedSnapshot(zone, { volumeid: await attachedDisk(zone), name });
    expect(simulator.world.snapshots.require(id).state).toBe('Error');
    expect(await zone.gc()).toEqual([]);
    simulator.kernel.advanceBy(2 * dayMs);
    const found = (await zone.gc()).map(({ forgotten, outcome }) => [forgotten.id, outcome]);
    const [vm, ...snapshots] = found;
    expect(vm).toEqual([
      expect.any(String),
      expect.objectContaining({ failed: expect.anything() }),
    ]);
    expect(snapshots).toEqual(isFound ? [[id, 'deleted']] : []);
    expect(simulator.world.snapshots.all().length).toBe(isFound ? 0 : 1);
  });
}

test('one that is finished is left alone, whoever took it under such a name', async () => {
  await using zone = await startZone({ world }, 'direct');
  const { simulator, user } = zone;
  user.done('createSnapshot', { volumeid: await attachedDisk(zone), name: ours });
  simulator.kernel.advanceBy(2 * dayMs);
  const kinds = (await zone.gc()).map(({ forgotten: { kind } }) => kind);
  expect(kinds).not.toContain('snapshot');
  expect(simulator.world.snapshots.all().map(({ state }) => state)).toEqual(['BackedUp']);
});
