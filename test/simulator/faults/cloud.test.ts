// What befalls the cloud as a whole: a restart of the management server and what becomes of the
// jobs in its hands, no secondary storage VM, no room on hosts or pools; when it ends, and that
// events name the rule that did it.
import { expect, test } from '@playwright/test';
import type { FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { ask, askForVm, faultyZone, fired, rule, vmStates } from '../../support/faulty-zone.js';
import type { TestWorld, Values } from '../../support/simulator-client.js';
import { deployed, deployment } from '../../support/simulator-vms.js';
import { createdVolume } from '../../support/simulator-volumes.js';
import { assertSound } from '../../support/sound-world.js';

test.describe('management-server-restart', () => {
  const restart = { effect: 'management-server-restart' } as const;
  /** A request that only brings the restart about. */
  const trigger = (then: FaultRuleInput['then'] = restart): FaultRuleInput[] => [
    { when: { command: 'listZones' }, then },
  ];

  test('a deployment under way is lost: a failed job without a result, a Stopped VM', () => {
    const world = faultyZone(trigger());
    const { simulator, user } = world;
    const submitted = user.call('deployVirtualMachine', { ...deployment(world), name: 'web' });
    simulator.kernel.advanceBy(100);
    expect(vmStates(world)).toEqual([['web', 'Starting']]);
    expect(ask(world, 'listZones')).toMatchObject({ status: 200 });
    const job = user.call('queryAsyncJobResult', { jobid: submitted['jobid'] });
    expect(job).toMatchObject({ jobstatus: 2, jobresultcode: 530 });
    expect(job).not.toHaveProperty('jobresult');
    expect(job).not.toHaveProperty('jobresulttype');
    expect(vmStates(world)).toEqual([['web', 'Stopped']]);
    assertSound(simulator);
    simulator.kernel.advanceUntilIdle();
    expect(vmStates(world)).toEqual([['web', 'Stopped']]);
    user.done('startVirtualMachine', { id: submitted['id'] });
    expect(vmStates(world)).toEqual([['web', 'Running']]);
    assertSound(simulator);
  });

  test('what was Stopping runs, what was attaching is free, what waited has not begun', () => {
    const world = faultyZone(trigger());
    const { simulator, user } = world;
    const [first, second] = [deployed(world, user), deployed(world, user)];
    const id = createdVolume(world, user);
    const jobs = [
      user.call('stopVirtualMachine', { id: first['id'] }),
      user.call('startVirtualMachine', { id: first['id'] }),
      user.call('attachVolume', { id, virtualmachineid: second['id'] }),
    ];
    simulator.kernel.advanceBy(100);
    expect(simulator.world.vms.require(first['id']).state).toBe('Stopping');
    expect(simulator.world.volumes.require(id).state).toBe('Attaching');
    ask(world, 'listZones');
    expect(jobs.map(({ jobid }) => user.job(jobid))).toMatchObject(
      Array(3).fill({ status: 2, resultcode: 530, result: {} }),
    );
    expect(simulator.world.vms.require(first['id']).state).toBe('Running');
    expect(simulator.world.volumes.require(id)).toMatchObject({ state: 'Ready', vmId: null });
    user.done('attachVolume', { id, virtualmachineid: second['id'] });
    user.done('stopVirtualMachine', { id: first['id'] });
    assertSound(simulator);
  });

  test('an older release leaves resources between two states', () => {
    const world = faultyZone(trigger({ ...restart, settlesStates: false }));
    const { simulator, user } = world;
    user.call('deployVirtualMachine', { ...deployment(world), name: 'web' });
    simulator.kernel.advanceBy(100);
    ask(world, 'listZones');
    simulator.kernel.advanceUntilIdle();
    expect(vmStates(world)).toEqual([['web', 'Starting']]);
    assertSound(simulator);
  });

  for (const [phase, answer, states] of [
    ['before-apply', 'connection-reset', []],
    ['after-apply-before-reply', 'connection-reset', [['web', 'Stopped']]],
    ['after-reply', '200', [['web', 'Stopped']]],
  ] as const) {
    test(`${phase}: ${answer}, and the job of the request is among the lost`, () => {
      const world = faultyZone(rule({ command: 'deployVirtualMachine', phase }, restart));
      const got = askForVm(world);
      expect(typeof got === 'string' ? got : String(got.status)).toBe(answer);
      world.simulator.kernel.advanceUntilIdle();
      expect(vmStates(world)).toEqual(states);
      const jobs = world.simulator.world.jobs.all();
      expect(jobs.map(({ state }) => state)).toEqual(states.map(() => 'failed'));
      expect(world.simulator.faults[0]!.last!.answered).toBe(answer);
      assertSound(world.simulator);
    });
  }

  test('in the step of a job, and when it has done everything', () => {
    for (const [step, state] of [
      [2, 'Stopped'],
      ['completion', 'Running'],
    ] as const) {
      const world = faultyZone(rule({ phase: 'job-step', step }, restart));
      const { user } = world;
      const job = user.run('deployVirtualMachine', { ...deployment(world), name: 'web' });
      expect(job).toMatchObject({ status: 2, resultcode: 530, result: {} });
      expect(vmStates(world)).toEqual([['web', state]]);
      assertSound(world.simulator);
    }
  });

  test('jobs that have ended stay as they are', () => {
    const world = faultyZone(trigger());
    const { simulator, user } = world;
    deployed(world, user);
    const before = JSON.stringify([simulator.world.jobs.all(), simulator.world.vms.all()]);
    ask(world, 'listZones');
    expect(JSON.stringify([simulator.world.jobs.all(), simulator.world.vms.all()])).toBe(before);
  });
});

test.describe('no-secondary-storage-vm', () => {
  const upload = ({ simulator }: TestWorld): Values => ({
    name: 'stemcell',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: simulator.world.zones.all()[0]!.id,
    ostypeid: simulator.world.osTypes.all()[0]!.id,
  });

  test('templates cannot be uploaded, until it is over', () => {
    const then = { effect: 'no-secondary-storage-vm', forMs: 60_000 } as const;
    const world = faultyZone(rule({ command: 'listZones' }, then));
    const { simulator, admin } = world;
    ask(world, 'listZones');
    const refused = admin.fails('getUploadParamsForTemplate', upload(world));
    expect(refused.httpStatus).toBe(530);
    expect(refused.errortext).toContain('There is no secondary storage VM');
    expect(simulator.world.templates.all().map(({ name }) => name)).not.toContain('stemcell');
    expect(
      simulator.kernel.log.after(0).find(({ data }) => data['secondaryStorageVmUp'] === false),
    ).toMatchObject({ entity: 'zone', cause: 'fault:rule-1' });
    simulator.kernel.advanceBy(59_999);
    expect(admin.send('getUploadParamsForTemplate', upload(world)).status).toBe(530);
    simulator.kernel.advanceBy(1);
    expect(admin.send('getUploadParamsForTemplate', upload(world)).status).toBe(200);
  });

  test('after-reply: the request that brought it about succeeds, the next one does not', () => {
    const when = { command: 'getUploadParamsForTemplate', phase: 'after-reply', nth: 1 } as const;
    const world = faultyZone(rule(when, { effect: 'no-secondary-storage-vm' }));
    const ask = (): number => world.user.send('getUploadParamsForTemplate', upload(world)).status;
    expect([ask(), ask()]).toEqual([200, 530]);
  });
});

test.describe('capacity-gone', () => {
  test('full hosts: a deployment fails in its job, a running VM runs on', () => {
    const then = { effect: 'capacity-gone', of: 'hosts', forMs: 60_000 } as const;
    const world = faultyZone(rule({ command: 'listZones' }, then));
    const { simulator, user } = world;
    const running = deployed(world, user);
    ask(world, 'listZones');
    const job = user.run('deployVirtualMachine', { ...deployment(world), name: 'web' });
    expect(job).toMatchObject({ status: 2, resultcode: 533 });
    expect(job.result['errortext']).toMatch(
      /^No destination found for a deployment for VM instance /,
    );
    expect(vmStates(world)).toEqual([
      [running['name'], 'Running'],
      ['web', 'Error'],
    ]);
    simulator.kernel.advanceBy(60_000);
    expect(deployed(world, user)['state']).toBe('Running');
    assertSound(simulator);
  });

  test('full pools: no volume finds a place; one that has its place can be attached', () => {
    const then = { effect: 'capacity-gone', of: 'pools' } as const;
    const world = faultyZone(rule({ command: 'listZones' }, then));
    const { simulator, user } = world;
    const vm = deployed(world, user);
    const placed = createdVolume(world, user);
    user.done('attachVolume', { id: placed, virtualmachineid: vm['id'] });
    user.done('detachVolume', { id: placed });
    const unplaced = createdVolume(world, user);
    ask(world, 'listZones');
    expect(user.run('attachVolume', { id: unplaced, virtualmachineid: vm['id'] }).status).toBe(2);
    expect(user.run('deployVirtualMachine', deployment(world)).resultcode).toBe(533);
    user.done('attachVolume', { id: placed, virtualmachineid: vm['id'] });
    expect(fired(world)).toEqual([1]);
    assertSound(simulator);
  });

  test('a reset ends it', () => {
    const world = faultyZone(rule({ nth: 1 }, { effect: 'capacity-gone', of: 'hosts' }));
    ask(world, 'listZones');
    expect(world.simulator.world.hosts.all().every(({ full }) => full)).toBe(true);
    world.simulator.reset();
    expect(world.simulator.world.hosts.all().some(({ full }) => full)).toBe(false);
  });
});
