// Proves what a successful deployVirtualMachine does in its two halves: what the request allocates,
// what the job starts, and what each parameter changes about the VM.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  listed,
  networkId,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

test('the request allocates the VM, Stopped, and answers with it and its job', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const submitted = user.call('deployVirtualMachine', deployment(world, { name: 'web' }));
  expect(Object.keys(submitted)).toEqual(['id', 'jobid']);
  const vm = listed(user, { id: submitted['id'] })!;
  expect(vm).toMatchObject({ name: 'web', state: 'Stopped', jobid: submitted['jobid'] });
  expect(vm['jobstatus']).toBe(0);
  expect(vm['nic']).toHaveLength(1);
  expect(vm['nic'][0]).toMatchObject({ networkname: 'NET_CS', isdefault: true, type: 'Isolated' });
  expect(vm['nic'][0]['ipaddress']).toMatch(/^10\.203\.[67]\.\d+$/);
  const [root] = simulator.world.volumes.all();
  expect(root).toMatchObject({ type: 'ROOT', state: 'Allocated', poolId: null });
});

test('the job starts the VM and answers with it, the job still under way inside', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const outcome = user.run('deployVirtualMachine', deployment(world, { name: 'web' }));
  expect(outcome).toMatchObject({ status: 1, resultcode: 0 });
  const vm = outcome.result['virtualmachine'] as Reply;
  expect(vm).toMatchObject({
    id: outcome.id,
    name: 'web',
    displayname: 'web',
    account: 'bosh',
    state: 'Running',
    zonename: 'zone1',
    templatename: 'ubuntu-jammy',
    serviceofferingname: 'm1.small',
    cpunumber: 1,
    cpuspeed: 2_000,
    memory: 2_048,
    hypervisor: 'KVM',
    rootdeviceid: 0,
    rootdevicetype: 'ROOT',
    securitygroup: [],
    affinitygroup: [],
    tags: [],
    jobid: outcome.jobid,
    jobstatus: 0,
  });
  expect(listed(user, { id: vm['id'] })).not.toHaveProperty('jobid');
  expect(simulator.world.volumes.all()[0]).toMatchObject({ state: 'Ready', type: 'ROOT' });
  expect(simulator.world.networks.all().find((row) => row.name === 'NET_CS')?.state).toBe(
    'Implemented',
  );
});

test('where the VM runs, and its instance name, only root admins see', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const seenByAdmin = listed(world.admin, { id: vm['id'] })!;
  expect(seenByAdmin['hostname']).toMatch(/^host\d$/);
  expect(seenByAdmin['instancename']).toBe('i-2-1-VM');
  expect(seenByAdmin).toHaveProperty('hostid');
  for (const field of ['hostid', 'hostname', 'instancename', 'displayvm']) {
    expect(vm).not.toHaveProperty(field);
  }
  expect(vm['hostcontrolstate']).toBe('Enabled');
});

test('with startvm=false the VM stays Stopped and its volumes Allocated', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const values = { startvm: false, diskofferingid: diskOfferingId(world, 'ephemeral'), size: 7 };
  const vm = deployed(world, user, values);
  expect(vm['state']).toBe('Stopped');
  expect(vm).not.toHaveProperty('hostcontrolstate');
  expect(simulator.world.volumes.all()).toMatchObject([
    { name: 'ROOT-1', state: 'Allocated', deviceId: 0, sizeBytes: 5 * 1024 ** 3 },
    { name: 'DATA-1', state: 'Allocated', deviceId: 1, sizeBytes: 7 * 1024 ** 3 },
  ]);
});

test('a VM without a name is called after its id; a display name is free text', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user, { displayname: 'My first: VM!', group: 'router' });
  expect(vm['name']).toBe(`VM-${vm['id']}`);
  expect(vm).toMatchObject({ displayname: 'My first: VM!', group: 'router' });
});

test('ipaddress is for the first of several networks', () => {
  const world = testSimulator();
  const networkids = [networkId(world, 'NET_SHARED'), networkId(world, 'NET_CS')].join();
  const vm = deployed(world, world.user, { networkids, ipaddress: '10.204.0.77' });
  expect(vm['nic']).toMatchObject([
    { networkname: 'NET_SHARED', ipaddress: '10.204.0.77', isdefault: true, type: 'Shared' },
    { networkname: 'NET_CS', isdefault: false, type: 'Isolated' },
  ]);
  expect(vm['ipaddress']).toBe('10.204.0.77');
});

test('iptonetworklist gives each network its addresses', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user, {
    'iptonetworklist[0].networkid': networkId(world, 'NET_CS'),
    'iptonetworklist[0].ip': '10.203.6.10',
    'iptonetworklist[0].mac': '02:00:AA:BB:CC:01',
    'iptonetworklist[1].networkid': networkId(world, 'NET_SHARED'),
  });
  expect(vm['nic']).toMatchObject([
    { ipaddress: '10.203.6.10', macaddress: '02:00:aa:bb:cc:01', isdefault: true },
    { ipaddress: '10.204.0.10', isdefault: false },
  ]);
});

test('macaddress alone is honoured, beside ipaddress it is dropped', () => {
  const world = testSimulator();
  const macaddress = '02:00:aa:bb:cc:02';
  const alone = deployed(world, world.user, { macaddress });
  expect(alone['nic'][0]['macaddress']).toBe(macaddress);
  const beside = { macaddress: '02:00:aa:bb:cc:03', ipaddress: '10.203.6.11' };
  const nic = deployed(world, world.user, beside)['nic'][0];
  expect(nic['ipaddress']).toBe('10.203.6.11');
  expect(nic['macaddress']).not.toBe('02:00:aa:bb:cc:03');
});

test('a custom offering takes its size from details, which are kept', () => {
  const world = testSimulator();
  const details = {
    'details[0].cpuNumber': 3,
    'details[0].cpuSpeed': 1_500,
    'details[1].memory': 3_072,
    'details[1].rootDiskController': 'scsi',
  };
  const values = deployment(world, details, 'custom');
  const vm = world.user.done('deployVirtualMachine', values)['virtualmachine'] as Reply;
  expect(vm).toMatchObject({ cpunumber: 3, cpuspeed: 1_500, memory: 3_072 });
  expect(vm['details']).toEqual({
    cpuNumber: '3',
    cpuSpeed: '1500',
    memory: '3072',
    rootDiskController: 'scsi',
  });
  expect(vm['readonlydetails']).toBe('dataDiskController, rootDiskController');
});

test('rootdisksize makes the root disk larger; as a detail only root admins see it', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user, { rootdisksize: 20 });
  expect(world.simulator.world.volumes.all()[0]?.sizeBytes).toBe(20 * 1024 ** 3);
  expect(vm['details']).toEqual({});
  expect(listed(world.admin, { id: vm['id'] })?.['details']).toEqual({ rootdisksize: '20' });
});

test('a root disk of just the template size is no detail of the VM', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user, { 'details[0].rootdisksize': 5 });
  expect(listed(world.admin, { id: vm['id'] })?.['details']).toEqual({});
});

test('a root admin chooses the host', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const host = simulator.world.hosts.all()[1]!;
  const networkids = networkId(world, 'NET_SHARED');
  const vm = deployed(world, admin, { networkids, hostid: host.id });
  expect(vm['hostname']).toBe(host.name);
});

test('only the first VM of a template waits for its copy on the pool', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const durationMs = (name: string): number => {
    const startMs = simulator.kernel.nowMs;
    deployed(world, user, { name });
    return simulator.kernel.nowMs - startMs;
  };
  expect(durationMs('first') - durationMs('second')).toBe(
    simulator.world.settings.get('duration.template.copy'),
  );
});

test('the same name is free in another network', () => {
  const world = testSimulator();
  deployed(world, world.user, { name: 'twin' });
  const networkids = networkId(world, 'NET_SHARED');
  expect(deployed(world, world.user, { name: 'twin', networkids })['name']).toBe('twin');
  expect(deployed(world, world.user, { name: 'Twin' })['name']).toBe('Twin');
});

test('a network that is named twice gives two NICs', () => {
  const world = testSimulator();
  const id = networkId(world, 'NET_CS');
  const vm = deployed(world, world.user, { networkids: `${id},${id}` });
  expect(vm['nic']).toMatchObject([
    { networkname: 'NET_CS', isdefault: true },
    { networkname: 'NET_CS', isdefault: false },
  ]);
});

test('a disk offering with a size of its own overrides the one that is sent', () => {
  const world = testSimulator();
  const diskofferingid = diskOfferingId(world, 'DO1 - Small STD');
  deployed(world, world.user, { diskofferingid, size: 3 });
  const [, data] = world.simulator.world.volumes.all();
  expect(data).toMatchObject({ type: 'DATADISK', sizeBytes: 20 * 1024 ** 3 });
});

test('an owner without a network gets one, which stays when the VM is refused', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const refused = admin.fails('deployVirtualMachine', deployment(world, { name: '1' }));
  expect(refused.errorcode).toBe(431);
  const named = (): unknown[] =>
    simulator.world.networks.all().filter(({ name }) => name === 'admin-network');
  expect(named()).toHaveLength(1);
  expect(deployed(world, admin).nic).toEqual([
    expect.objectContaining({ networkname: 'admin-network', isdefault: true, type: 'Isolated' }),
  ]);
  expect(named()).toHaveLength(1);
  assertSound(simulator);
});

test('no network is made where the required offering is disabled', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const { networkOfferings, networks } = simulator.world;
  const before = networks.all();
  const offering = networkOfferings.all().find((row) => row.availability === 'Required')!;
  networkOfferings.change(offering, { enabled: false });
  expect(admin.fails('deployVirtualMachine', deployment(world)).errortext).toMatch(
    /^Required network offering NetworkOffering \{.*\} is not in Enabled$/,
  );
  expect(networks.all()).toEqual(before);
});
