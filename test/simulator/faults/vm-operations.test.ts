// Proves what faults in the midst of a VM's longer operations leave: a scaling that its host cannot do is
// taken back, and a restoration that a restart of the management server ends leaves a VM that can go on.
import { expect, test } from '@playwright/test';
import type { TestWorld } from '../../support/simulator-client.js';
import { faultyZone, rule } from '../../support/faulty-zone.js';
import { deployed, deployment, idOf, listed } from '../../support/simulator-vms.js';
import { assertSound } from '../../support/sound-world.js';

/** A running VM of a custom offering that can be scaled. */
function scalable(world: TestWorld): string {
  const { settings, templates } = world.simulator.world;
  settings.set('enable.dynamic.scale.vm', true);
  templates.change(templates.all()[0]!, { isDynamicallyScalable: true });
  const size = {
    'details[0].cpuNumber': 1,
    'details[0].cpuSpeed': 1_000,
    'details[0].memory': 1_024,
  };
  return deployed(world, world.user, deployment(world, size, 'custom'))['id'] as string;
}

test('a scaling that the host cannot do leaves the VM as large as it was', () => {
  const world = faultyZone(
    rule(
      { command: 'scaleVirtualMachine', phase: 'job-step', step: 3 },
      { effect: 'job-fails', text: 'the host says no' },
    ),
  );
  const { user, simulator } = world;
  const id = scalable(world);
  const before = listed(user, { id })!;
  const outcome = user.run('scaleVirtualMachine', {
    id,
    serviceofferingid: idOf(simulator.world.serviceOfferings.all(), 'custom'),
    'details[0].memory': 2_048,
  });
  expect(outcome).toMatchObject({ status: 2, result: { errortext: 'the host says no' } });
  const { memory, details, state } = listed(user, { id })!;
  expect({ memory, details, state }).toEqual({
    memory: before['memory'],
    details: before['details'],
    state: 'Running',
  });
});

test('a start that fails while its volumes are created leaves none of them between two states', () => {
  const world = faultyZone(
    rule(
      { command: 'startVirtualMachine', phase: 'job-step', step: 2, nth: 1 },
      { effect: 'job-fails', text: 'the host says no' },
    ),
  );
  const { user, simulator } = world;
  const { id } = user.run('deployVirtualMachine', deployment(world, { startvm: false }));
  const { jobid } = user.call('startVirtualMachine', { id: id! });
  const [root] = simulator.world.volumes.where('vmId', id!);
  const states = [root!.state];
  while (user.job(jobid as string).status === 0) {
    simulator.kernel.advanceBy(500);
    states.push(root!.state);
  }
  expect(states).toContain('Creating');
  expect(root).toMatchObject({ state: 'Allocated', poolId: null });
  expect(listed(user, { id: id! })!['state']).toBe('Stopped');
  user.done('startVirtualMachine', { id: id! });
  expect(root!.state).toBe('Ready');
  assertSound(simulator);
});

for (const [step, state, isReplaced] of [
  [2, 'Running', false],
  [3, 'Stopped', true],
] as const) {
  test(`a restart before step ${step} of a restoration leaves the VM ${state}`, () => {
    const world = faultyZone(
      rule(
        { command: 'restoreVirtualMachine', phase: 'job-step', step },
        { effect: 'management-server-restart' },
      ),
    );
    const { user, simulator } = world;
    const { id } = deployed(world, user);
    const [root] = simulator.world.volumes.where('vmId', id as string);
    const outcome = user.run('restoreVirtualMachine', { virtualmachineid: id });
    expect([outcome.status, outcome.resultcode]).toEqual([2, 530]);
    expect(listed(user, { id })!['state']).toBe(state);
    expect(root!.state).toBe(isReplaced ? 'Destroy' : 'Ready');
    if (state === 'Running') user.done('stopVirtualMachine', { id });
    user.done('startVirtualMachine', { id });
    assertSound(simulator);
  });
}
