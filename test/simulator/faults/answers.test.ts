// What a damaged answer leaves behind: before the request is applied nothing, afterwards all of it;
// what the client sees is the same. A request that arrives twice is applied twice.
import { expect, test } from '@playwright/test';
import type { FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { ask, askForVm, contentOf, faultyZone, rule, vmStates } from '../../support/faulty-zone.js';
import { createdVolume } from '../../support/simulator-volumes.js';
import { assertSound } from '../../support/sound-world.js';

const deploy = 'deployVirtualMachine';

for (const effect of ['connection-reset', 'no-answer'] as const) {
  test(`${effect} before the request is applied: nothing has happened`, () => {
    const world = faultyZone(rule({ command: deploy }, { effect }));
    expect(askForVm(world)).toBe(effect);
    world.simulator.kernel.advanceUntilIdle();
    expect(vmStates(world)).toEqual([]);
    expect(world.simulator.world.jobs.all()).toEqual([]);
  });

  test(`${effect} after it: the VM is there, under the name that the client chose`, () => {
    const when = { command: deploy, phase: 'after-apply-before-reply' } as const;
    const world = faultyZone(rule(when, { effect }));
    expect(askForVm(world)).toBe(effect);
    world.simulator.kernel.advanceUntilIdle();
    expect(vmStates(world)).toEqual([['web', 'Running']]);
    const found = ask(world, 'listVirtualMachines', { name: 'web' });
    expect(contentOf(found)).toMatchObject({ count: 1 });
    assertSound(world.simulator);
  });
}

test('truncated-body: half of the reply, and the request is applied', () => {
  const world = faultyZone(rule({ command: deploy }, { effect: 'truncated-body' }));
  const { simulator } = world;
  const before = simulator.world.vms.all().length;
  expect(askForVm(world)).toBe('truncated-body');
  expect(simulator.world.vms.all()).toHaveLength(before + 1);
});

for (const [phase, vms] of [
  ['before-apply', 0],
  ['after-apply-before-reply', 1],
] as const) {
  test(`proxy-error ${phase}: a page in HTML`, () => {
    const then = { effect: 'proxy-error', status: 504, retryAfterSeconds: 7 } as const;
    const world = faultyZone(rule({ command: deploy, phase }, then));
    expect(askForVm(world)).toEqual({
      status: 504,
      headers: {
        'content-type': 'text/html',
        date: 'Thu, 01 Jan 2026 00:00:00 GMT',
        'retry-after': '7',
      },
      body:
        '<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n' +
        '<body>\r\n<center><h1>504 Gateway Time-out</h1></center>\r\n</body>\r\n</html>\r\n',
    });
    expect(world.simulator.world.vms.all()).toHaveLength(vms);
    expect(world.simulator.faults[0]!.last!.answered).toBe('504');
  });
}

test.describe('applied-twice', () => {
  const twice = (command: string): FaultRuleInput[] => [
    { when: { command, times: 1 }, then: { effect: 'applied-twice' } },
  ];

  test('two disks, of which the client learns of the second', () => {
    const world = faultyZone(twice('createVolume'));
    const { simulator, user } = world;
    const id = createdVolume(world, user);
    const disks = simulator.world.volumes.all();
    expect(disks.map(({ name, state }) => [name, state])).toEqual([
      ['disk', 'Allocated'],
      ['disk', 'Allocated'],
    ]);
    expect(disks[1]!.id).toBe(id);
    const requests = simulator.kernel.log
      .after(0)
      .filter(({ entity, from }) => entity === 'volume' && from === null)
      .map(({ cause }) => cause);
    expect(requests).toEqual(['request:1 createVolume', 'request:2 createVolume']);
    assertSound(simulator);
  });

  test('what the first one has deleted, the second one does not find', () => {
    const world = faultyZone(twice('deleteVolume'));
    const { user, simulator } = world;
    const id = createdVolume(world, user);
    expect(user.fails('deleteVolume', { id }).httpStatus).toBe(431);
    expect(simulator.world.volumes.all()).toEqual([]);
  });

  test('a VM of the same name is refused the second time', () => {
    const world = faultyZone(twice(deploy));
    expect(contentOf(askForVm(world))).toMatchObject({ errorcode: 431 });
    expect(vmStates(world)).toEqual([['web', 'Stopped']]);
  });
});
