// Which requests a rule strikes: those for which all of its condition holds, in the order of the
// plan, as often as it says; its counts tell, its chances disturb nobody else's, and a rule that
// does not hold changes nothing at all.
import { expect, test } from '@playwright/test';
import { effectNames } from '../../../simulator/faults/effects.js';
import type { FaultPlanInput, FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { ask, askForVm, eventsBesideFaults, faultyZone, fired } from '../../support/faulty-zone.js';
import type { TestWorld } from '../../support/simulator-client.js';

const reset = { effect: 'connection-reset' } as const;

/** Which of so many requests for zones broke. */
function broken(world: TestWorld, requests: number): number[] {
  return Array.from({ length: requests }, (_, index) => index + 1).filter(
    () => ask(world, 'listZones') === 'connection-reset',
  );
}

test('without a condition: every request; the plan counts', () => {
  const world = faultyZone([{ then: reset }]);
  expect(broken(world, 3)).toEqual([1, 2, 3]);
  expect(world.simulator.faults[0]).toMatchObject({
    name: 'rule-1',
    matched: 3,
    fired: 3,
    last: { command: 'listZones', phase: 'before-apply', answered: 'connection-reset' },
  });
});

test('nth: that one only', () => {
  const world = faultyZone([{ when: { nth: 2 }, then: reset }]);
  expect(broken(world, 4)).toEqual([2]);
  expect(world.simulator.faults[0]).toMatchObject({ matched: 4, fired: 1 });
});

test('times: the first ones only', () => {
  const world = faultyZone([{ when: { times: 2 }, then: reset }]);
  expect(broken(world, 4)).toEqual([1, 2]);
});

test('a command, or several, and no others', () => {
  const world = faultyZone([
    { when: { command: 'listZones' }, then: reset },
    { when: { command: ['listVolumes', 'listNetworks'] }, then: { effect: 'no-answer' } },
  ]);
  const seen = ['listZones', 'listVolumes', 'listNetworks'].map((command) => ask(world, command));
  expect(seen).toEqual(['connection-reset', 'no-answer', 'no-answer']);
  expect(ask(world, 'listServiceOfferings')).toMatchObject({ status: 200 });
  expect(fired(world)).toEqual([1, 2]);
});

test('a resource: what names it in some parameter, or in a list', () => {
  const world = faultyZone([{ when: { resource: 'web' }, then: reset }]);
  expect(ask(world, 'listVirtualMachines', { name: 'web' })).toBe('connection-reset');
  expect(ask(world, 'listVirtualMachines', { name: 'a,web' })).toBe('connection-reset');
  expect(ask(world, 'listVirtualMachines', { name: 'website' })).toMatchObject({ status: 200 });
  expect(ask(world, 'listVirtualMachines')).toMatchObject({ status: 200 });
});

test('the first rule that fires is the only one; those behind it do not count', () => {
  const world = faultyZone([
    { when: { nth: 2 }, then: { effect: 'no-answer' } },
    { then: reset },
    { then: { effect: 'unauthorized' } },
  ]);
  expect([1, 2, 3].map(() => ask(world, 'listZones'))).toEqual([
    'connection-reset',
    'no-answer',
    'connection-reset',
  ]);
  expect(world.simulator.faults.map(({ matched }) => matched)).toEqual([3, 2, 0]);
});

test.describe('chance', () => {
  const half: FaultRuleInput = { name: 'half', when: { probability: 0.5 }, then: reset };

  test('comes from the seed', () => {
    const runs = [1, 1, 2].map((seed) => broken(faultyZone([half], { seed }), 200));
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
    expect(runs[0]!.length).toBeGreaterThan(60);
    expect(runs[0]!.length).toBeLessThan(140);
  });

  test('is never at 0, and always at 1', () => {
    const never: FaultPlanInput = [{ when: { probability: 0 }, then: reset }];
    expect(broken(faultyZone(never), 50)).toEqual([]);
    expect(broken(faultyZone([{ when: { probability: 1 }, then: reset }]), 50)).toHaveLength(50);
  });

  test('of one rule is not that of another', () => {
    const alone = broken(faultyZone([half]), 100);
    const other: FaultRuleInput = {
      name: 'other',
      when: { probability: 0.5, command: 'listZones' },
      then: { effect: 'no-secondary-storage-vm' },
    };
    expect(broken(faultyZone([half, other]), 100)).toEqual(alone);
  });

  test('changes nothing else that is left to chance', () => {
    const lives = [
      [],
      [{ when: { probability: 0.5 }, then: { effect: 'no-secondary-storage-vm' } }],
    ];
    const [plain, struck] = lives.map((plan) => {
      const world = faultyZone(plan as FaultPlanInput);
      askForVm(world);
      world.simulator.kernel.advanceUntilIdle();
      const { nics, vms, jobs } = world.simulator.world;
      return JSON.stringify([nics.all(), vms.all(), jobs.all()]);
    });
    expect(struck).toBe(plain);
  });
});

/** Options for the effects that need some. */
const needed: Readonly<Record<string, object>> = {
  refused: { text: 'no' },
  'job-fails': { text: 'no' },
  'job-slows-down': { factor: 3 },
  'job-finishes-late': { afterMs: 5_000, text: 'no' },
  'capacity-gone': { of: 'hosts' },
};
for (const effect of effectNames) {
  test(`${effect}: where the condition does not hold, nothing changes`, () => {
    const live = (plan: FaultPlanInput): unknown[] => {
      const world = faultyZone(plan);
      const replies: unknown[] = [askForVm(world)];
      world.simulator.kernel.advanceUntilIdle();
      const [vm] = world.simulator.world.vms.all();
      for (const command of ['stopVirtualMachine', 'startVirtualMachine']) {
        replies.push(ask(world, command, { id: vm!.id }));
        world.simulator.kernel.advanceUntilIdle();
      }
      replies.push(ask(world, 'listVirtualMachines'));
      return [replies, eventsBesideFaults(world), fired(world).filter((count) => count > 0)];
    };
    const then = { effect, ...needed[effect] };
    const plan: FaultPlanInput = [
      { when: { resource: 'nobody' }, then },
      { when: { command: 'createVolume' }, then },
      { when: { nth: 99 }, then },
      { when: { probability: 0 }, then },
    ];
    expect(live(plan)).toEqual(live([]));
  });
}

test('what a rule did is in the log, with what the client got; so is the plan', () => {
  const world = faultyZone([{ name: 'lost', when: { nth: 1 }, then: reset }]);
  ask(world, 'listZones');
  const events = world.simulator.kernel.log.after(0).filter(({ entity }) => entity === 'faultrule');
  expect(
    events.map(({ cause, id, to, data }) => [cause, id, to, data['fired'], data['last']]),
  ).toEqual([
    ['world', 'lost', 'present', 0, null],
    [
      'request:1 listZones',
      'lost',
      null,
      1,
      { command: 'listZones', phase: 'before-apply', answered: null },
    ],
    [
      'request:1 listZones',
      'lost',
      null,
      undefined,
      { command: 'listZones', phase: 'before-apply', answered: 'connection-reset' },
    ],
  ]);
});

test('another plan takes the place of the first; a reset keeps it and counts anew', () => {
  const world = faultyZone([{ then: reset }]);
  const { simulator } = world;
  ask(world, 'listZones');
  simulator.setFaults([{ name: 'silent', then: { effect: 'no-answer' } }]);
  expect(ask(world, 'listZones')).toBe('no-answer');
  expect(() => {
    simulator.setFaults([{ then: { effect: 'refused' } }]);
  }).toThrow('then.text: is missing');
  expect(ask(world, 'listZones')).toBe('no-answer');
  simulator.reset();
  expect(simulator.faults.map(({ name, matched }) => [name, matched])).toEqual([['silent', 0]]);
  expect(ask(world, 'listZones')).toBe('no-answer');
  simulator.setFaults([]);
  expect(ask(world, 'listZones')).toMatchObject({ status: 200 });
  expect(simulator.faults).toEqual([]);
});
