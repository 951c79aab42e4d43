// Proves that a public address which somebody else of the account has got, for which an interrupted
// create_vm had marked its VM, is never given back with that VM: neither by gc or delete_vm long
// after, nor by the call itself; while one that the interrupted call did allocate goes with the VM.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { at as valueAt, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { holdAddress, makeRule, usersMayExpunge } from './load-balancer-requests.js';
import { createVpc, tierOfVpc } from '../../crash/vm-scenarios.js';
import { isolatedOffering, type CreatedNetwork } from './network-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const ip = '203.0.113.15';
const hourMs = 3_600_000;
const request = vmArguments({
  networks: { private: manualNetwork(), public: { type: 'vip', ip } },
});

/** What happens when a command is about to be sent; it is not, if nothing comes of that. */
function at(command: string, act: () => Promise<boolean>): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (sent) => {
      const isIt = typeof sent.body === 'string' && sent.body.includes(`command=${command}&`);
      return !isIt || (await act()) ? transport.send(sent) : new Promise(() => undefined);
    },
  });
}

/** A create_vm that is killed just before it sends a command. */
function killedBefore(zone: CpiZone, command: string, args = request): Promise<void> {
  return new Promise((resolve) => {
    const kill = (): Promise<boolean> => {
      resolve();
      return Promise.resolve(false);
    };
    void zone.call('create_vm', args, { through: at(command, kill) });
  });
}

/** A create_vm that is killed when it has allocated the address, before it could mark it. */
function allocatedByKilled(zone: CpiZone): Promise<void> {
  let isAllocated = false;
  return new Promise((resolve) => {
    const through = (transport: Transport): Transport =>
      at('createTags', () => {
        if (isAllocated) resolve();
        return Promise.resolve(!isAllocated);
      })(at('associateIpAddress', () => Promise.resolve((isAllocated = true)))(transport));
    void zone.call('create_vm', request, { through });
  });
}

/** Makes the VPC; answers its id. */
function addVpc(zone: CpiZone): string {
  createVpc(zone);
  return String(valueAt(zone.user.call('listVPCs'), 'vpc', 0, 'id'));
}

function isHeld(zone: CpiZone): boolean {
  return zone.user.call('listPublicIpAddresses', { ipaddress: ip })['count'] === 1;
}

function vms(zone: CpiZone): unknown {
  return zone.holdings()['vms'];
}

for (const [what, afterMs, use] of [
  ['hours later, not used yet', 5 * hourMs, () => undefined],
  ['at once, for a load balancer', 0, makeRule],
  [
    'at once, with an open port',
    0,
    (zone: CpiZone, ipaddressid: string) =>
      zone.user.done('createFirewallRule', { ipaddressid, protocol: 'tcp', startport: 22 }),
  ],
] as const) {
  test(`an address that an operator gets after create_vm was killed stays: ${what}`, async () => {
    await using zone = await startZone({ world: usersMayExpunge }, 'direct');
    await killedBefore(zone, 'associateIpAddress');
    zone.simulator.kernel.advanceBy(afterMs);
    use(zone, holdAddress(zone, ip));
    const rules = zone.user.call('listLoadBalancerRules');
    zone.simulator.kernel.advanceBy(48 * hourMs);
    await zone.gc();
    expect(vms(zone)).toEqual([]);
    expect(isHeld(zone)).toBe(true);
    expect(zone.user.call('listLoadBalancerRules')).toEqual(rules);
  });
}

test('an address that an operator gets at once for another network stays', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const subnet = { type: 'manual', cloud_properties: { network_offering: isolatedOffering } };
  const [network] = (await zone.result('create_network', [subnet])) as [string];
  await killedBefore(zone, 'associateIpAddress');
  zone.user.done('associateIpAddress', { networkid: network, ipaddress: ip });
  zone.simulator.kernel.advanceBy(48 * hourMs);
  await zone.gc();
  expect(vms(zone)).toEqual([]);
  expect(isHeld(zone)).toBe(true);
});

test('an address that an operator gets at once for a VPC stays, for the VM is in none', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const vpcid = addVpc(zone);
  await killedBefore(zone, 'associateIpAddress');
  zone.user.done('associateIpAddress', { vpcid, ipaddress: ip });
  zone.simulator.kernel.advanceBy(48 * hourMs);
  await zone.gc();
  expect(vms(zone)).toEqual([]);
  expect(isHeld(zone)).toBe(true);
});

test('an address that a killed create_vm had allocated for the VPC of its VM goes with the VM', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const vpcid = addVpc(zone);
  const [name] = (await zone.result('create_network', tierOfVpc)) as CreatedNetwork;
  const tier = manualNetwork('10.66.1.5', {
    netmask: '255.255.255.0',
    gateway: '10.66.1.1',
    cloud_properties: { name },
  });
  const args = vmArguments({ networks: { tier, public: { type: 'vip', ip } } });
  await killedBefore(zone, 'associateIpAddress', args);
  // Its request arrives all the same.
  zone.user.done('associateIpAddress', { vpcid, ipaddress: ip });
  zone.simulator.kernel.advanceBy(48 * hourMs);
  await zone.gc();
  expect(vms(zone)).toEqual([]);
  expect(isHeld(zone)).toBe(false);
});

test('an address that an operator gets at once stays if it has a tag, as operators are told', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  await killedBefore(zone, 'associateIpAddress');
  zone.user.run('createTags', {
    resourcetype: 'PublicIpAddress',
    resourceids: holdAddress(zone, ip),
    'tags[0].key': 'owner',
    'tags[0].value': 'operator',
  });
  zone.simulator.kernel.advanceBy(48 * hourMs);
  await zone.gc();
  expect(vms(zone)).toEqual([]);
  expect(isHeld(zone)).toBe(true);
});

test('an address that create_vm allocated before it was killed goes with the VM', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  await allocatedByKilled(zone);
  expect(isHeld(zone)).toBe(true);
  zone.simulator.kernel.advanceBy(48 * hourMs);
  await zone.gc();
  expect(vms(zone)).toEqual([]);
  expect(isHeld(zone)).toBe(false);
});

for (const mayExpunge of [true, false]) {
  const account = mayExpunge ? 'may expunge' : 'may not expunge';
  test(`an address goes with the VMs of two killed calls for it, for an account that ${account}`, async () => {
    await using zone = await startZone({ ...(mayExpunge && { world: usersMayExpunge }) }, 'direct');
    await allocatedByKilled(zone);
    const second = vmArguments({
      agentId: 'b0000000-0000-4000-8000-000000000002',
      networks: { private: manualNetwork('10.203.6.41'), public: { type: 'vip', ip } },
    });
    const [vm] = (await zone.result('create_vm', second)) as [string];
    const address = zone.user.call('listPublicIpAddresses', { ipaddress: ip });
    expect(valueAt(address, 'publicipaddress', 0, 'virtualmachineid')).toBe(vm);
    zone.simulator.kernel.advanceBy(48 * hourMs);
    await zone.gc();
    expect(vms(zone)).toEqual([]);
    expect(isHeld(zone)).toBe(false);
  });
}

test('an address of a killed call that another VM has stays with that VM', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  await allocatedByKilled(zone);
  const second = vmArguments({
    agentId: 'b0000000-0000-4000-8000-000000000002',
    networks: { private: manualNetwork('10.203.6.41'), public: { type: 'vip', ip } },
  });
  const [vm] = (await zone.result('create_vm', second)) as [string];
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
  zone.simulator.kernel.advanceBy(48 * hourMs);
  await zone.gc();
  const address = zone.user.call('listPublicIpAddresses', { ipaddress: ip });
  expect(valueAt(address, 'publicipaddress', 0, 'virtualmachineid')).toBe(vm);
});

for (const [what, isRuled] of [
  ['not used yet', false],
  ['for a load balancer', true],
] as const) {
  test(`an address that an operator gets while the VM is built stays: ${what}`, async () => {
    await using zone = await startZone({ world: usersMayExpunge }, 'direct');
    await zone.result('delete_vm', [
      ((await zone.result('create_vm', vmArguments())) as [string])[0],
    ]);
    let isTaken = false;
    const through = at('startVirtualMachine', () => {
      if (isTaken) return Promise.resolve(true);
      isTaken = true;
      const id = holdAddress(zone, ip);
      if (isRuled) makeRule(zone, id);
      return Promise.resolve(true);
    });
    await zone.error('create_vm', request, { through, refuse: 'enableStaticNat' });
    expect(isTaken).toBe(true);
    expect(vms(zone)).toEqual([]);
    expect(isHeld(zone)).toBe(true);
  });
}
