// Proves that delete_vm frees names, addresses and ephemeral disks, spares persistent ones, and
// ends the same however often it is called, for an ordinary user who may not expunge and for an
// administrator; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { possessionsOf } from '../../crash/possessions.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { usersMayExpunge } from './load-balancer-requests.js';
import { manualNetwork, vmArguments, type VmVariation } from './vm-requests.js';

const withEphemeral: VmVariation = {
  properties: { disk: 1024, ephemeral_disk_offering: 'ephemeral' },
};
const otherAgent = 'b0000000-0000-4000-8000-000000000002';
const shared = {
  networks: {
    n: {
      type: 'manual',
      ip: '10.204.0.40',
      netmask: '255.255.255.0',
      gateway: '10.204.0.1',
      default: ['dns', 'gateway'],
      cloud_properties: { name: 'NET_SHARED' },
    },
  },
};

type As = 'Admin' | 'User';

async function create(
  zone: CpiZone,
  variation: VmVariation = {},
  as: As = 'User',
): Promise<string> {
  return ((await zone.result('create_vm', vmArguments(variation), { as })) as [string])[0];
}

async function createDisk(zone: CpiZone, vm: string, as: As = 'User'): Promise<string> {
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, vm], {
    as,
  });
  await zone.result('attach_disk', [vm, disk], { as });
  return disk as string;
}

function dataVolumes(zone: CpiZone, as: As = 'User'): string[] {
  const client = as === 'User' ? zone.user : zone.admin;
  const volumes = (client.call('listVolumes', { type: 'DATADISK' })['volume'] ?? []) as {
    id: string;
  }[];
  return volumes.map(({ id }) => id);
}

for (const as of ['User', 'Admin'] as const) {
  const variation = as === 'User' ? withEphemeral : { ...withEphemeral, ...shared };

  test(`the ephemeral disk goes, the attached persistent one stays (${as})`, async () => {
    await using zone = await startZone();
    const vm = await create(zone, variation, as);
    const disk = await createDisk(zone, vm, as);
    expect(dataVolumes(zone, as)).toHaveLength(2);
    await zone.result('delete_vm', [vm], { as });
    expect(dataVolumes(zone, as)).toEqual([disk]);
    expect(await zone.result('has_vm', [vm], { as })).toBe(false);
  });

  test(`the address serves the next VM at once (${as})`, async () => {
    await using zone = await startZone();
    await zone.result('delete_vm', [await create(zone, variation, as)], { as });
    const next = await create(zone, { ...variation, agentId: otherAgent }, as);
    expect(await zone.result('has_vm', [next], { as })).toBe(true);
  });

  test(`a second call changes nothing and succeeds (${as})`, async () => {
    await using zone = await startZone();
    const vm = await create(zone, variation, as);
    const disk = await createDisk(zone, vm, as);
    await zone.result('delete_vm', [vm], { as });
    const before = zone.holdings(as);
    await zone.result('delete_vm', [vm], { as });
    expect(zone.holdings(as)).toEqual(before);
    expect(dataVolumes(zone, as)).toEqual([disk]);
  });
}

for (const as of ['User', 'Admin'] as const) {
  test(`a VM of whose root disk a snapshot is taken goes as soon as that is over (${as})`, async () => {
    await using zone = await startZone({}, 'direct');
    const { settings } = zone.simulator.world;
    settings.set('kvm.snapshot.enabled', true);
    settings.set('duration.snapshot.backup', 600_000);
    const vm = await create(zone, as === 'User' ? {} : shared, as);
    const client = as === 'User' ? zone.user : zone.admin;
    const volumes = client.call('listVolumes', { virtualmachineid: vm, type: 'ROOT' });
    const volumeid = String(at(volumes, 'volume', 0, 'id'));
    client.call('createSnapshot', { volumeid, asyncbackup: true });
    zone.simulator.kernel.advanceBy(2_000);
    zone.onDiagnostic((line) => {
      if (line.includes('a snapshot is being taken')) zone.simulator.kernel.advanceBy(1_200_000);
    });
    await zone.result('delete_vm', [vm], { as });
    expect(await zone.result('has_vm', [vm], { as })).toBe(false);
    expect(zone.diagnostics.join('\n')).toContain('a snapshot is being taken; waiting');
  });
}

test('a volume that came with another VM is no ephemeral disk, whatever its name', async () => {
  await using zone = await startZone();
  const vm = await create(zone, withEphemeral);
  const offering = at(
    zone.user.call('listDiskOfferings', { name: 'shared.custom' }),
    'diskoffering',
    0,
    'id',
  );
  const zoneid = String(at(zone.user.call('listZones', {}), 'zone', 0, 'id'));
  const adopted = zone.user.call('createVolume', {
    name: 'DATA-4711',
    zoneid,
    diskofferingid: String(offering),
    size: '1',
  });
  await zone.result('attach_disk', [vm, adopted['id']]);
  await zone.result('delete_vm', [vm]);
  expect(dataVolumes(zone)).toEqual([adopted['id']]);
});

test('an ephemeral disk of another VM that operators have attached is not deleted', async () => {
  await using zone = await startZone();
  const former = await create(zone, withEphemeral);
  const [rescued = ''] = dataVolumes(zone);
  zone.user.done('detachVolume', { id: rescued });
  const networks = { n: manualNetwork('10.203.6.41') };
  const vm = await create(zone, { ...withEphemeral, agentId: otherAgent, networks });
  zone.user.done('attachVolume', { id: rescued, virtualmachineid: vm });
  expect(await zone.result('get_disks', [vm])).toEqual([rescued]);
  await zone.result('delete_vm', [vm]);
  expect(dataVolumes(zone)).toEqual([rescued]);
  expect(await zone.result('has_vm', [former])).toBe(true);
});

test('a role that may not change addresses can delete VMs all the same', async () => {
  await using zone = await startZone();
  const vm = await create(zone);
  await zone.result('delete_vm', [vm], { refuse: 'updateVmNicIp' });
  expect(await zone.result('has_vm', [vm])).toBe(false);
  expect(zone.diagnostics.join('\n')).toContain('CloudStack keeps 10.203.6.40');
});

test('one name and address can be used again and again by a user who may not expunge', async () => {
  await using zone = await startZone();
  for (let round = 0; round < 8; round += 1) {
    await zone.result('delete_vm', [await create(zone)]);
  }
  const vm = await create(zone);
  const found = zone.user.call('listVirtualMachines', { id: vm });
  expect(at(found, 'virtualmachine', 0, 'nic', 0, 'ipaddress')).toBe('10.203.6.40');
});

test('a VM that never was is a success', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  expect(await zone.result('delete_vm', ['b0000000-0000-4000-8000-00000000000f'])).toBeNull();
  expect(await zone.result('delete_vm', ['cpivm-of-an-older-cpi'])).toBeNull();
  expect(zone.holdings()).toEqual(before);
});

test('what a delete that was cut off left is removed by the next one', async () => {
  await using zone = await startZone();
  const networks = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
  const vm = await create(zone, { ...withEphemeral, networks });
  // The first call got as far as this, past the CPI.
  zone.user.done('destroyVirtualMachine', { id: vm });
  expect(dataVolumes(zone)).toHaveLength(1);
  await zone.result('delete_vm', [vm]);
  expect(dataVolumes(zone)).toEqual([]);
  const addresses = zone.holdings()['addresses'] as { ipaddress: string }[];
  expect(addresses.map(({ ipaddress }) => ipaddress)).not.toContain('203.0.113.15');
});

test('a public address that was there before is only disconnected', async () => {
  await using zone = await startZone();
  // With its first VM the network takes an address for itself.
  await zone.result('delete_vm', [await create(zone)]);
  const network = at(zone.user.call('listNetworks', { keyword: 'NET_CS' }), 'network', 0, 'id');
  zone.user.done('associateIpAddress', { networkid: String(network), ipaddress: '203.0.113.15' });
  const networks = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
  const vm = await create(zone, { networks });
  await zone.result('delete_vm', [vm]);
  const addresses = zone.user.call('listPublicIpAddresses', { ipaddress: '203.0.113.15' });
  expect(at(addresses, 'publicipaddress', 0)).toMatchObject({ isstaticnat: false });
});

test('an address that cannot be freed is reported', async () => {
  await using zone = await startZone();
  const vm = await create(zone);
  zone.admin.done('destroyVirtualMachine', { id: vm });
  // An administrator sees the destroyed VM, so this deletes the rest of it.
  await zone.result('delete_vm', [vm], { as: 'Admin' });
  expect(await zone.result('has_vm', [vm], { as: 'Admin' })).toBe(false);
  const next = await create(zone, { agentId: otherAgent });
  expect(await zone.result('has_vm', [next])).toBe(true);
});

for (const [starts, stops, isFree] of [
  [1, 2, true],
  [2, 3, true],
  [3, 3, false],
] as const) {
  test(`the address of a VM that starts ${starts} times again is ${isFree ? 'free' : 'held'} after ${stops} stops`, async () => {
    await using zone = await startZone({}, 'direct');
    const vm = await create(zone);
    const counts = { starts: 0, stops: 0 };
    const through = (transport: Transport): Transport => ({
      ...transport,
      send: (request) => {
        const asks = (command: string): boolean =>
          typeof request.body === 'string' && request.body.includes(`command=${command}&`);
        if (asks('stopVirtualMachine')) counts.stops += 1;
        if (asks('updateVmNicIp') && counts.starts < starts) {
          const isStopped = zone.simulator.world.vms.require(vm).state === 'Stopped';
          if (isStopped) zone.user.done('startVirtualMachine', { id: vm });
          if (isStopped) counts.starts += 1;
        }
        return transport.send(request);
      },
    });
    await zone.result('delete_vm', [vm], { through });
    expect(counts).toEqual({ starts, stops });
    expect(zone.simulator.world.vms.require(vm).state).toBe('Destroyed');
    const told = zone.diagnostics.join('\n');
    expect(told.includes('CloudStack keeps 10.203.6.40 until')).toBe(!isFree);
    if (isFree) await create(zone, { agentId: otherAgent });
  });
}

test('a call that waits for CloudStack to expunge the VM ends with its caller', async () => {
  await using zone = await startZone({}, 'direct');
  const vm = await create(zone);
  const caller = new AbortController();
  zone.onDiagnostic((line) => {
    if (line.includes('waiting 3600 s (cloudstack.vm_expunge_delay)')) caller.abort();
  });
  const error = await zone.error('delete_vm', [vm], {
    properties: { vm_expunge_delay: 3_600 },
    refuse: 'updateVmNicIp',
    signal: caller.signal,
  });
  expect(error.message).toMatch(/^The call was interrupted/);
  expect(zone.simulator.world.vms.require(vm).state).toBe('Destroyed');
});

/** With an ephemeral disk, a public address, and behind a load balancer. */
function createConnected(zone: CpiZone): Promise<string> {
  const networks = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
  const lbs = [{ name: 'web', public_port: 80, private_port: 8080 }];
  return create(zone, { networks, properties: { ...withEphemeral.properties, lbs } });
}

test('a VM that is protected from deletion keeps all that leads to it, and goes when it is not', async () => {
  await using zone = await startZone({}, 'direct');
  const vm = await createConnected(zone);
  zone.user.call('updateVirtualMachine', { id: vm, deleteprotection: true });
  const before = possessionsOf(zone.simulator);
  const error = await zone.error('delete_vm', [vm]);
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(error.message).toMatch(/is protected from deletion.*deleteprotection=false/);
  expect(possessionsOf(zone.simulator)).toEqual(before);
  zone.user.call('updateVirtualMachine', { id: vm, deleteprotection: false });
  await zone.result('delete_vm', [vm]);
  expect(await zone.result('has_vm', [vm])).toBe(false);
});

for (const [account, options] of [
  ['may expunge', { world: usersMayExpunge }],
  ['may not', {}],
] as const) {
  test(`so does one whose ephemeral disk is protected, by an account that ${account}`, async () => {
    await using zone = await startZone(options, 'direct');
    const vm = await createConnected(zone);
    const [disk = ''] = dataVolumes(zone);
    zone.admin.run('updateVolume', { id: disk, deleteprotection: true });
    const before = possessionsOf(zone.simulator);
    const error = await zone.error('delete_vm', [vm]);
    expect(error.type).toBe('Bosh::Clouds::CloudError');
    expect(error.message).toContain(`${disk}) is protected from deletion`);
    expect(error.message).toContain('updateVolume with deleteprotection=false');
    expect(possessionsOf(zone.simulator)).toEqual(before);
    zone.admin.run('updateVolume', { id: disk, deleteprotection: false });
    await zone.result('delete_vm', [vm]);
    expect(await zone.result('has_vm', [vm])).toBe(false);
    expect(dataVolumes(zone)).toEqual([]);
  });
}

test('a protected persistent disk does not keep its VM', async () => {
  await using zone = await startZone({}, 'direct');
  const vm = await create(zone, withEphemeral);
  const disk = await createDisk(zone, vm);
  zone.admin.run('updateVolume', { id: disk, deleteprotection: true });
  await zone.result('delete_vm', [vm]);
  expect(dataVolumes(zone)).toEqual([disk]);
});
