// Proves that a disk is attached once the drivers of a XenServer guest run, as they do some time after it
// has booted, and that delete_vm of a VM that its host cannot stop says so and what helps, and ends well
// when it is called again.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { impatient } from '../support/impatience.js';
import { vmArguments } from './vm-requests.js';

/** The two wordings of XenServer (VM_MISSING_PV_DRIVERS). */
const wordings = [
  'You attempted an operation on a VM which requires PV drivers to be installed but the drivers were not detected.',
  'You attempted an operation that requires PV drivers to be installed on the VM. Please install them by inserting the Tools CD.',
];

/** Jobs of a command fail: the first one, or all. */
function failingJobs(zone: CpiZone, command: string, text: string, which: 'first' | 'all'): void {
  const nth = which === 'first' ? { nth: 1 } : {};
  zone.simulator.setFaults([
    {
      when: { command, phase: 'job-step', ...nth },
      then: { effect: 'job-fails', text },
    },
  ]);
}

async function vmAndDisk(zone: CpiZone): Promise<[string, string]> {
  const vm = String(at(await zone.result('create_vm', vmArguments()), 0));
  const disk = await zone.result('create_disk', [1_024, { disk_offering: 'shared.custom' }, vm]);
  return [vm, String(disk)];
}

for (const text of wordings) {
  test(`a disk is attached although XenServer says first: ${text.slice(0, 50)}`, async () => {
    await using zone = await startZone({ world: 'advanced-xenserver' }, 'direct');
    const [vm, disk] = await vmAndDisk(zone);
    failingJobs(zone, 'attachVolume', text, 'first');
    expect(await zone.result('attach_disk', [vm, disk])).toMatchObject({ volume_id: '1' });
    expect(zone.diagnostics.join('\n')).toContain('the drivers of VM');
  });
}

test('drivers that never run end in an error with the words of XenServer', async () => {
  await using zone = await startZone({ world: 'advanced-xenserver' }, 'direct');
  const [vm, disk] = await vmAndDisk(zone);
  failingJobs(zone, 'attachVolume', wordings[0]!, 'all');
  const options = impatient({ state_timeout_volume: 1 });
  const { message } = await zone.error('attach_disk', [vm, disk], options);
  expect(message).toContain('requires PV drivers');
  expect(zone.simulator.world.volumes.require(disk).vmId).toBeNull();
});

for (const [mayExpunge, command] of [
  [true, 'destroyVirtualMachine'],
  [false, 'stopVirtualMachine'],
] as const) {
  test(`a VM that its host cannot stop is told (${command})`, async () => {
    const settings = { 'allow.user.expunge.recover.vm': mayExpunge };
    await using zone = await startZone({ settings }, 'direct');
    const [vm] = await vmAndDisk(zone);
    failingJobs(zone, command, 'Failed to stop the VM', 'first');
    const { message } = await zone.error('delete_vm', [vm]);
    expect(message).toMatch(/is not deleted, because CloudStack cannot stop it: .*forced=true/);
    expect(await zone.result('has_vm', [vm])).toBe(true);
    await zone.result('delete_vm', [vm]);
    expect(await zone.result('has_vm', [vm])).toBe(false);
  });
}
