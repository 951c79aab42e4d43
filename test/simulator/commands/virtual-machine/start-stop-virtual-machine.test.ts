// Proves how VMs start and stop: the states they pass, the host they come back to, what is refused
// in which state, and that jobs of one VM wait for each other.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type Values } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  guestState,
  listed,
  networkId,
} from '../../../support/simulator-vms.js';
import { cluster, storageWorld } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

/** Room for the template and one root disk of 5 GiB each, and not for two. */
const tinyPool = { pools: [{ name: 'tiny', sizeGib: 12 }] };

const GONE = '00000000-0000-4000-8000-000000000000';

test('a VM stops, passing Stopping, and starts on its last host', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user);
  const hostname = listed(admin, { id })!['hostname'] as string;
  const { jobid } = user.call('stopVirtualMachine', { id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(listed(user, { id })).toMatchObject({ state: 'Stopping', jobid });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result['virtualmachine']).toMatchObject({ id, state: 'Stopped', jobid });
  expect(listed(admin, { id })).not.toHaveProperty('hostid');
  expect(user.done('startVirtualMachine', { id })['virtualmachine']).toMatchObject({
    state: 'Running',
  });
  expect(listed(admin, { id })!['hostname']).toBe(hostname);
});

test('a VM that starts is Starting for a while', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user, { startvm: false });
  user.call('startVirtualMachine', { id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(listed(user, { id })?.['state']).toBe('Starting');
});

test('starting a running VM is an error, stopping a stopped one is none', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user, { displayname: 'Mine' });
  const before = guestState(world);
  expect(user.run('startVirtualMachine', { id })).toMatchObject({
    status: 2,
    resultcode: 431,
    result: { errortext: `The virtual machine ${id} (Mine) is already running` },
  });
  expect(guestState(world)).toBe(before);
  user.done('stopVirtualMachine', { id });
  const stopped = guestState(world);
  const vm = user.done('stopVirtualMachine', { id, forced: true })['virtualmachine'] as Reply;
  expect(vm['state']).toBe('Stopped');
  expect(guestState(world)).toBe(stopped);
});

test('a destroyed VM does not start', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user);
  user.done('destroyVirtualMachine', { id });
  const before = guestState(world);
  const outcome = user.run('startVirtualMachine', { id });
  expect(outcome).toMatchObject({
    resultcode: 530,
    result: {
      errortext: `Unable to orchestrate the start of VM instance {"instanceName":"i-2-1-VM","uuid":"${id}"}.`,
    },
  });
  world.simulator.world.settings.set('cloudstack.version', '4.19.3.0');
  expect(user.run('startVirtualMachine', { id }).result['errortext']).toBe(
    'Cannot start VM instance {"id":1,"instanceName":"i-2-1-VM","state":"Destroyed",' +
      `"type":"User","uuid":"${id}"} in Destroyed state`,
  );
  expect(guestState(world)).toBe(before);
});

test('a VM whose root volume was detached does not start, and stays stopped', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user);
  user.done('stopVirtualMachine', { id });
  const [root] = user.call('listVolumes', { virtualmachineid: id })['volume'] as Reply[];
  user.done('detachVolume', { id: root!['id'] });
  const outcome = user.run('startVirtualMachine', { id });
  expect(outcome).toMatchObject({ status: 2, resultcode: 530 });
  expect(outcome.result['errortext']).toContain(`Unable to start a VM [${id}] due to [`);
  expect(listed(user, { id })?.['state']).toBe('Stopped');
  user.done('attachVolume', { id: root!['id'], virtualmachineid: id, deviceid: 0 });
  user.done('startVirtualMachine', { id });
});

test('an expunged VM is told by its internal id, an unknown one as a wrong parameter', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const { id } = deployed(world, user);
  admin.done('destroyVirtualMachine', { id, expunge: true });
  for (const command of ['startVirtualMachine', 'stopVirtualMachine']) {
    expect(user.run(command, { id })).toMatchObject({
      resultcode: 431,
      result: { errortext: 'unable to find a virtual machine with id 1' },
    });
    expect(user.fails(command, { id: GONE }).errortext).toContain(
      `Invalid parameter id value=${GONE} due to incorrect long value format, or entity does not exist`,
    );
  }
});

test('another account may neither start nor stop a VM', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, admin, { networkids: networkId(world, 'NET_SHARED') });
  for (const command of ['startVirtualMachine', 'stopVirtualMachine', 'destroyVirtualMachine']) {
    const before = simulator.kernel.log.lastSeq;
    expect(user.fails(command, { id })).toMatchObject({ httpStatus: 531, cserrorcode: 4365 });
    expect(simulator.kernel.log.lastSeq).toBe(before);
  }
});

test("the host of a start is the root admin's to choose", () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user, { startvm: false });
  const hostid = simulator.world.hosts.all()[2]!.id;
  expect(user.run('startVirtualMachine', { id, hostid })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: 'Parameter hostid can only be specified by a Root Admin, permission denied',
    },
  });
  expect(listed(user, { id })?.['state']).toBe('Stopped');
  const vm = admin.done('startVirtualMachine', { id, hostid })['virtualmachine'] as Reply;
  expect(vm['hostname']).toBe('host3');
});

test('jobs of one VM run one after the other, and see what the first one left', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  const stop = user.call('stopVirtualMachine', { id })['jobid'] as string;
  const start = user.call('startVirtualMachine', { id })['jobid'] as string;
  const first = listed(user, { id })!;
  expect(first['jobid']).toBe(stop);
  expect([user.job(stop).status, user.job(start).status]).toEqual([0, 0]);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(stop).result['virtualmachine']).toMatchObject({ state: 'Stopped' });
  expect(user.job(start).result['virtualmachine']).toMatchObject({ state: 'Running' });
});

test('the room on a pool is taken as soon as a start plans with it', () => {
  const zone = { pods: [{ name: 'pod1', clusters: [cluster('c1', ['host1'], tinyPool)] }] };
  const world = testSimulator({ world: storageWorld(zone) });
  const { user, simulator } = world;
  const jobs = ['one', 'two'].map(
    (name) => user.call('deployVirtualMachine', deployment(world, { name }))['jobid'] as string,
  );
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(simulator.world.volumes.all()[0]?.state).toBe('Creating');
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((jobid) => user.job(jobid).resultcode)).toEqual([0, 533]);
  assertSound(simulator);
});

test('in on-poll mode, looking at a volume that is being created moves the start of its VM', () => {
  const world = testSimulator({ clock: 'on-poll' });
  const { user, simulator } = world;
  const { jobid } = user.call('deployVirtualMachine', deployment(world));
  user.call('queryAsyncJobResult', { jobid });
  const [root] = simulator.world.volumes.all();
  expect(root?.state).toBe('Creating');
  const [listedRoot] = user.call('listVolumes', { id: root!.id })['volume'] as Reply[];
  expect(listedRoot?.['state']).toBe('Ready');
});

test('in on-poll mode, looking at a VM that stops or starts moves that', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  simulator.setClockMode({ kind: 'on-poll' });
  const seen = (): unknown =>
    (user.call('listVirtualMachines', { id })['virtualmachine'] as Reply[])[0]?.['state'];
  for (const [command, between, after] of [
    ['stopVirtualMachine', 'Stopping', 'Stopped'],
    ['startVirtualMachine', 'Starting', 'Running'],
  ] as const) {
    const { jobid } = user.call(command, { id: String(id) });
    user.call('queryAsyncJobResult', { jobid });
    expect(simulator.world.vms.require(String(id)).state).toBe(between);
    const whileListed = user.call('listVirtualMachines')['virtualmachine'] as Reply[];
    expect(whileListed[0]?.['state']).toBe(between);
    expect([seen(), seen(), seen()].at(-1)).toBe(after);
  }
});

test('nobody starts the VM of an account that is disabled', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user, { startvm: false });
  const account = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  admin.done('disableAccount', { id: account.id, lock: false });
  const before = guestState(world);
  const outcome = admin.run('startVirtualMachine', { id });
  expect(outcome.resultcode).toBe(530);
  expect(outcome.result['errortext']).toMatch(/^The owner of VM instance .* is disabled: Account/);
  expect(guestState(world)).toBe(before);
});

test('a stop is forced only where the setting lets the account', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  simulator.world.settings.set('allow.user.force.stop.vm', false);
  const before = guestState(world);
  expect(user.run('stopVirtualMachine', { id, forced: true })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Account does not have the permission to force stop the vm.' },
  });
  expect(guestState(world)).toBe(before);
  user.done('stopVirtualMachine', { id, forced: false });
});

test('root admins choose the cluster or the pod of a start; from users that is ignored', () => {
  const clusters = [cluster('cluster1', ['host1']), cluster('cluster2', ['host2'])];
  const pods = [
    { name: 'pod1', clusters },
    { name: 'pod2', clusters: [cluster('cluster3', ['host3'])] },
  ];
  const world = testSimulator({ world: storageWorld({ pods }) });
  const { admin, user, simulator } = world;
  const { name, domainId } = simulator.world.accounts.all().find((row) => row.name === 'bosh')!;
  const idNamed = (rows: readonly { id: string; name: string }[], wanted: string): string =>
    rows.find((row) => row.name === wanted)!.id;
  const of = { account: name, domainid: domainId };
  const podid = idNamed(simulator.world.pods.all(), 'pod2');
  const clusterid = idNamed(simulator.world.clusters.all(), 'cluster2');
  const hostOf = (values: Values): unknown =>
    listed(admin, { id: deployed(world, admin, { ...of, ...values })['id'] })!['hostname'];
  expect(hostOf({ podid })).toBe('host3');
  expect(hostOf({ clusterid })).toBe('host2');
  const { id } = deployed(world, admin, { ...of, startvm: false });
  admin.done('startVirtualMachine', { id, clusterid });
  expect(listed(admin, { id })!['hostname']).toBe('host2');
  for (const host of simulator.world.hosts.all()) {
    if (host.podId === podid) simulator.world.hosts.change(host, { full: true });
  }
  const stopped = deployed(world, admin, { ...of, startvm: false })['id'] as string;
  expect(admin.run('startVirtualMachine', { id: stopped, podid }).resultcode).toBe(533);
  user.done('startVirtualMachine', { id: stopped, podid });
});

test('root admins can have a start overlook the last host', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { id } = deployed(world, user);
  const hosts = new Set<unknown>();
  for (let start = 0; start < 12; start += 1) {
    user.done('stopVirtualMachine', { id });
    admin.done('startVirtualMachine', { id, considerlasthost: false });
    hosts.add(simulator.world.vms.require(id as string).hostId);
  }
  expect(hosts.size).toBeGreaterThan(1);
});
