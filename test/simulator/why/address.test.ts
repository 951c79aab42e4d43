// Proves that `why address` names who holds an address, for how long and by which setting, in every
// state of its VM; that it says so of a free one; and that it refuses what is no address here.
import { expect, test } from '@playwright/test';
import { rule } from '../../support/faulty-zone.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed, deployment, networkId } from '../../support/simulator-vms.js';

const ADDRESS = '10.203.6.10';

/** The sentences about the address in the default isolated network. */
function reasons({ simulator }: TestWorld, address = ADDRESS): string[] {
  const [answer] = simulator.why('address', address);
  return [...answer!.because];
}

test('a running and a stopped VM hold theirs', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { name: 'web', ipaddress: ADDRESS });
  expect(reasons(world)[0]).toContain(`held by VM web (${id}), which is Running`);
  world.user.done('stopVirtualMachine', { id });
  expect(reasons(world)).toEqual([
    expect.stringContaining('which is Stopped since'),
    'A VM keeps its addresses whether it runs or not; updateVmNicIp moves it to another one.',
  ]);
});

test('a destroyed VM holds its address until the very run of the expunge thread that is named', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user, { ipaddress: ADDRESS });
  user.done('destroyVirtualMachine', { id });
  const told = reasons(world).join('\n');
  expect(told).toContain('which is Destroyed');
  expect(told).toContain('its owner may not (allow.user.expunge.recover.vm is false)');
  const runAt = Date.parse(/takes it at (\S+),/.exec(told)![1]!);
  simulator.kernel.advanceBy(runAt - simulator.kernel.nowMs - 1);
  expect(reasons(world)[0]).toContain('which is Destroyed');
  simulator.kernel.advanceBy(1);
  expect(reasons(world)).toEqual([expect.stringContaining('It is free: VM ')]);
});

test('the named run is the right one whatever delay and interval are', () => {
  for (const [delayS, intervalS] of [
    [60, 100],
    [250, 100],
    [100_000, 86_400],
    [0, 60],
  ] as const) {
    const world = testSimulator();
    const { user, simulator } = world;
    simulator.world.settings.set('expunge.delay', delayS);
    simulator.world.settings.set('expunge.interval', intervalS);
    simulator.kernel.advanceBy(86_400_000);
    const { id } = deployed(world, user, { ipaddress: ADDRESS });
    user.done('destroyVirtualMachine', { id });
    const runAt = Date.parse(/takes it at (\S+),/.exec(reasons(world).join('\n'))![1]!);
    simulator.kernel.advanceBy(runAt - simulator.kernel.nowMs - 1);
    expect(simulator.world.vms.require(id).removedMs, `${delayS} ${intervalS}`).toBeNull();
    simulator.kernel.advanceBy(1);
    expect(simulator.world.vms.require(id).removedMs, `${delayS} ${intervalS}`).toBe(runAt);
  }
});

test('a VM in Error holds its address; who may expunge is told so', () => {
  const world = testSimulator();
  world.simulator.world.settings.set('allow.user.expunge.recover.vm', true);
  world.simulator.setFaults(
    rule({ command: 'deployVirtualMachine' }, { effect: 'job-fails', text: 'no host answers' }),
  );
  world.user.run('deployVirtualMachine', deployment(world, { name: 'web', ipaddress: ADDRESS }));
  const told = reasons(world);
  expect(told[0]).toMatch(/VM web \(.*\), which is Error/);
  expect(told.join('\n')).toContain('expungeVirtualMachine, which its owner may');
});

test('its history begins with the request that took it and ends with the one that gave it back', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user, { name: 'web', ipaddress: ADDRESS });
  user.done('destroyVirtualMachine', { id });
  admin.done('expungeVirtualMachine', { id });
  const [answer] = simulator.why('address', ADDRESS);
  const { history } = answer!;
  expect(history[0]).toMatchObject({
    what: 'VM web comes as Stopped',
    causes: [expect.stringMatching(/^request:\d+ deployVirtualMachine$/) as unknown],
  });
  expect(history.at(-1)).toMatchObject({
    what: 'VM web is removed',
    causes: [
      expect.stringMatching(/^job:\S+ expungeVirtualMachine$/) as unknown,
      expect.stringMatching(/^request:\d+ expungeVirtualMachine$/) as unknown,
    ],
  });
  expect(history.map(({ seq }) => seq)).toEqual(
    history.map(({ seq }) => seq).sort((a, b) => a - b),
  );
});

test('an address that updateVmNicIp took from a VM is free, and its history tells so', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id, nic } = deployed(world, user, { name: 'web', ipaddress: ADDRESS });
  const [{ id: nicid }] = nic as [{ id: string }];
  user.done('stopVirtualMachine', { id });
  user.done('updateVmNicIp', { nicid, ipaddress: '10.203.6.11' });
  const [answer] = simulator.why('address', ADDRESS);
  expect(answer!.because).toEqual([
    expect.stringMatching(`^It is free: VM web \\(${id}\\) moved to another address at \\S+\\.$`),
  ]);
  expect(answer!.history.map(({ what }) => what)).toContain(`NIC ${nicid}: ipAddress 10.203.6.11`);
  user.done('updateVmNicIp', { nicid, ipaddress: ADDRESS });
  expect(reasons(world)[0]).toContain('held by VM web');
});

test('a secondary address is held by the NIC that has it, until the VM is expunged', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id, nic } = deployed(world, user, { name: 'web', ipaddress: '10.203.6.11' });
  const [{ id: nicid }] = nic as [{ id: string }];
  user.done('addIpToNic', { nicid, ipaddress: ADDRESS });
  expect(reasons(world)[0]).toContain('held by VM web');
  expect(reasons(world).at(-1)).toBe(
    `It is a secondary address of NIC ${nicid}: removeIpFromNic frees it.`,
  );
  user.done('destroyVirtualMachine', { id });
  expect(reasons(world).join('\n')).toContain('the expunge thread takes it at');
  simulator.kernel.advanceBy(3 * 86_400_000);
  expect(reasons(world)).toEqual(['It is free.']);
});

test('the gateway is held by nobody else, and a free address is free', () => {
  const world = testSimulator();
  expect(reasons(world, '10.203.7.254')).toEqual([
    'It is the gateway of the network: no VM ever gets it.',
  ]);
  expect(world.simulator.why('address', ADDRESS)).toEqual([
    {
      about: `address ${ADDRESS} of network NET_CS (${networkId(world, 'NET_CS')})`,
      because: ['It is free.'],
      history: [],
      lostEvents: 0,
    },
  ]);
});

test('a public address: free, with static NAT, with a rule of a load balancer', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const [free] = simulator.world.publicIps.all();
  expect(reasons(world, free!.id)).toEqual(['It is free.']);
  const { id: vmId } = deployed(world, user, { name: 'web' });
  const networkid = networkId(world, 'NET_CS');
  const { ipaddress } = user.done('associateIpAddress', { networkid });
  user.call('enableStaticNat', { ipaddressid: ipaddress.id, virtualmachineid: vmId });
  expect(reasons(world, ipaddress.ipaddress)).toEqual([
    expect.stringMatching(/^It is Allocated by account .* for network NET_CS/),
    'It stays until disassociateIpAddress, or until its network is deleted.',
    `Static NAT leads to VM web (${vmId}).`,
  ]);
  const { ipaddress: balanced } = user.done('associateIpAddress', { networkid });
  user.done('createLoadBalancerRule', {
    publicipid: balanced.id,
    name: 'http',
    algorithm: 'roundrobin',
    publicport: 80,
    privateport: 8080,
  });
  expect(reasons(world, balanced.id).at(-1)).toMatch(/^Load balancer rule http \(.*\) uses it\.$/);
});

test('public addresses of a VPC: the one that it is seen with, and another', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vpcid = user.run('createVPC', {
    name: 'cloud',
    zoneid: simulator.world.zones.all()[0]!.id,
    vpcofferingid: simulator.world.vpcOfferings.all()[0]!.id,
    cidr: '10.0.0.0/16',
  }).id!;
  const { ipaddress } = user.done('associateIpAddress', { vpcid });
  const [sourceNat] = simulator.world.publicIps.where('vpcId', vpcid);
  const allocated = `It is Allocated by account bosh for VPC cloud (${vpcid}).`;
  expect(reasons(world, sourceNat!.id)).toEqual([
    allocated,
    'It is the source NAT address of the VPC: it stays as long as the VPC does.',
  ]);
  expect(reasons(world, ipaddress.id)).toEqual([
    allocated,
    'It stays until disassociateIpAddress, or until its VPC is deleted.',
  ]);
});

test('what is no address, and what no network has', () => {
  const { simulator } = testSimulator();
  expect(() => simulator.why('address', 'web')).toThrow(
    'web is neither an IPv4 address nor the id of a public one',
  );
  expect(() => simulator.why('address', '192.0.2.1')).toThrow(
    'no network and no public range has 192.0.2.1',
  );
});
