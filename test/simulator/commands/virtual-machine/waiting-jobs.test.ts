// Proves which of what a VM command checks comes before its job waits for others of the same VM, and
// which after it: what is wrong already fails the job at once, in the midst of what is done to the VM;
// what changes while it waits is for the work alone to find.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestClient, type Values } from '../../../support/simulator-client.js';
import { deployed, listed } from '../../../support/simulator-vms.js';
import { createdVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

type World = ReturnType<typeof testSimulator> & { readonly vmId: string };

function runningVm(): World {
  const world = testSimulator();
  return { ...world, vmId: deployed(world, world.user, { name: 'web' })['id'] as string };
}

function sent(client: TestClient, command: string, values: Values): string {
  return client.call(command, values)['jobid'] as string;
}

function end(client: TestClient, jobId: string): unknown[] {
  const { status, resultcode, result } = client.job(jobId);
  return [status, resultcode, result['errortext']];
}

/** Sends a command in the midst of another, and answers how it ends before the other does. */
function inTheMidstOf(
  world: World,
  first: string,
  command: string,
  values: Values = {},
  client: TestClient = world.user,
): unknown[] {
  const { simulator, user, vmId } = world;
  const other = sent(user, first, { id: vmId });
  simulator.kernel.advanceBy(200);
  const job = sent(client, command, { id: vmId, ...values });
  simulator.kernel.advanceBy(200);
  expect(end(user, other)[0]).toBe(0);
  return end(client, job);
}

test('a VM that reboots is running already', () => {
  const world = runningVm();
  const text = `The virtual machine ${world.vmId} (web) is already running`;
  expect(inTheMidstOf(world, 'rebootVirtualMachine', 'startVirtualMachine')).toEqual([
    2,
    431,
    text,
  ]);
});

test('a VM that stops is not rebooted, a VM that starts neither', () => {
  const text = (id: string): string => `The VM ${id} (web) is not running, unable to reboot it`;
  const stopping = runningVm();
  expect(inTheMidstOf(stopping, 'stopVirtualMachine', 'rebootVirtualMachine')).toEqual([
    2,
    431,
    text(stopping.vmId),
  ]);
  stopping.simulator.kernel.advanceUntilIdle();
  expect(inTheMidstOf(stopping, 'startVirtualMachine', 'rebootVirtualMachine')).toEqual([
    2,
    431,
    text(stopping.vmId),
  ]);
});

test('who may not force, choose a host or expunge learns it at once', () => {
  const world = runningVm();
  const { simulator } = world;
  const hostid = simulator.world.hosts.all()[0]!.id;
  expect(inTheMidstOf(world, 'stopVirtualMachine', 'startVirtualMachine', { hostid })).toEqual([
    2,
    530,
    'Parameter hostid can only be specified by a Root Admin, permission denied',
  ]);
  simulator.kernel.advanceUntilIdle();
  simulator.world.settings.set('allow.user.force.stop.vm', false);
  const force = { forced: true };
  expect(inTheMidstOf(world, 'startVirtualMachine', 'stopVirtualMachine', force)).toEqual([
    2,
    530,
    'Account does not have the permission to force stop the vm.',
  ]);
  simulator.kernel.advanceUntilIdle();
  const expunge = { expunge: true };
  expect(inTheMidstOf(world, 'stopVirtualMachine', 'destroyVirtualMachine', expunge)).toEqual([
    2,
    530,
    'Account does not have permission for expunging.',
  ]);
});

test('what a root admin wishes of a start is looked at before it waits', () => {
  const world = runningVm();
  const { admin, simulator } = world;
  const wrong = { deploymentplanner: 'NoPlanner' };
  expect(inTheMidstOf(world, 'stopVirtualMachine', 'startVirtualMachine', wrong, admin)).toEqual([
    2,
    431,
    "Can't find a planner by name NoPlanner",
  ]);
  simulator.kernel.advanceUntilIdle();
  expect(listed(world.user, { id: world.vmId })?.['state']).toBe('Stopped');
});

test('a destruction looks at the disks that are to go before it waits', () => {
  const world = runningVm();
  const volumeids = createdVolume(world, world.user);
  const [status, code, text] = inTheMidstOf(world, 'stopVirtualMachine', 'destroyVirtualMachine', {
    volumeids,
  });
  expect([status, code]).toEqual([2, 431]);
  expect(text).toContain('The following supplied volumes are not DATADISK attached to the VM: ');
  world.simulator.kernel.advanceUntilIdle();
  expect(listed(world.user, { id: world.vmId })?.['state']).toBe('Stopped');
});

test('a VM that is about to be destroyed is not expunged before it is', () => {
  const world = runningVm();
  const outcome = inTheMidstOf(
    world,
    'destroyVirtualMachine',
    'expungeVirtualMachine',
    {},
    world.admin,
  );
  expect(outcome).toEqual([2, 530, 'Please destroy vm with specified vmId before expunge']);
});

test('of two starts at once both succeed, and the VM has started once', () => {
  const world = runningVm();
  const { user, simulator, vmId } = world;
  user.done('stopVirtualMachine', { id: vmId });
  const first = simulator.kernel.log.lastSeq;
  const jobs = [1, 2].map(() => sent(user, 'startVirtualMachine', { id: vmId }));
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => end(user, job))).toEqual([
    [1, 0, undefined],
    [1, 0, undefined],
  ]);
  const starts = simulator.kernel.log
    .after(first)
    .filter(({ id, to }) => id === vmId && to === 'Starting');
  expect(starts).toHaveLength(1);
});

test('a reboot that finds its VM stopped when its turn has come', () => {
  const world = runningVm();
  const { user, simulator, vmId } = world;
  const jobs = [
    sent(user, 'rebootVirtualMachine', { id: vmId }),
    sent(user, 'stopVirtualMachine', { id: vmId }),
    sent(user, 'rebootVirtualMachine', { id: vmId }),
  ];
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => end(user, job))).toEqual([
    [1, 0, undefined],
    [1, 0, undefined],
    [2, 530, 'Unable to retrieve host with id null'],
  ]);
  assertSound(simulator);
});

test('a forced reboot starts what was stopped while it waited', () => {
  const world = runningVm();
  const { user, simulator, vmId } = world;
  sent(user, 'rebootVirtualMachine', { id: vmId });
  const stop = sent(user, 'stopVirtualMachine', { id: vmId });
  const reboot = sent(user, 'rebootVirtualMachine', { id: vmId, forced: true });
  simulator.kernel.advanceUntilIdle();
  expect([stop, reboot].map((job) => end(user, job)[0])).toEqual([1, 1]);
  expect(listed(user, { id: vmId })?.['state']).toBe('Running');
  assertSound(simulator);
});

test('what is let in goes on in a world that was saved before anybody looked at it, and after', () => {
  for (const waitMs of [0, 200]) {
    const world = runningVm();
    const { user, simulator, vmId } = world;
    sent(user, 'stopVirtualMachine', { id: vmId });
    simulator.kernel.advanceBy(200);
    const jobs = [
      sent(user, 'startVirtualMachine', { id: vmId }),
      sent(user, 'rebootVirtualMachine', { id: vmId }),
    ];
    simulator.kernel.advanceBy(waitMs);
    simulator.load(JSON.parse(JSON.stringify(simulator.save())));
    simulator.kernel.advanceUntilIdle();
    expect(jobs.map((job) => end(user, job).slice(0, 2))).toEqual([
      [1, 0],
      [2, 431],
    ]);
    assertSound(simulator);
  }
});
