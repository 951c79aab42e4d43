// Proves what create_vm leaves in CloudStack and tells agent and Director, for an ordinary user
// who may not expunge and for an administrator, and that a refused one leaves the zone as it was;
// against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { realClock, type Clock } from '../../../cpi/flow/clock.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';
import { agentId, manualNetwork, vmArguments } from './vm-requests.js';

const zoneWhereUsersMayExpunge = {
  ...advancedKvm,
  settings: { 'allow.user.expunge.recover.vm': true },
};

interface Vm {
  id: string;
  name: string;
  state: string;
  nic: { ipaddress: string; macaddress: string; networkname: string; isdefault: boolean }[];
  tags: { key: string; value: string }[];
  publicip?: string;
}

function vmOf(zone: CpiZone, id: string): Vm {
  const found = zone.admin.call('listVirtualMachines', { id, listall: true });
  return at(found, 'virtualmachine', 0) as Vm;
}

function volumeOf(zone: CpiZone, id: string): unknown {
  return at(zone.user.call('listVolumes', { id }), 'volume', 0);
}

function settingsOf(zone: CpiZone, id: string): unknown {
  const found = zone.user.call('listVirtualMachines', { id, userdata: true });
  const userData = at(found, 'virtualmachine', 0, 'userdata') as string;
  return JSON.parse(Buffer.from(userData, 'base64').toString());
}

async function create(zone: CpiZone, ...args: Parameters<typeof vmArguments>): Promise<string> {
  const [cid] = (await zone.result('create_vm', vmArguments(...args))) as [string, unknown];
  return cid;
}

test('creates a running VM with its static address and the name of its agent', async () => {
  await using zone = await startZone();
  const [cid, networks] = (await zone.result('create_vm', vmArguments())) as [string, unknown];
  const vm = vmOf(zone, cid);
  expect(vm).toMatchObject({ id: cid, state: 'Running', name: `vm-${agentId}` });
  expect(vm.nic[0]).toMatchObject({ ipaddress: '10.203.6.40', networkname: 'NET_CS' });
  expect(at(networks, 'private')).toEqual({
    ...manualNetwork(),
    mac: vm.nic[0]!.macaddress.toLowerCase(),
  });
});

test('version 1 answers the CID alone', async () => {
  await using zone = await startZone();
  const cid = await zone.result('create_vm', vmArguments(), { apiVersion: 1 });
  expect(vmOf(zone, cid as string).state).toBe('Running');
});

test('the agent finds all its settings in the user data', async () => {
  await using zone = await startZone();
  const env = { bosh: { mbus: { cert: { ca: 'a\nb' } }, tags: { x: 'y' } }, other: [1, null] };
  const cid = await create(zone, {
    env,
    properties: { disk: 2049, ephemeral_disk_offering: 'ephemeral' },
  });
  const settings = settingsOf(zone, cid);
  const volumes = zone.user.call('listVolumes', { virtualmachineid: cid, type: 'DATADISK' });
  const [ephemeral] = volumes['volume'] as { id: string; size: number; tags: object[] }[];
  const serial = ephemeral!.id.replaceAll('-', '').slice(0, 20);
  expect(settings).toMatchObject({
    agent_id: agentId,
    vm: { name: `vm-${agentId}` },
    mbus: 'nats://nats:bus-password@10.0.0.6:4222',
    ntp: ['ntp.example.com'],
    disks: { ephemeral: { path: `/dev/disk/by-id/virtio-${serial}` }, persistent: {} },
  });
  expect(at(settings, 'env')).toEqual(env);
  expect(at(settings, 'networks', 'private', 'mac')).toBe(
    vmOf(zone, cid).nic[0]!.macaddress.toLowerCase(),
  );
  expect(ephemeral!.size).toBe(3 * 1024 ** 3);
});

test('marks what it creates', async () => {
  await using zone = await startZone();
  const cid = await create(zone, {
    properties: { disk: 1024, ephemeral_disk_offering: 'ephemeral' },
  });
  const tags = Object.fromEntries(vmOf(zone, cid).tags.map(({ key, value }) => [key, value]));
  expect(tags).toMatchObject({
    'bosh-cpi-director': '695b7248-0310-4930-646d-848b66efbaa5',
    'bosh-cpi-agent': agentId,
    'bosh-cpi-purpose': 'vm',
  });
});

test('tags of the environment are on the VM, and make a leftover no less one', async () => {
  await using zone = await startZone();
  const tags = { team: 'a', 'with,comma': 'b', ['x'.repeat(251)]: 'c', empty: '' };
  const env = { bosh: { tags } };
  const first = await create(zone, { env });
  const keysOf = (vm: Vm): string[] =>
    vm.tags.map(({ key }) => key).filter((key) => !key.startsWith('bosh-cpi-'));
  // What has no place in the note of them comes with the metadata.
  expect(keysOf(vmOf(zone, first))).toEqual(['team']);
  const second = await create(zone, { env });
  expect(await zone.result('has_vm', [first])).toBe(false);
  await zone.result('set_vm_metadata', [second, { ...tags, director: 'd' }]);
  expect(keysOf(vmOf(zone, second))).toHaveLength(4);
  expect((await zone.error('create_vm', vmArguments({ env }))).message).toContain('in use');
});

test('a VM is marked before it starts, so that one whose creation is cut off is known', async () => {
  await using zone = await startZone();
  await create(zone);
  const sent = zone.diagnostics.flatMap((line) => /^cloudstack (\w+) /.exec(line)?.[1] ?? []);
  expect(sent.indexOf('createTags')).toBeGreaterThan(sent.indexOf('deployVirtualMachine'));
  expect(sent.indexOf('createTags')).toBeLessThan(sent.indexOf('startVirtualMachine'));
});

test('a VM that has the name, but not the settings of the agent is left alone', async () => {
  await using zone = await startZone();
  const first = await create(zone);
  zone.user.call('updateVirtualMachine', {
    id: first,
    userdata: Buffer.from('#cloud-config').toString('base64'),
  });
  const error = await zone.error('create_vm', vmArguments());
  expect(error.message).toContain(`vm-${agentId} (${first})`);
  expect(vmOf(zone, first).state).toBe('Running');
});

test('of two addresses the second is taken: its holder is named, and the first is not lost', async () => {
  await using zone = await startZone();
  const second = (ip: string): object => ({
    type: 'manual',
    ip,
    netmask: '255.255.255.0',
    gateway: '10.204.0.1',
    cloud_properties: { name: 'NET_SHARED' },
  });
  const holder = await create(zone, {
    agentId: 'b0000000-0000-4000-8000-000000000002',
    networks: { b: second('10.204.0.40') },
  });
  await zone.result('set_vm_metadata', [holder, { deployment: 'd' }]);
  const networks = { a: manualNetwork(), b: second('10.204.0.40') };
  const error = await zone.error('create_vm', vmArguments({ networks }));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
  expect(error.message).toContain(`10.204.0.40 in network NET_SHARED is held by VM`);
  expect(error.message).not.toContain('10.203.6.40');
});

test('an SSH key pair that the account does not have is named', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const properties = { default_key_name: 'bosh-key' };
  const error = await zone.error('create_vm', vmArguments(), { properties });
  expect(error.message).toMatch(/no SSH key pair "bosh-key".*default_key_name/);
  expect(error.ok_to_retry).toBe(false);
  expect(zone.holdings()).toEqual(before);
});

test('a stemcell whose template is not ready is refused with its status', async () => {
  await using zone = await startZone();
  const zoneid = String(at(zone.user.call('listZones', {}), 'zone', 0, 'id'));
  const ostypeid = String(at(zone.user.call('listOsTypes', {}), 'ostype', 0, 'id'));
  const upload = zone.user.call('getUploadParamsForTemplate', {
    name: 'pending',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid,
    ostypeid,
  });
  const stemcell = String(at(upload, 'getuploadparams', 'id'));
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmArguments({ stemcell }));
  expect(error.message).toMatch(/"pending".*not ready in this zone \(status: NotUploaded\)/);
  expect(zone.holdings()).toEqual(before);
});

test('several NICs: the one with the default gateway first, a dynamic one with its address', async () => {
  await using zone = await startZone();
  const networks = {
    dyn: { type: 'dynamic', ip: '1.2.3.4', cloud_properties: { name: 'NET_SHARED' } },
    private: manualNetwork(),
  };
  const [cid, echoed] = (await zone.result('create_vm', vmArguments({ networks }))) as [
    string,
    unknown,
  ];
  const vm = vmOf(zone, cid);
  const byName = Object.fromEntries(vm.nic.map((nic) => [nic.networkname, nic]));
  expect(byName['NET_CS']).toMatchObject({ isdefault: true, ipaddress: '10.203.6.40' });
  expect(at(echoed, 'dyn', 'ip')).toBe(byName['NET_SHARED']!.ipaddress);
  expect(at(settingsOf(zone, cid), 'networks', 'dyn')).toEqual({
    type: 'dynamic',
    mac: byName['NET_SHARED']!.macaddress.toLowerCase(),
  });
});

test('an undiscoverable network is never that of the first NIC, unless it is the only one', async () => {
  await using zone = await startZone();
  const hidden = { cloud_properties: { name: 'NET_CS', undiscoverable: true } };
  const dyn = { type: 'dynamic', cloud_properties: { name: 'NET_SHARED', undiscoverable: false } };
  const both = { private: manualNetwork('10.203.6.40', hidden), dyn };
  const first = vmOf(zone, await create(zone, { networks: both }));
  expect(first.nic.find(({ isdefault }) => isdefault)?.networkname).toBe('NET_SHARED');
  const networks = { private: manualNetwork('10.203.6.41', hidden) };
  const second = vmOf(zone, await create(zone, { agentId: 'agent-2', networks }));
  expect(second.nic).toMatchObject([{ networkname: 'NET_CS', isdefault: true }]);
});

test('a leftover of an interrupted attempt for the same agent is removed', async () => {
  await using zone = await startZone();
  const first = await create(zone);
  const second = await create(zone);
  expect(second).not.toBe(first);
  expect(vmOf(zone, second)).toMatchObject({ state: 'Running', name: `vm-${agentId}-2` });
  expect(vmOf(zone, second).nic[0]!.ipaddress).toBe('10.203.6.40');
  expect(await zone.result('has_vm', [first])).toBe(false);
});

test('a VM of the same agent that is in use is left alone', async () => {
  await using zone = await startZone();
  const cid = await create(zone);
  await zone.result('set_vm_metadata', [cid, { deployment: 'd', name: 'job/0' }]);
  const error = await zone.error('create_vm', vmArguments());
  expect(error.message).toContain('in use');
  expect(vmOf(zone, cid).state).toBe('Running');
});

for (const as of ['User', 'Admin'] as const) {
  test(`an address that another VM holds: the holder is named and nothing stays (${as})`, async () => {
    await using zone = await startZone();
    const network = as === 'User' ? manualNetwork() : sharedNetwork('10.204.0.40');
    const first = await zone.result('create_vm', vmArguments({ networks: { n: network } }), { as });
    const [holder] = first as [string];
    await zone.result('set_vm_metadata', [holder, { deployment: 'd' }], { as });
    const before = zone.holdings(as);
    const request = vmArguments({
      agentId: 'b0000000-0000-4000-8000-000000000002',
      networks: { n: network },
    });
    const error = await zone.error('create_vm', request, { as });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
    expect(error.message).toContain(holder);
    expect(zone.holdings(as)).toEqual(before);
  });
}

test('an address held by a VM that the account cannot see: what would free it is named', async () => {
  await using zone = await startZone();
  const cid = await create(zone);
  // Past the CPI, which would have parked the address.
  zone.user.done('destroyVirtualMachine', { id: cid });
  const error = await zone.error(
    'create_vm',
    vmArguments({ agentId: 'b0000000-0000-4000-8000-000000000002' }),
  );
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(error.message).toContain('10.203.6.40');
  expect(error.message).toContain('allow.user.expunge.recover.vm');
  zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
  const again = await create(zone, { agentId: 'b0000000-0000-4000-8000-000000000002' });
  expect(vmOf(zone, again).nic[0]!.ipaddress).toBe('10.203.6.40');
});

test('a leftover of another name that holds the address is removed, and the VM deployed', async () => {
  await using zone = await startZone();
  await create(zone);
  const leftover = await create(zone);
  expect(vmOf(zone, leftover).name).toBe(`vm-${agentId}-2`);
  zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
  const third = await create(zone);
  expect(vmOf(zone, third)).toMatchObject({ name: `vm-${agentId}`, state: 'Running' });
  expect(vmOf(zone, third).nic[0]!.ipaddress).toBe('10.203.6.40');
  expect(await zone.result('has_vm', [leftover])).toBe(false);
});

test('a deployment that CloudStack refuses without a reason may be tried again, with an address or without', async () => {
  await using zone = await startZone();
  const text = 'a reason that is not told';
  for (const networks of [
    { n: manualNetwork() },
    { n: { type: 'dynamic', cloud_properties: { name: 'NET_CS' } } },
  ]) {
    zone.simulator.setFaults([
      {
        when: { command: 'deployVirtualMachine', times: 1 },
        then: { effect: 'refused', status: 530, text, masked: true },
      },
    ]);
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments({ networks }));
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(zone.holdings()).toEqual(before);
    await zone.result('delete_vm', [await create(zone, { networks })]);
  }
});

for (const command of ['listNetworks', 'listServiceOfferings', 'listTemplates']) {
  test(`${command} fails before anything is made: create_vm may be tried again`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const then = { effect: 'refused', status: 530, text: 'No database connection' } as const;
    zone.simulator.setFaults([{ when: { command }, then }]);
    const error = await zone.error('create_vm', vmArguments());
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(error.message).toContain(`CloudStack ${command} failed`);
    zone.simulator.setFaults([]);
    expect(zone.holdings()).toEqual(before);
    await create(zone);
  });
}

test('what stays as it is before anything is made is not to be tried again', async () => {
  await using zone = await startZone();
  const then = {
    effect: 'refused',
    status: 432,
    text: 'The API [listTemplates] is not allowed',
  } as const;
  zone.simulator.setFaults([{ when: { command: 'listTemplates' }, then }]);
  const error = await zone.error('create_vm', vmArguments());
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
});

test('the CID of a light stemcell is understood', async () => {
  await using zone = await startZone();
  const stemcell = await zone.result('create_stemcell', [
    '/none',
    { light_template: 'ubuntu-jammy' },
  ]);
  const cid = await create(zone, { stemcell: stemcell as string });
  expect(vmOf(zone, cid).state).toBe('Running');
});

test('a custom compute offering gets CPU and memory', async () => {
  await using zone = await startZone();
  const properties = { compute_offering: 'custom', cpu: 2, ram: 3072 };
  expect(vmOf(zone, await create(zone, { properties }))).toMatchObject({
    cpunumber: 2,
    memory: 3072,
  });
});

test('a free disk on local storage is attached before the start, so the VM follows it', async () => {
  await using zone = await startZone();
  const local = { properties: { compute_offering: 'm1.local' } };
  const first = await create(zone, local);
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'local.custom' }, first]);
  await zone.result('attach_disk', [first, disk]);
  await zone.result('delete_vm', [first]);
  const second = await create(zone, { ...local, disks: [disk as string] });
  expect(volumeOf(zone, disk as string)).toMatchObject({ virtualmachineid: second });
  expect(await zone.result('attach_disk', [second, disk])).toHaveProperty('path');
});

test('a disk of another VM is never taken', async () => {
  await using zone = await startZone();
  const local = { properties: { compute_offering: 'm1.local' } };
  const first = await create(zone, local);
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'local.custom' }, first]);
  await zone.result('attach_disk', [first, disk]);
  await create(zone, {
    ...local,
    agentId: 'b0000000-0000-4000-8000-000000000002',
    networks: { n: manualNetwork('10.203.6.41') },
    disks: [disk as string],
  });
  expect(volumeOf(zone, disk as string)).toMatchObject({ virtualmachineid: first });
});

for (const [problem, variation, message] of [
  [
    'an unknown compute offering',
    { properties: { compute_offering: 'm9' } },
    /"m9"; the compute offerings are .*"m1\.small"/,
  ],
  [
    'no compute offering',
    { properties: { compute_offering: null } },
    /compute_offering is missing/,
  ],
  ['an unknown zone', { properties: { zone: 'zone9' } }, /no zone "zone9"; the zones are "zone1"/],
  ['an unknown stemcell', { stemcell: 'b0000000-0000-4000-8000-00000000000f' }, /no template/],
  [
    'an unknown network',
    { networks: { n: manualNetwork('10.203.6.40', { cloud_properties: { name: 'NET_X' } }) } },
    /"NET_X"/,
  ],
  [
    'no network name',
    { networks: { n: manualNetwork('10.203.6.40', { cloud_properties: {} }) } },
    /network n: name is missing/,
  ],
  ['no network', { networks: {} }, /needs a manual or dynamic network/],
  ['a network that is none', { networks: { n: 'NET_CS' } }, /network n must be an object/],
  [
    'a text as flag of a network',
    {
      networks: {
        n: manualNetwork('10.203.6.40', {
          cloud_properties: { name: 'NET_CS', undiscoverable: 'yes' },
        }),
      },
    },
    /network n: undiscoverable must be true or false/,
  ],
  [
    'a key pair that is a list',
    { properties: { key_name: ['bosh'] } },
    /key_name must be a string/,
  ],
  [
    'a root disk of no size',
    { properties: { root_disk_size: 0 } },
    /root_disk_size must be a whole/,
  ],
  ['a negative disk', { properties: { disk: -1 } }, /disk must be a whole number of MiB/],
  ['cpus as text', { properties: { cpu: '2' } }, /cpu must be a whole number of CPUs/],
  ['a zone that is a number', { properties: { zone: 1 } }, /zone must be a string/],
  [
    'an unknown id as compute offering',
    { properties: { compute_offering: 'b0000000-0000-4000-8000-00000000000f' } },
    /no compute offering/,
  ],
  [
    'an address outside of the network',
    { networks: { n: manualNetwork('10.9.9.9') } },
    /10\.203\.6\.0\/23/,
  ],
  [
    'the address of the gateway',
    { networks: { n: manualNetwork('10.203.7.254') } },
    /cannot be had/,
  ],
  [
    'one network twice',
    { networks: { a: manualNetwork(), b: manualNetwork('10.203.6.41') } },
    /same CloudStack network/,
  ],
  [
    'an ephemeral disk without offering',
    { properties: { disk: 1024 } },
    /default_ephemeral_disk_offering/,
  ],
  [
    'a fixed offering that is too small',
    { properties: { disk: 21 * 1024, ephemeral_disk_offering: 'DO1 - Small STD' } },
    /20 GiB.*21 GiB/,
  ],
  [
    'a custom offering without cpu',
    { properties: { compute_offering: 'custom' } },
    /set cpu and ram/,
  ],
  ['a text as size', { properties: { disk: '1024' } }, /disk must be a whole number of MiB/],
  [
    'user data that is too long',
    { env: { bosh: { blob: 'x'.repeat(40_000) } } },
    /env\.bosh\.blob/,
  ],
] as const) {
  test(`refused before anything is created: ${problem}`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments(variation));
    expect(error.message).toMatch(message);
    expect(error.ok_to_retry).toBe(false);
    expect(zone.holdings()).toEqual(before);
  });
}

for (const [rights, world] of [
  ['may expunge', smallZone({ 'allow.user.expunge.recover.vm': true })],
  ['may not expunge', smallZone({})],
] as const) {
  test(`a start without room is undone and may be tried again (${rights})`, async () => {
    await using zone = await startZone({ world });
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments());
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(zone.holdings()['vms']).toEqual(before['vms']);
    // The same address and name serve the next attempt.
    const small = { properties: { compute_offering: 'CO1 - Small STD' } };
    expect(vmOf(zone, await create(zone, small)).nic[0]!.ipaddress).toBe('10.203.6.40');
  });
}

test('an interruption during the work is undone', async () => {
  await using zone = await startZone({ world: zoneWhereUsersMayExpunge });
  const before = zone.holdings();
  const interruption = new AbortController();
  zone.onDiagnostic((line) => {
    if (line.startsWith('cloudstack startVirtualMachine')) interruption.abort();
  });
  const error = await zone.error('create_vm', vmArguments(), { signal: interruption.signal });
  expect(error.message).toContain('interrupted');
  expect(error.ok_to_retry).toBe(false);
  expect(zone.holdings()['vms']).toEqual(before['vms']);
  expect(zone.holdings()['volumes']).toEqual(before['volumes']);
});

test('what an interruption keeps from being undone is named with its id, and where to look', async () => {
  await using zone = await startZone({ world: zoneWhereUsersMayExpunge });
  zone.simulator.setFaults([
    { when: { command: 'startVirtualMachine' }, then: { effect: 'capacity-gone', of: 'hosts' } },
  ]);
  const interruption = new AbortController();
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (request) => {
      if (
        typeof request.body !== 'string' ||
        !request.body.includes('command=destroyVirtualMachine&')
      ) {
        return transport.send(request);
      }
      // It is told to end while it undoes, and CloudStack does not answer any more.
      interruption.abort();
      return new Promise(() => undefined);
    },
  });
  const clock: Clock = {
    nowMs: () => realClock.nowMs(),
    sleep: (ms, signal) => realClock.sleep(ms === 18_000 ? 0 : ms, signal),
  };
  const options = { signal: interruption.signal, through, clock };
  const error = await zone.error('create_vm', vmArguments(), options);
  const [{ id, name }] = zone.holdings()['vms'] as [{ id: string; name: string }];
  expect(error.message).toContain(`look after: deploy VM ${name} (${id})`);
  expect(zone.diagnostics.join('\n')).toMatch(
    /could not undo "deploy VM .*": undoing it was cut off/,
  );
  expect(error.message).toContain('`cloudstack-cpi gc`');
  expect(error.ok_to_retry).toBe(false);
});

test('a netmask or gateway that the network does not have is warned about', async () => {
  await using zone = await startZone();
  const told = (): string => zone.diagnostics.join('\n');
  await create(zone);
  const unsaid = manualNetwork('10.203.6.42', { netmask: '', gateway: undefined });
  await zone.result(
    'create_vm',
    vmArguments({ agentId: 'b0000000-0000-4000-8000-000000000003', networks: { n: unsaid } }),
  );
  expect(told()).not.toContain('in BOSH, and');
  const wrong = manualNetwork('10.203.6.41', { netmask: '255.255.255.0', gateway: '10.203.6.1' });
  await zone.result(
    'create_vm',
    vmArguments({ agentId: 'b0000000-0000-4000-8000-000000000002', networks: { n: wrong } }),
  );
  expect(told()).toContain(
    'warning: network n: its netmask is 255.255.255.0 in BOSH, and 255.255.254.0 in the CloudStack',
  );
  expect(told()).toContain('its gateway is 10.203.6.1 in BOSH, and 10.203.7.254 in the CloudStack');
});

test('a stemcell that is gone is to be uploaded again', async () => {
  await using zone = await startZone();
  const stemcell = 'd2b5e1a0-0000-4000-8000-000000000001';
  const { message } = await zone.error('create_vm', vmArguments({ stemcell }));
  expect(message).toMatch(
    /^CloudStack listTemplates: there is no template .*upload-stemcell --fix/,
  );
});

test('unknown cloud_properties are warned about with the nearest name, or refused', async () => {
  await using zone = await startZone();
  await create(zone, { properties: { compute_ofering: 'x' } });
  expect(zone.diagnostics.join('\n')).toContain('did you mean compute_offering?');
  const strict = { properties: { strict_properties: true } };
  const request = vmArguments({
    agentId: 'b0000000-0000-4000-8000-000000000002',
    networks: { n: manualNetwork('10.203.6.41') },
    properties: { compute_ofering: 'x' },
  });
  const error = await zone.error('create_vm', request, strict);
  expect(error.message).toMatch(/compute_ofering is unknown \(did you mean compute_offering\?\)$/);
});

/** No host has room for more than the smallest compute offering. */
function smallZone(settings: WorldDescriptionInput['settings']): WorldDescriptionInput {
  const world = structuredClone(advancedKvm);
  for (const host of world.zones[0]!.pods[0]!.clusters[0]!.hosts) host.memoryMib = 1_536;
  return { ...world, settings };
}

function sharedNetwork(ip: string): object {
  return {
    type: 'manual',
    ip,
    netmask: '255.255.255.0',
    gateway: '10.204.0.1',
    default: ['dns', 'gateway'],
    cloud_properties: { name: 'NET_SHARED' },
  };
}
