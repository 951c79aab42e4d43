// What a job does under a fault plan, and in which state it leaves its resource: failed before a
// step or with everything done, never ending, slow, finished behind its own failure, a VM stuck in
// Starting. The same job without a matching rule ends well in the same test's world.
import { expect, test } from '@playwright/test';
import type { FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { faultyZone, fired, rule, vmStates } from '../../support/faulty-zone.js';
import type { JobOutcome, TestWorld } from '../../support/simulator-client.js';
import { deployed, deployment, listed } from '../../support/simulator-vms.js';
import { attached, createdVolume } from '../../support/simulator-volumes.js';
import { assertSound } from '../../support/sound-world.js';

const TEXT = 'the host is on fire';
const fails = { effect: 'job-fails', text: TEXT } as const;
const failed = { status: 2, resultcode: 530, result: { errorcode: 530, errortext: TEXT } };

function deploy(world: TestWorld): JobOutcome {
  return world.user.run('deployVirtualMachine', { ...deployment(world), name: 'web' });
}

function vmState({ simulator }: TestWorld, id: string): string {
  return simulator.world.vms.require(id).state;
}

test.describe('job-fails', () => {
  for (const step of [1, 2, 3]) {
    test(`a deployment at step ${step} leaves a VM in Error, its name and address taken`, () => {
      const world = faultyZone(rule({ command: 'deployVirtualMachine', step, nth: 1 }, fails));
      const { simulator, user } = world;
      expect(deploy(world)).toMatchObject(failed);
      expect(vmStates(world)).toEqual([['web', 'Error']]);
      expect(listed(user, { name: 'web' })!['nic']).toHaveLength(1);
      expect(simulator.world.volumes.all().map(({ state }) => state)).toEqual(['Destroy']);
      expect(
        user.fails('deployVirtualMachine', { ...deployment(world), name: 'web' }),
      ).toMatchObject({ httpStatus: 431 });
      expect(deployed(world, user, { name: 'other' })['state']).toBe('Running');
      assertSound(simulator);
    });
  }

  for (const step of [1, 2, 3]) {
    test(`a start at step ${step} leaves a Stopped VM that can be started`, () => {
      const world = faultyZone(rule({ command: 'startVirtualMachine', step, nth: 1 }, fails));
      const { simulator, user } = world;
      const { id } = deployed(world, user, { startvm: false });
      expect(user.run('startVirtualMachine', { id })).toMatchObject(failed);
      expect(vmState(world, id)).toBe('Stopped');
      assertSound(simulator);
      user.done('startVirtualMachine', { id });
      expect(vmState(world, id)).toBe('Running');
    });
  }

  test('a stop leaves a Running VM', () => {
    const world = faultyZone(rule({ command: 'stopVirtualMachine', step: 2 }, fails));
    const { id } = deployed(world, world.user);
    expect(world.user.run('stopVirtualMachine', { id })).toMatchObject(failed);
    expect(vmState(world, id)).toBe('Running');
    assertSound(world.simulator);
  });

  test('an attachment leaves a volume that is attached to nothing and can be', () => {
    const world = faultyZone(rule({ command: 'attachVolume', step: 2, nth: 1 }, fails));
    const { simulator, user } = world;
    const vm = deployed(world, user);
    const id = createdVolume(world, user);
    const values = { id, virtualmachineid: vm['id'] };
    expect(user.run('attachVolume', values)).toMatchObject(failed);
    expect(simulator.world.volumes.require(id)).toMatchObject({ state: 'Ready', vmId: null });
    assertSound(simulator);
    expect(user.done('attachVolume', values)['volume']['vmname']).toBe(vm['name']);
  });

  test('at its completion everything is done all the same', () => {
    const when = { phase: 'job-step', step: 'completion' } as const;
    const world = faultyZone(rule(when, { ...fails, status: 533 }));
    expect(deploy(world)).toMatchObject({ status: 2, resultcode: 533 });
    expect(vmStates(world)).toEqual([['web', 'Running']]);
    assertSound(world.simulator);
  });

  test('only the job of a resource that the rule names, by id or by name', () => {
    const world = faultyZone([
      { when: { command: 'startVirtualMachine', resource: 'none' }, then: fails },
      { when: { command: 'deployVirtualMachine', resource: 'web' }, then: fails },
    ]);
    const { user } = world;
    const { id } = deployed(world, user, { name: 'other', startvm: false });
    const simulator = world.simulator;
    const byId: FaultRuleInput = { when: { resource: id }, then: fails };
    expect(deploy(world)).toMatchObject(failed);
    simulator.setFaults([byId]);
    expect(user.run('startVirtualMachine', { id })).toMatchObject(failed);
    expect(deployed(world, user)['state']).toBe('Running');
  });
});

test.describe('job-never-ends', () => {
  test('it stays pending, and so do those that wait for the same VM, for an hour', () => {
    const then = { effect: 'job-never-ends' } as const;
    const world = faultyZone(rule({ command: 'stopVirtualMachine', step: 2 }, then));
    const { simulator, user } = world;
    const { id } = deployed(world, user);
    const other = deployed(world, user);
    const [stop, start] = ['stopVirtualMachine', 'startVirtualMachine'].map(
      (command) => user.call(command, { id })['jobid'] as string,
    ) as [string, string];
    simulator.kernel.advanceBy(3_599_999);
    expect([stop, start].map((jobid) => user.job(jobid).status)).toEqual([0, 0]);
    expect(vmState(world, id)).toBe('Stopping');
    expect(user.done('rebootVirtualMachine', { id: other['id'] })).toBeDefined();
    assertSound(simulator);
    simulator.kernel.advanceUntilIdle();
    simulator.kernel.advanceBy(1);
    const text =
      'Unable to serialize: Job is cancelled as it has been blocking others for too long';
    expect(user.job(stop)).toMatchObject({
      status: 2,
      resultcode: 530,
      result: { errorcode: 530, errortext: text },
    });
    simulator.kernel.advanceUntilIdle();
    expect(user.job(start)).toMatchObject({ status: 2, resultcode: 530 });
    expect(vmState(world, id)).toBe('Stopping');
    assertSound(simulator);
  });

  test('a job that keeps nobody waiting stays pending until it is forgotten', () => {
    const then = { effect: 'job-never-ends' } as const;
    const world = faultyZone(rule({ command: 'createTags', step: 1 }, then));
    const { simulator, user } = world;
    const jobid = user.call('createTags', {
      resourcetype: 'UserVm',
      resourceids: deployed(world, user)['id'],
      'tags[0].key': 'a',
      'tags[0].value': '1',
    })['jobid'] as string;
    simulator.kernel.advanceBy(24 * 3_600_000 - 1);
    expect(user.job(jobid).status).toBe(0);
    simulator.kernel.advanceBy(1);
    expect(user.fails('queryAsyncJobResult', { jobid }).httpStatus).toBe(431);
  });

  test('at its completion all is done, and nobody is told', () => {
    const when = { phase: 'job-step', step: 'completion' } as const;
    const world = faultyZone(rule(when, { effect: 'job-never-ends' }));
    expect(deploy(world).status).toBe(0);
    expect(vmStates(world)).toEqual([['web', 'Running']]);
  });

  test('in on-poll and auto time it keeps nobody waiting', () => {
    for (const clock of ['on-poll', 'auto'] as const) {
      const then = { effect: 'job-never-ends' } as const;
      const world = faultyZone(rule({ command: 'deployVirtualMachine', step: 3 }, then), { clock });
      const submitted = world.user.call('deployVirtualMachine', deployment(world));
      const states = Array.from({ length: 5 }, () => world.user.job(submitted['jobid']).status);
      expect(states).toEqual([0, 0, 0, 0, 0]);
      expect(vmState(world, submitted['id'])).toBe('Starting');
    }
  });
});

test('job-slows-down: each wait lasts so many times as long', () => {
  const durationMs = (plan: FaultRuleInput[]): number => {
    const world = faultyZone(plan);
    const { jobid } = deploy(world);
    const { state, createdMs, completedMs } = world.simulator.world.jobs.require(jobid);
    expect(state).toBe('succeeded');
    return completedMs! - createdMs;
  };
  const slow = (step: number): FaultRuleInput[] => [
    { when: { step, phase: 'job-step' }, then: { effect: 'job-slows-down', factor: 10 } },
  ];
  // Picked up after 50 ms, the template copied for 2 s, started for 4 s.
  expect(durationMs([])).toBe(6_050);
  expect(durationMs(slow(1))).toBe(60_050);
  expect(durationMs(slow(2))).toBe(42_050);
});

test('a job that is slow beyond an hour is given up, and does what it does all the same', () => {
  const then = { effect: 'job-slows-down', factor: 1_000 } as const;
  const world = faultyZone(rule({ command: 'startVirtualMachine', step: 1, nth: 1 }, then));
  const { simulator, user } = world;
  const { id } = deployed(world, user, { startvm: false });
  const start = user.call('startVirtualMachine', { id })['jobid'] as string;
  const stop = user.call('stopVirtualMachine', { id, forced: false })['jobid'] as string;
  // The start of the VM takes 4,000 s, after 2,000 s of copying its template.
  simulator.kernel.advanceBy(3_600_000);
  expect(user.job(start)).toMatchObject({ status: 2, resultcode: 530 });
  expect(vmState(world, id)).toBe('Starting');
  simulator.kernel.advanceBy(60_000);
  expect(user.job(stop)).toMatchObject({ status: 2, resultcode: 530 });
  expect(vmState(world, id)).toBe('Starting');
  simulator.kernel.advanceBy(2_400_000);
  expect(vmState(world, id)).toBe('Running');
  expect(user.job(start).status).toBe(2);
  assertSound(simulator);
});

test.describe('job-finishes-late', () => {
  test('a detachment that was told as failed undoes a newer attachment', () => {
    const then = { effect: 'job-finishes-late', afterMs: 60_000, text: 'timed out' } as const;
    const world = faultyZone(rule({ command: 'detachVolume', step: 2, nth: 1 }, then));
    const { simulator, user } = world;
    const [first, second] = [deployed(world, user), deployed(world, user)];
    const id = createdVolume(world, user);
    attached(user, id, first['id']);
    expect(user.run('detachVolume', { id })).toMatchObject({
      status: 2,
      result: { errortext: 'timed out' },
    });
    expect(simulator.world.volumes.require(id).vmId).toBe(first['id']);
    user.done('detachVolume', { id });
    attached(user, id, second['id']);
    simulator.kernel.advanceBy(59_000);
    expect(simulator.world.volumes.require(id).vmId).toBeNull();
    assertSound(simulator);
  });

  test('a start is done behind its failure; the job stays as it was told', () => {
    const then = { effect: 'job-finishes-late', afterMs: 60_000, text: 'timed out' } as const;
    const world = faultyZone(rule({ command: 'deployVirtualMachine', step: 2 }, then));
    const { simulator, user } = world;
    const { jobid } = deploy(world);
    expect(vmStates(world)).toEqual([['web', 'Starting']]);
    simulator.kernel.advanceBy(64_000);
    expect(vmStates(world)).toEqual([['web', 'Running']]);
    expect(user.job(jobid)).toMatchObject({ status: 2, result: { errortext: 'timed out' } });
    assertSound(simulator);
  });

  test('a start fails whose VM the late rest of an earlier one brings to Running meanwhile', () => {
    const then = { effect: 'job-finishes-late', afterMs: 60_000, text: 'timed out' } as const;
    const world = faultyZone(rule({ command: 'startVirtualMachine', step: 3, nth: 1 }, then));
    const { simulator, user } = world;
    const { id } = deployed(world, user, { startvm: false });
    expect(user.run('startVirtualMachine', { id })).toMatchObject({ status: 2 });
    simulator.kernel.advanceBy(50_000);
    user.run('stopVirtualMachine', { id, forced: true });
    simulator.kernel.advanceBy(7_000);
    expect(user.run('startVirtualMachine', { id })).toMatchObject({
      status: 2,
      resultcode: 530,
      result: { errortext: expect.stringContaining(`${id} is Running: OperationSucceeded`) },
    });
    expect(vmState(world, id)).toBe('Running');
    assertSound(simulator);
  });

  test('where others have done it already, nothing happens', () => {
    const then = { effect: 'job-finishes-late', afterMs: 60_000, text: 'timed out' } as const;
    const world = faultyZone(rule({ command: 'detachVolume', step: 2, nth: 1 }, then));
    const { simulator, user } = world;
    const vm = deployed(world, user);
    const id = createdVolume(world, user);
    attached(user, id, vm['id']);
    user.run('detachVolume', { id });
    user.done('detachVolume', { id });
    const before = simulator.kernel.log.lastSeq;
    simulator.kernel.advanceBy(60_000);
    expect(simulator.kernel.log.lastSeq).toBe(before);
  });
});

test('a VM that was left in Stopping can be stopped', () => {
  const then = { effect: 'management-server-restart', settlesStates: false } as const;
  const world = faultyZone(
    rule({ command: 'stopVirtualMachine', step: 2, phase: 'job-step' }, then),
  );
  const { simulator, user } = world;
  const { id } = deployed(world, user);
  user.run('stopVirtualMachine', { id });
  expect(vmState(world, id)).toBe('Stopping');
  simulator.setFaults([]);
  user.done('stopVirtualMachine', { id });
  expect(vmState(world, id)).toBe('Stopped');
  assertSound(simulator);
});

test.describe('vm-stuck-in-starting', () => {
  const stuck = { effect: 'vm-stuck-in-starting' } as const;

  test('the job fails, the VM stays in Starting and cannot be started', () => {
    const world = faultyZone(rule({ command: 'deployVirtualMachine', nth: 1 }, stuck));
    const { simulator, user } = world;
    const { id, ...job } = deploy(world);
    expect(job).toMatchObject({
      status: 2,
      result: { errortext: 'Unable to start the VM: its host does not answer' },
    });
    simulator.kernel.advanceBy(3_600_000);
    expect(vmState(world, id!)).toBe('Starting');
    expect(user.run('startVirtualMachine', { id: id! })).toMatchObject({
      status: 2,
      resultcode: 530,
    });
    expect(deployed(world, user)['state']).toBe('Running');
    assertSound(simulator);
  });

  const verbs: readonly (readonly [string, object, number, string, string])[] = [
    ['stopVirtualMachine', {}, 530, 'We cannot stop VM instance ', 'Starting'],
    ['stopVirtualMachine', { forced: true }, 530, 'We cannot proceed with stop VM ', 'Stopped'],
    ['destroyVirtualMachine', {}, 530, 'We cannot stop VM instance ', 'Starting'],
    ['rebootVirtualMachine', {}, 431, 'The VM ', 'Starting'],
    ['startVirtualMachine', {}, 530, 'There are concurrent operations on VM ', 'Starting'],
  ];
  for (const [command, values, resultcode, text, state] of verbs) {
    test(`${command} ${JSON.stringify(values)}: ${resultcode}, and it is ${state}`, () => {
      const world = faultyZone(rule({ command: 'deployVirtualMachine' }, stuck));
      const id = deploy(world).id!;
      const job = world.user.run(command, { id, ...values });
      expect(job).toMatchObject({ status: 2, resultcode });
      expect(job.result['errortext']).toContain(text);
      expect(vmState(world, id)).toBe(state);
      assertSound(world.simulator);
    });
  }

  test('until its host tells that it does not run', () => {
    const then = { ...stuck, forMs: 120_000 };
    const world = faultyZone(rule({ command: 'startVirtualMachine', nth: 1 }, then));
    const { simulator, user } = world;
    const { id } = deployed(world, user, { startvm: false });
    user.run('startVirtualMachine', { id });
    expect(vmState(world, id)).toBe('Starting');
    simulator.kernel.advanceBy(120_000);
    expect(vmState(world, id)).toBe('Stopped');
    expect(simulator.kernel.log.after(0).at(-1)).toMatchObject({
      cause: 'task:fault.power-report',
      data: { event: 'FollowAgentPowerOffReport' },
    });
    user.done('startVirtualMachine', { id });
    assertSound(simulator);
  });

  test('a job that starts no VM goes on', () => {
    const world = faultyZone(rule({ phase: 'job-step' }, stuck));
    expect(createdVolume(world, world.user)).toBeDefined();
    expect(fired(world)).toEqual([1]);
  });
});
