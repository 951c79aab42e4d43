// A world that is saved at any moment and loaded into a fresh simulator goes on as one that was never
// interrupted: the same bytes for the same requests, the same events, and in the end the same world;
// with faults, queued jobs and random streams half used. What is no snapshot is refused.
import { deepStrictEqual, strictEqual } from 'node:assert';
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { FaultPlanInput } from '../../simulator/faults/plan-schema.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { SnapshotError, type WorldSnapshot } from '../../simulator/world/world-snapshot.js';
import { crampedZone, parametersOf, steps, type Step } from '../support/fuzz-commands.js';
import { assertProperty } from '../support/property.js';
import { answerTo, eventsOf } from '../support/saved-worlds.js';
import { receivedImage } from '../support/received-image.js';
import {
  TestClient,
  keysOf,
  testSimulator,
  type Keys,
  type TestWorld,
} from '../support/simulator-client.js';
import { deployed, deployment } from '../support/simulator-vms.js';
import { assertSound } from '../support/sound-world.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);

/** Half of the rules' chances are drawn before the world is saved, half of them afterwards. */
const weather: FaultPlanInput = [
  { name: 'rain', when: { probability: 0.1 }, then: { effect: 'connection-reset' } },
  {
    name: 'third',
    when: { command: 'deployVirtualMachine', phase: 'job-step', nth: 3 },
    then: { effect: 'job-fails', text: 'no' },
  },
  {
    name: 'slow',
    when: { phase: 'job-step', probability: 0.3 },
    then: { effect: 'job-slows-down', factor: 3 },
  },
  { name: 'full', when: { nth: 9 }, then: { effect: 'capacity-gone', of: 'hosts', forMs: 70_000 } },
];

const plans = fc.constantFrom<FaultPlanInput>([], weather);
const clocks = fc.constantFrom('manual', 'manual', 'auto', 'on-poll');

test('a world goes on as if it had not been saved', async () => {
  await assertProperty(
    fc.property(steps, steps, plans, clocks, (before, after, faults, clock) => {
      const { simulator } = testSimulator({ world: crampedZone, faults, clock });
      const keys = keysOfBoth(simulator);
      before.forEach((step) => take(simulator, step, keys));
      const saved = JSON.stringify(simulator.save());
      const loaded = fresh(saved);
      deepStrictEqual(loaded.save(), JSON.parse(saved));
      for (const step of after) {
        strictEqual(take(loaded, step, keys), take(simulator, step, keys));
      }
      strictEqual(eventsOf(loaded), eventsOf(simulator));
      deepStrictEqual(loaded.save(), simulator.save());
      assertSound(loaded);
    }),
    RUNS,
  );
});

test('a world that goes back to a bookmark is what it was, as often as it does', async () => {
  await assertProperty(
    fc.property(steps, steps, steps, plans, clocks, (before, after, others, faults, clock) => {
      const { simulator } = testSimulator({ world: crampedZone, faults, clock });
      const keys = keysOfBoth(simulator);
      before.forEach((step) => take(simulator, step, keys));
      const saved = simulator.save();
      const goBack = simulator.bookmark();
      const answers = after.map((step) => take(simulator, step, keys));
      const then = simulator.save();
      simulator.reset();
      others.forEach((step) => take(simulator, step, keys));
      goBack();
      deepStrictEqual(simulator.save(), saved);
      deepStrictEqual(
        after.map((step) => take(simulator, step, keys)),
        answers,
      );
      deepStrictEqual(simulator.save(), then);
      assertSound(simulator);
      goBack();
      deepStrictEqual(simulator.save(), saved);
    }),
    RUNS / 2,
  );
});

test('a bookmark has the mode of the clock', () => {
  const { simulator } = testSimulator({ clock: 'on-poll' });
  const goBack = simulator.bookmark();
  simulator.setClockMode({ kind: 'manual' });
  goBack();
  expect(simulator.kernel.mode).toEqual({ kind: 'on-poll' });
});

/** Another simulator, which has been through something else, and goes on from what was saved. */
function fresh(saved: string): Simulator {
  const { simulator, user, ...world } = testSimulator({ seed: 99, clock: 'auto' });
  deployed({ simulator, user, ...world }, user);
  simulator.load(JSON.parse(saved) as WorldSnapshot);
  return simulator;
}

type KeysOfBoth = Readonly<Record<'admin' | 'user', Keys>>;

/** Of the beginning: an account may be deleted on the way. */
function keysOfBoth(simulator: Simulator): KeysOfBoth {
  return {
    admin: keysOf(simulator.userWithRole('Admin')),
    user: keysOf(simulator.userWithRole('User')),
  };
}

/** Takes a step; answers all that a client sees of it. */
function take(simulator: Simulator, step: Step, keys: KeysOfBoth): string {
  switch (step.kind) {
    case 'advance':
      simulator.kernel.advanceBy(step.ms);
      return '';
    case 'until-idle':
    case 'upload':
      simulator.kernel.advanceUntilIdle();
      return '';
    case 'request': {
      const values = parametersOf(simulator, step);
      return answerTo(simulator, keys[step.caller], step.command, values);
    }
  }
}

/** A world with a job at work and one behind it. */
function busy(): TestWorld & { readonly id: string; readonly jobid: string } {
  const world = testSimulator();
  const { id } = deployed(world, world.user);
  world.user.call('stopVirtualMachine', { id });
  const { jobid } = world.user.call('startVirtualMachine', { id });
  world.simulator.kernel.advanceBy(100);
  return { ...world, id, jobid };
}

test('jobs at work and in a queue go on where they were', () => {
  const { simulator, id, jobid } = busy();
  const loaded = fresh(JSON.stringify(simulator.save()));
  expect(loaded.world.vms.require(id).state).toBe('Stopping');
  loaded.kernel.advanceUntilIdle();
  expect(loaded.world.vms.require(id).state).toBe('Running');
  const user = new TestClient(loaded, loaded.userWithRole('User'));
  expect(user.job(jobid).status).toBe(1);
});

test('what was saved does not change with the world it came from, nor by being loaded', () => {
  const { simulator, id } = busy();
  const snapshot = simulator.save();
  const text = JSON.stringify(snapshot);
  simulator.kernel.advanceUntilIdle();
  const loaded = createSimulator();
  loaded.load(snapshot);
  loaded.kernel.advanceUntilIdle();
  expect(JSON.stringify(snapshot)).toBe(text);
  simulator.load(snapshot);
  expect(simulator.world.vms.require(id).state).toBe('Stopping');
});

test('a reset goes back to the beginning of the world that was loaded', () => {
  const { simulator } = busy();
  const loaded = fresh(JSON.stringify(simulator.save()));
  loaded.reset();
  expect(loaded.kernel.log.after(0)).toEqual(testSimulator().simulator.kernel.log.after(0));
});

test('the mode of the clock comes with the world; in real time the world catches up', () => {
  let hostNowMs = Date.parse('2026-05-01T10:00:00Z');
  const options = { hostNowMs: () => hostNowMs };
  const scaled = createSimulator({ clock: 'scaled:60', ...options });
  hostNowMs += 1_000;
  const saved = scaled.save();
  expect(saved.content.clock).toBe('scaled:60');
  hostNowMs += 100_000;
  const loaded = createSimulator(options);
  loaded.load(saved);
  expect(loaded.kernel.nowMs).toBe(saved.content.kernel.nowMs);
  hostNowMs += 1_000;
  loaded.kernel.catchUp();
  expect(loaded.kernel.nowMs).toBe(saved.content.kernel.nowMs + 60_000);

  const real = createSimulator({ clock: 'real', ...options }).save();
  hostNowMs += 100_000;
  loaded.load(real);
  expect(loaded.kernel.nowMs).toBe(hostNowMs);
});

test('listeners hear what happens in the world that was loaded', () => {
  const { simulator } = busy();
  const saved = simulator.save();
  const loaded = createSimulator();
  const heard: number[] = [];
  loaded.subscribe(({ seq }) => heard.push(seq));
  loaded.load(saved);
  expect(heard).toEqual([]);
  loaded.kernel.advanceUntilIdle();
  expect(heard[0]).toBe(saved.content.kernel.log.seq + 1);
});

test('an upload that was under way ends in UploadError, also where its client goes on', () => {
  const world = testSimulator();
  const { simulator, user } = world;
  const { zoneid } = deployment(world);
  const params = user.call('getUploadParamsForTemplate', {
    name: 'stemcell',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: zoneid!,
    ostypeid: simulator.world.osTypes.all()[0]!.id,
  })['getuploadparams'] as Record<string, string>;
  const begun = simulator.upload({
    kind: 'begun',
    uploadId: params['id']!,
    method: 'POST',
    signature: params['signature']!,
    metadata: params['metadata']!,
    expires: params['expires']!,
    host: new URL(params['postURL']!).host,
    contentLength: 4_096,
  });
  expect(begun.status).toBe(100);
  simulator.kernel.advanceUntilIdle();
  expect(simulator.world.templates.require(params['id']!).state).toBe('UploadInProgress');
  const saved = JSON.stringify(simulator.save());
  const loaded = fresh(saved);
  loaded.kernel.advanceUntilIdle();
  expect(loaded.world.templates.require(params['id']!).state).toBe('UploadError');
  simulator.load(JSON.parse(saved));
  const ended = simulator.upload({
    kind: 'ended',
    uploadId: params['id']!,
    outcome: { kind: 'file', ...receivedImage },
  });
  expect(ended.status, 'the rest of a body that began before the world was loaded').toBe(500);
  simulator.kernel.advanceUntilIdle();
  expect(simulator.world.templates.require(params['id']!).state).toBe('UploadError');
});

test.describe('refused, and the world stays as it is', () => {
  const saved = (): WorldSnapshot => busy().simulator.save();
  const withContent = (change: object): object => {
    const { content, ...head } = saved();
    return { ...head, content: { ...content, ...change } };
  };
  const endless = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
  /** The first rows of a table changed by hand, with a checksum that fits. */
  const edited = (entity: string, change: object, rows: number): object => {
    const { content, ...head } = saved();
    const table = content.tables[entity] ?? [];
    const own = table.length < rows ? [...table, { ...table[0], id: 'another' }] : table;
    const changed = own.map((row, index) => (index < rows ? { ...row, ...change } : row));
    const other = { ...content, tables: { ...content.tables, [entity]: changed } };
    const sha256 = createHash('sha256').update(JSON.stringify(other)).digest('hex');
    return { ...head, sha256, content: other };
  };
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ['no object', () => 'a text', 'it is no snapshot of a simulated world'],
    ['a world file', () => crampedZone, 'it is no snapshot of a simulated world'],
    ['another format', () => ({ ...saved(), format: 'x' }), 'it is no snapshot'],
    [
      'a later version',
      () => ({ ...saved(), version: saved().version + 1 }),
      'this simulator reads',
    ],
    ['a changed content', () => withContent({ seed: 3 }), 'it is damaged: its checksum'],
    ['a lost content', () => ({ ...saved(), content: undefined }), 'it is no snapshot'],
    ['an endless content', () => withContent({ seed: endless }), 'it is damaged: its checksum'],
    ['an edited id', () => edited('zone', { internalId: 7 }, 2), 'have the internal id 7'],
    [
      'a lost column',
      () => edited('virtualmachine', { details: undefined }, 1),
      ': details is missing',
    ],
  ];
  for (const [what, snapshot, problem] of refused) {
    test(what, () => {
      const { simulator } = busy();
      const before = JSON.stringify(simulator.save());
      let error: unknown;
      try {
        simulator.load(snapshot(), 'saved.json');
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(SnapshotError);
      expect((error as Error).message).toContain('saved.json cannot be loaded: ');
      expect((error as Error).message).toContain(problem);
      expect(JSON.stringify(simulator.save())).toBe(before);
    });
  }
});
