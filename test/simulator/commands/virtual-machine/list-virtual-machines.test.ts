// Proves which VMs a caller sees, what each filter keeps, and which groups of fields `details`
// leaves out.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import { deployed, listed, listedNames, networkId } from '../../../support/simulator-vms.js';

/** Two VMs of the user, one of them stopped and in the shared network, and one of the admin. */
function threeVms(): TestWorld {
  const world = testSimulator();
  deployed(world, world.user, {
    name: 'alpha',
    displayname: 'The first',
    ipaddress: '10.203.6.10',
  });
  const networkids = networkId(world, 'NET_SHARED');
  deployed(world, world.user, { name: 'beta', networkids, startvm: false });
  deployed(world, world.admin, { name: 'gamma', networkids });
  return world;
}

test('users see their own, admins the others only when they ask', () => {
  const { user, admin, simulator } = threeVms();
  expect(listedNames(user, { listall: true })).toEqual(['alpha', 'beta']);
  expect(listedNames(admin)).toEqual(['gamma']);
  expect(listedNames(admin, { listall: true })).toEqual(['alpha', 'beta', 'gamma']);
  const [alpha, , gamma] = simulator.world.vms.all();
  expect(listedNames(admin, { id: alpha!.id })).toEqual(['alpha']);
  expect(user.call('listVirtualMachines', { id: gamma!.id })).toEqual({});
  const domainid = simulator.world.domains.all()[0]!.id;
  expect(listedNames(admin, { account: 'bosh', domainid })).toEqual(['alpha', 'beta']);
});

test('each filter keeps what fits', () => {
  const world = threeVms();
  const { user, simulator } = world;
  const { zones, templates, serviceOfferings, users, vms } = simulator.world;
  const offering = (name: string): string =>
    serviceOfferings.all().find((row) => row.name === name)!.id;
  const both = ['alpha', 'beta'];
  for (const [values, names] of [
    [
      {
        ids: vms
          .all()
          .map((vm) => vm.id)
          .join(),
      },
      both,
    ],
    [{ name: 'ALPHA' }, ['alpha']],
    [{ name: 'alph' }, []],
    [{ state: 'Stopped' }, ['beta']],
    [{ state: 'present' }, both],
    [{ state: 'Error' }, []],
    [{ zoneid: zones.all()[0]!.id }, both],
    [{ networkid: networkId(world, 'NET_CS') }, ['alpha']],
    [{ hypervisor: 'kvm' }, both],
    [{ hypervisor: 'VMware' }, []],
    [{ templateid: templates.all()[0]!.id }, both],
    [{ serviceofferingid: offering('m1.small') }, both],
    [{ serviceofferingid: offering('m1.large') }, []],
    [{ userid: users.all()[1]!.id }, both],
    [{ haenable: true }, []],
    [{ haenable: false }, both],
    [{ keyword: 'FIRST' }, ['alpha']],
    [{ keyword: 'bet' }, ['beta']],
    [{ keyword: 'stopped' }, ['beta']],
    [{ keyword: 'stop' }, []],
    [{ keyword: '203.6.10' }, ['alpha']],
    [{ keyword: 'i-2-' }, []],
  ] as [Values, string[]][]) {
    expect(listedNames(user, values), JSON.stringify(values)).toEqual(names);
  }
});

test('root admins also find VMs by host, pod, cluster, pool and instance name', () => {
  const world = threeVms();
  const { user, admin, simulator } = world;
  const alpha = simulator.world.vms.all()[0]!;
  const host = simulator.world.hosts.require(alpha.hostId!);
  const root = simulator.world.volumes.where('vmId', alpha.id)[0]!;
  const all = { listall: true };
  expect(listedNames(admin, { ...all, hostid: host.id })).toContain('alpha');
  expect(listedNames(admin, { ...all, podid: host.podId })).toEqual(['alpha', 'gamma']);
  expect(listedNames(admin, { ...all, clusterid: host.clusterId })).toEqual(['alpha', 'gamma']);
  expect(listedNames(admin, { ...all, storageid: root.poolId! })).toEqual(['alpha', 'gamma']);
  expect(listedNames(admin, { ...all, keyword: 'i-2-1-' })).toEqual(['alpha']);
  // For everybody else CloudStack drops these parameters.
  expect(listedNames(user, { hostid: host.id })).toEqual(['alpha', 'beta']);
});

test('tags: any of several, key and value equal', () => {
  const { user, simulator } = threeVms();
  const [alpha, beta] = simulator.world.vms.all();
  for (const [vm, value] of [
    [alpha, 'a'],
    [beta, 'b'],
  ] as const) {
    user.done('createTags', {
      resourceids: vm!.id,
      resourcetype: 'UserVm',
      'tags[0].key': 'job',
      'tags[0].value': value,
    });
  }
  const job = (index: number, value: string): Values => ({
    [`tags[${index}].key`]: 'job',
    [`tags[${index}].value`]: value,
  });
  expect(listedNames(user, job(0, 'a'))).toEqual(['alpha']);
  expect(listedNames(user, { ...job(0, 'a'), ...job(1, 'b') })).toEqual(['alpha', 'beta']);
  expect(listedNames(user, job(0, 'c'))).toEqual([]);
  expect(listed(user, { name: 'alpha' })?.['tags']).toMatchObject([{ key: 'job', value: 'a' }]);
});

test('a page counts all', () => {
  const { user } = threeVms();
  const page = user.call('listVirtualMachines', { page: 2, pagesize: 1 });
  expect(page['count']).toBe(2);
  expect(page['virtualmachine']).toMatchObject([{ name: 'beta' }]);
});

test('destroyed VMs are seen by admins, and by users where a setting lets them', () => {
  const { user, admin, simulator } = threeVms();
  const { id } = listed(user, { name: 'alpha' })!;
  user.done('destroyVirtualMachine', { id });
  expect(listedNames(user)).toEqual(['beta']);
  expect(user.call('listVirtualMachines', { id })).toEqual({});
  expect(listed(admin, { id })?.['state']).toBe('Destroyed');
  expect(listedNames(admin, { listall: true, state: 'Present' })).toEqual(['beta', 'gamma']);
  simulator.world.settings.set('allow.user.view.destroyed.vm', true);
  expect(listedNames(user, { state: 'Destroyed' })).toEqual(['alpha']);
});

test('details drops groups of fields; what remains of lists is empty', () => {
  const { user } = threeVms();
  const name = { name: 'alpha' };
  const least = listed(user, { ...name, details: 'min' })!;
  expect(least).toMatchObject({ name: 'alpha', state: 'Running', nic: [] });
  for (const field of ['templateid', 'serviceofferingid', 'memory', 'rootdeviceid', 'ipaddress']) {
    expect(least).not.toHaveProperty(field);
  }
  const some = listed(user, { ...name, details: 'nics,servoff' })!;
  expect(some['nic']).toHaveLength(1);
  expect(some['memory']).toBe(2_048);
  expect(some).not.toHaveProperty('templateid');
  const stats = listed(user, { ...name, details: 'stats' })!;
  expect(stats['memory']).toBe(2_048);
  expect(stats).not.toHaveProperty('serviceofferingid');
  expect(listed(user, { ...name, details: 'all' })).toEqual(listed(user, name));
});

test('NICs inside a VM do not tell what only listNics tells', () => {
  const { user } = threeVms();
  const [nic] = listed(user, { name: 'alpha' })!['nic'];
  expect(nic).toMatchObject({ ipaddress: '10.203.6.10', secondaryip: [], extradhcpoption: [] });
  expect(nic).not.toHaveProperty('deviceid');
  expect(nic).not.toHaveProperty('virtualmachineid');
});

test('static NAT shows as the public address of the VM, and is found by it', () => {
  const { user, simulator } = threeVms();
  const { publicIps, vms, accounts } = simulator.world;
  const publicIp = publicIps.all().find((row) => row.state === 'Free')!;
  const account = accounts.all().find((row) => row.name === 'bosh')!;
  publicIps.move(publicIp, 'Allocate', { accountId: account.id });
  publicIps.change(publicIp, { vmId: vms.all()[0]!.id, vmIpAddress: '10.203.6.10' });
  expect(listed(user, { keyword: publicIp.ipAddress })).toMatchObject({
    name: 'alpha',
    publicip: publicIp.ipAddress,
    publicipid: publicIp.id,
  });
});

test('wrong filters are refused', () => {
  const { user, simulator } = threeVms();
  const { id } = simulator.world.vms.all()[0]!;
  for (const [values, text] of [
    [{ id, ids: id }, 'Specify either id or ids but not both parameters'],
    [{ hypervisor: 'Nonsense' }, 'Invalid HypervisorType Nonsense'],
    [
      { details: 'nics,everything' },
      'The details parameter contains a non permitted value. The allowed values are [all, group, ' +
        'nics, stats, secgrp, tmpl, servoff, diskoff, backoff, iso, volume, min, affgrp]',
    ],
  ] as const) {
    expect(user.fails('listVirtualMachines', values)).toMatchObject({
      httpStatus: 431,
      errortext: text,
    });
  }
});

test('a list by id looks at that one only, and a removed one is in no list', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user, { name: 'one' });
  const gone = deployed(world, user, { name: 'two' })['id'] as string;
  admin.done('destroyVirtualMachine', { id: gone, expunge: true });
  const lookAtAll = (): never => {
    throw new Error('every VM was looked at');
  };
  Object.assign(simulator.world.vms, { all: lookAtAll });
  expect(listedNames(user, { id })).toEqual(['one']);
  expect(listedNames(user, { id: id.toUpperCase() })).toEqual(['one']);
  expect(listedNames(user, { id: 1 })).toEqual(['one']);
  expect(listedNames(user, { ids: `${gone},${id},${id}` })).toEqual(['one']);
  for (const client of [user, admin]) {
    expect(client.call('listVirtualMachines', { id: gone })).toEqual({});
  }
});

test('what no VM of this world has is found with none: ISOs, other processors, network functions', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  deployed(world, user, { name: 'web' });
  const isoid = simulator.world.templates.all()[0]!.id;
  for (const values of [{ isoid }, { arch: 'aarch64' }, { isvnf: true }]) {
    expect(listedNames(user, values)).toEqual([]);
  }
  for (const values of [{ arch: 'X86_64' }, { isvnf: false }, { forvirtualnetwork: true }]) {
    expect(listedNames(user, values)).toEqual(['web']);
  }
  expect(user.fails('listVirtualMachines', { arch: 'sparc' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Unsupported arch type: sparc',
  });
});

test('a stopped VM is still of its pod and its cluster; a destroyed one only if asked for', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { id } = deployed(world, user, { name: 'web' });
  const podid = simulator.world.pods.all()[0]!.id;
  const clusterid = simulator.world.clusters.all()[0]!.id;
  user.done('stopVirtualMachine', { id });
  for (const where of [{ podid }, { clusterid }]) {
    expect(listedNames(admin, { listall: true, ...where })).toEqual(['web']);
  }
  user.done('destroyVirtualMachine', { id });
  expect(listedNames(admin, { listall: true, podid })).toEqual([]);
  expect(listedNames(admin, { listall: true, podid, state: 'Destroyed' })).toEqual(['web']);
  expect(listedNames(admin, { listall: true, clusterid })).toEqual([]);
});
