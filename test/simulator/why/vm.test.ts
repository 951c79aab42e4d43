// Proves that `why vm` tells what holds a VM in its state: the job that works on it, the one that
// waits, the one that failed and with what, the one that was lost; and how a destroyed one ends.
import { expect, test } from '@playwright/test';
import { rule } from '../../support/faulty-zone.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed, deployment } from '../../support/simulator-vms.js';

function reasons({ simulator }: TestWorld, idOrName: string): string[] {
  return [...simulator.why('vm', idOrName)[0]!.because];
}

test('the job at work and the job behind it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user, { name: 'web' });
  expect(reasons(world, 'web')).toEqual([
    expect.stringMatching(/^It is Running since \S+, on host host\d\.$/),
  ]);
  const { jobid: stop } = user.call('stopVirtualMachine', { id });
  const { jobid: reboot } = user.call('destroyVirtualMachine', { id });
  simulator.kernel.advanceBy(100);
  expect(reasons(world, id as string)).toEqual([
    expect.stringContaining('It is Stopping since'),
    expect.stringContaining(`Job ${stop} (stopVirtualMachine) works on it since`),
    `Job ${reboot} (destroyVirtualMachine) waits in its queue: the jobs of one VM run one after the other.`,
  ]);
});

test('a deployment that failed, with its text, and that its VM goes by itself', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  simulator.setFaults(
    rule({ command: 'deployVirtualMachine' }, { effect: 'job-fails', text: 'no host answers' }),
  );
  user.run('deployVirtualMachine', deployment(world, { name: 'web' }));
  const told = reasons(world, 'web');
  expect(told[0]).toMatch(/^It is Error since \S+: its deployment failed\./);
  expect(told.join('\n')).toContain('the expunge thread takes it at');
  expect(told.at(-1)).toMatch(/^Job \S+ \(deployVirtualMachine\) failed: no host answers$/);
});

test('a job that was lost with the management server leaves its VM between two states', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user, { name: 'web' });
  simulator.setFaults(
    rule(
      { command: 'stopVirtualMachine', phase: 'job-step', step: 2 },
      { effect: 'management-server-restart', settlesStates: false },
    ),
  );
  user.run('stopVirtualMachine', { id });
  expect(reasons(world, 'web')).toEqual([
    expect.stringMatching(/^It is Stopping since \S+, and no job works on it: the job was lost/),
    expect.stringMatching(/^Job \S+ \(stopVirtualMachine\) failed\.$/),
  ]);
});

test('a stopped VM whose local disks bind it to a host that takes no VMs', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { hosts, vms } = simulator.world;
  const { id } = user.run('deployVirtualMachine', deployment(world, { name: 'web' }, 'm1.local'));
  const host = hosts.require(vms.require(id!).hostId!);
  expect(reasons(world, 'web')).toHaveLength(1);
  user.done('stopVirtualMachine', { id: id! });
  const bound = `It has disks on the local storage of host ${host.name}, and starts there or nowhere.`;
  expect(reasons(world, 'web').slice(1)).toEqual([bound]);
  hosts.change(host, { full: true });
  expect(reasons(world, 'web').slice(1)).toEqual([
    bound,
    `Host ${host.name} is full: a fault plan says so (capacity-gone).`,
  ]);
  hosts.change(host, { full: false, memoryMib: 1 });
  expect(reasons(world, 'web').at(-1)).toContain(`Host ${host.name} has no room for it: it takes `);
});

test('a VM that never started, and for whose disks no pool has room', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  deployed(world, user, { name: 'web', startvm: false });
  expect(reasons(world, 'web')).toHaveLength(1);
  simulator.world.settings.set('pool.storage.allocated.capacity.disablethreshold', 0.000_001);
  const told = reasons(world, 'web');
  expect(told[1]).toMatch(/^Its volume ROOT-1 \(\S+\) is to be made when it starts\.$/);
  expect(told[2]).toMatch(/^No shared pool takes its \d+\.0 GiB, with the template/);
});

test('an expunged VM is told of by its id and by its name, until another has the name', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const { id } = deployed(world, user, { name: 'web' });
  user.done('destroyVirtualMachine', { id });
  admin.done('expungeVirtualMachine', { id });
  for (const name of [id as string, 'web']) {
    expect(reasons(world, name)).toEqual([
      expect.stringMatching(/^It was expunged at \S+; its name and its addresses are free\.$/),
    ]);
  }
  const { id: next } = deployed(world, user, { name: 'web' });
  expect(world.simulator.why('vm', 'web').map(({ about }) => about)).toEqual([`VM web (${next})`]);
});

test('a VM that there never was', () => {
  expect(() => testSimulator().simulator.why('vm', 'nobody')).toThrow(
    'there is and was no VM with the id or the name nobody',
  );
});

test('the history has the addresses that its NICs took and gave up', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id, nic } = deployed(world, user, { name: 'web', ipaddress: '10.203.6.10' });
  const [{ id: nicid }] = nic as [{ id: string }];
  user.done('stopVirtualMachine', { id });
  user.done('updateVmNicIp', { nicid, ipaddress: '10.203.6.11' });
  const steps = simulator.why('vm', 'web')[0]!.history;
  const changes = steps.filter(({ what }) => what.startsWith(`NIC ${nicid}`));
  expect(changes.map(({ what }) => what)).toEqual([
    `NIC ${nicid} comes with address 10.203.6.10`,
    `NIC ${nicid}: ipAddress 10.203.6.11`,
  ]);
  expect(changes.at(-1)!.causes.at(-1)).toMatch(/^request:\d+ updateVmNicIp$/);
});
