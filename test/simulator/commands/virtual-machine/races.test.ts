// Proves what becomes of work that meets something else on its way: jobs behind a destruction in
// the queue of one VM, the expunge thread in the middle of a job, a template that is deleted while a
// VM is made from it; and which account sees a VM in which of its states.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  idOf,
  listed,
  listedNames,
} from '../../../support/simulator-vms.js';
import { attached, createdVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

test('jobs behind a destruction see a destroyed VM', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  const [inside, outside] = [createdVolume(world, user), createdVolume(world, user)];
  attached(user, inside, id);
  const submit = (command: string, values: Reply = { id }): string =>
    user.call(command, values)['jobid'] as string;
  submit('destroyVirtualMachine');
  const jobs = [
    submit('startVirtualMachine'),
    submit('stopVirtualMachine'),
    submit('attachVolume', { id: outside, virtualmachineid: id }),
    submit('detachVolume', { id: inside }),
    submit('destroyVirtualMachine'),
    submit('expungeVirtualMachine'),
  ];
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => [user.job(job).resultcode, user.job(job).result['errortext']])).toEqual([
    [530, expect.stringMatching(/^Unable to orchestrate the start of VM instance \{.*\}\.$/)],
    [0, undefined],
    [431, 'Please specify a VM that is either running or stopped.'],
    [431, 'Please specify a VM that is either running or stopped.'],
    [0, undefined],
    [530, 'Please destroy vm with specified vmId before expunge'],
  ]);
  assertSound(simulator);
});

test('jobs behind a destruction with expunge find no VM', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const { id } = deployed(world, world.user);
  admin.call('destroyVirtualMachine', { id, expunge: true });
  const jobs = ['start', 'stop', 'destroy'].map(
    (verb) => admin.call(`${verb}VirtualMachine`, { id })['jobid'] as string,
  );
  simulator.kernel.advanceUntilIdle();
  expect(
    jobs.map((job) => [admin.job(job).resultcode, admin.job(job).result['errortext']]),
  ).toEqual([
    [
      530,
      `Could not find a VM with the uuid [${id}]. Unable to continue validations with command [com.cloud.vm.VmWorkStart] through job queue.`,
    ],
    [530, 'Unable to find VM [1].'],
    [431, 'Unable to find a virtual machine with specified vmId'],
  ]);
});

for (const command of ['destroyVirtualMachine', 'expungeVirtualMachine']) {
  test(`the expunge thread comes first while ${command} is under way`, () => {
    const world = testSimulator();
    const { user, admin, simulator } = world;
    const { kernel } = simulator;
    simulator.world.settings.set('expunge.delay', 0);
    const { id } = deployed(world, user, { ipaddress: '10.203.6.10' });
    user.done('destroyVirtualMachine', { id });
    const dayMs = simulator.world.settings.get('expunge.interval') * 1_000;
    const startMs = Date.parse('2026-01-01T00:00:00Z');
    kernel.advanceBy(startMs + dayMs - kernel.nowMs - 1_000);
    const expunge = command === 'destroyVirtualMachine' ? { expunge: true } : {};
    const { jobid } = admin.call(command, { id, ...expunge });
    kernel.advanceBy(1_000);
    expect(simulator.world.vms.require(id).removedMs).not.toBeNull();
    kernel.advanceUntilIdle();
    expect(admin.job(jobid).status).toBe(1);
    expect(deployed(world, user, { ipaddress: '10.203.6.10' })['state']).toBe('Running');
    assertSound(simulator);
  });
}

test('a template deleted by force while it is copied does not stop the VM', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id, jobid } = user.call('deployVirtualMachine', deployment(world));
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  const templateid = idOf(simulator.world.templates.all(), 'ubuntu-jammy');
  expect(admin.run('deleteTemplate', { id: templateid, forced: true }).status).toBe(1);
  expect(user.job(jobid).status).toBe(1);
  expect(listed(user, { id })).toMatchObject({ state: 'Running', templatename: 'ubuntu-jammy' });
  assertSound(simulator);
});

test('a template deleted by force before its VM starts fails the deployment', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const values = deployment(world);
  admin.call('deleteTemplate', { id: values['templateid']!, forced: true });
  const { id, jobid } = user.call('deployVirtualMachine', values);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result['errortext']).toMatch(/^Unable to orchestrate the start of VM /);
  expect(listed(user, { id })?.['state']).toBe('Error');
  assertSound(simulator);
});

test('a detachment in the midst of a destruction fails; one before it succeeds', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  for (const first of ['detachVolume', 'destroyVirtualMachine']) {
    const { id } = deployed(world, user);
    const volume = createdVolume(world, user);
    attached(user, volume, id);
    const submit = (command: string): string =>
      user.call(command, { id: command === 'detachVolume' ? volume : id })['jobid'] as string;
    const destroysFirst = first === 'destroyVirtualMachine';
    const jobs = [
      submit(first),
      submit(destroysFirst ? 'detachVolume' : 'destroyVirtualMachine'),
    ].map((job) => {
      simulator.kernel.advanceUntilIdle();
      return user.job(job).resultcode;
    });
    expect(jobs).toEqual([0, destroysFirst ? 431 : 0]);
    expect(simulator.world.volumes.require(volume)).toMatchObject({ state: 'Ready', vmId: null });
  }
});

test('who sees a VM in which state', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const seen = (id: string): [unknown, unknown] => [
    listed(user, { id })?.['state'],
    listed(admin, { id })?.['state'],
  ];
  const soon = (): void => simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  const { id } = user.call('deployVirtualMachine', deployment(world, { name: 'a' }));
  expect(seen(id)).toEqual(['Stopped', 'Stopped']);
  soon();
  expect(seen(id)).toEqual(['Starting', 'Starting']);
  simulator.kernel.advanceUntilIdle();
  expect(seen(id)).toEqual(['Running', 'Running']);
  user.call('stopVirtualMachine', { id });
  soon();
  expect(seen(id)).toEqual(['Stopping', 'Stopping']);
  simulator.kernel.advanceUntilIdle();
  user.done('destroyVirtualMachine', { id });
  expect(seen(id)).toEqual([undefined, 'Destroyed']);
  admin.done('expungeVirtualMachine', { id });
  expect(seen(id)).toEqual([undefined, undefined]);
  expect(listedNames(admin, { listall: true })).toEqual([]);
  failToDeploy(world);
  const failed = listed(user, { name: 'failed' })!['id'] as string;
  expect(seen(failed)).toEqual(['Error', 'Error']);
  user.done('destroyVirtualMachine', { id: failed });
  expect(seen(failed)).toEqual([undefined, 'Expunging']);
});

function failToDeploy(world: TestWorld): void {
  const disk = { diskofferingid: diskOfferingId(world, 'ephemeral'), size: 1 };
  const { hosts } = world.simulator.world;
  for (const host of hosts.all()) hosts.move(host, 'Disable');
  const values = deployment(world, { name: 'failed', ...disk });
  expect(world.user.run('deployVirtualMachine', values).resultcode).toBe(533);
}

test('a VM whose affinity group is deleted while it starts runs all the same', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const group = user.run('createAffinityGroup', { name: 'web', type: 'host anti-affinity' }).id!;
  const values = { ...deployment(world), affinitygroupids: group };
  const { id, jobid } = user.call('deployVirtualMachine', values);
  simulator.kernel.advanceBy(50);
  user.call('deleteAffinityGroup', { id: group });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid as string)).toMatchObject({ status: 1 });
  expect(listed(user, { id: id as string })).toMatchObject({ state: 'Running', affinitygroup: [] });
  assertSound(simulator);
});
