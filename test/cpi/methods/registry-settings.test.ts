// Proves that the agent of a stemcell of version 1 finds its settings with the registry that its user
// data name, through the life of its VM: complete when it starts, with its disks as they come and go,
// gone with the VM; and that agents of later stemcells, and callers that tell no version, are served.
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { expect, test } from '@playwright/test';
import { userDataOf } from '../../guests/registry-agent.js';
import { at, directorUuid, startZone } from '../../support/cpi-zone.js';
import { startSettingsRegistry } from '../../support/settings-registry.js';
import {
  cidOf,
  createDisk,
  oldestAgent,
  ofStemcell,
  readByAgent,
  startWithRegistry,
} from './registry-requests.js';
import { agentId, manualNetwork, vmArguments } from './vm-requests.js';

const vip = { type: 'vip', ip: '203.0.113.15' };
const env = { bosh: { group: 'g', password: '*', mbus: { cert: { ca: 'a\nb\n' } } } };
const complete = vmArguments({
  networks: { private: manualNetwork(), public: vip },
  properties: { disk: 1024, ephemeral_disk_offering: 'ephemeral' },
  env,
});

for (const apiVersion of [1, 2, 3]) {
  test(`version 1 in API version ${apiVersion}: all settings are with the registry`, async () => {
    await using place = await startWithRegistry();
    const { zone, registry } = place;
    const blobstore = { provider: 'dav', options: { endpoint: 'http://10.0.0.6:25250' } };
    const options = ofStemcell(1, { apiVersion, properties: { agent: { blobstore } } });
    const result = await zone.result('create_vm', complete, options);
    if (apiVersion === 1) expect(typeof result).toBe('string');
    else expect(result).toEqual([expect.any(String), expect.objectContaining({ public: vip })]);
    const vm = cidOf(result);
    const [nic] = zone.simulator.guest(vm).interfaces;
    const [disk] = zone.simulator.world.volumes.all().filter(({ type }) => type === 'DATADISK');
    const serial = disk?.id.replaceAll('-', '').slice(0, 20);
    const network = { ...manualNetwork(), cloud_properties: undefined };
    const settings = {
      agent_id: agentId,
      vm: { name: `vm-${agentId}` },
      networks: {
        private: { ...network, mac: nic?.macAddress.toLowerCase() },
        public: vip,
      },
      disks: {
        system: '/dev/sda',
        ephemeral: { path: `/dev/disk/by-id/virtio-${serial}` },
        persistent: {},
      },
      env,
      mbus: 'nats://nats:bus-password@10.0.0.6:4222',
      ntp: ['ntp.example.com'],
      blobstore,
      // For gc; agents pass over it.
      cloudstack_cpi: {
        director: directorUuid,
        account: expect.stringMatching(/^[^/]{36}\/bosh$/),
      },
    };
    for (const usesServerName of [true, false]) {
      for (const knowsUserData of [true, false]) {
        const agent = { usesServerName, knowsUserData };
        expect(await readByAgent(zone, vm, agent), JSON.stringify(agent)).toEqual(settings);
      }
    }
    expect(Object.keys(await registry.entries())).toEqual([vm]);
    // Only what leads to the registry: settings would be stale there, and hold secrets twice.
    expect(Object.keys(userDataOf(zone.simulator.guest(vm))).sort()).toEqual(
      ['dns', 'networks', 'registry', 'server', 'vm'].sort(),
    );
  });

  test(`version 1 in API version ${apiVersion}: disks come into the settings and go`, async () => {
    await using place = await startWithRegistry();
    const { zone } = place;
    const options = ofStemcell(1, { apiVersion });
    const vm = cidOf(await zone.result('create_vm', vmArguments(), options));
    const before = userDataOf(zone.simulator.guest(vm));
    const disks = [await createDisk(zone), await createDisk(zone)];
    const hints: Record<string, unknown> = {};
    for (const disk of disks) {
      const hint = await zone.result('attach_disk', [vm, disk], options);
      const { persistent } = (await readByAgent(zone, vm)).disks;
      expect(zone.simulator.guest(vm).disk(String(at(persistent[disk], 'path')))?.volumeId).toBe(
        disk,
      );
      if (apiVersion === 1) expect(hint).toBeNull();
      else expect(hint).toEqual(persistent[disk]);
      hints[disk] = persistent[disk];
      expect(persistent).toEqual(hints);
    }
    await zone.result('attach_disk', [vm, disks[0]], options);
    expect((await readByAgent(zone, vm)).disks.persistent).toEqual(hints);
    for (const time of ['the first', 'the second']) {
      await zone.result('detach_disk', [vm, disks[0]], options);
      const { persistent } = (await readByAgent(zone, vm)).disks;
      expect(Object.keys(persistent), time).toEqual([disks[1]]);
    }
    expect(userDataOf(zone.simulator.guest(vm))).toEqual(before);
  });
}

test('disks that calls attach and detach at once are all told of', async () => {
  await using place = await startWithRegistry();
  const { zone } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(1)));
  const disks = await Promise.all(Array.from({ length: 4 }, () => createDisk(zone)));
  const [gone = '', ...others] = disks;
  await zone.result('attach_disk', [vm, gone], ofStemcell(1));
  await Promise.all([
    zone.result('detach_disk', [vm, gone], ofStemcell(1)),
    ...others.map((disk) => zone.result('attach_disk', [vm, disk], ofStemcell(1))),
  ]);
  const { persistent } = (await readByAgent(zone, vm)).disks;
  expect(Object.keys(persistent).sort()).toEqual(others.sort());
});

test('the entry goes with the VM, also when the VM had gone before, whatever the caller tells', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const create = async (): Promise<string> =>
    cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(1)));
  for (const version of [1, 2, undefined]) {
    const vm = await create();
    await zone.result('delete_vm', [vm], ofStemcell(version));
    expect(await registry.entries()).toEqual({});
    await zone.result('delete_vm', [vm], ofStemcell(version));
    zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
    const lost = await create();
    zone.admin.run('destroyVirtualMachine', { id: lost, expunge: 'true' });
    expect(Object.keys(await registry.entries())).toEqual([lost]);
    // `bosh delete-vm` of a VM that the Director does not know says version 2.
    await zone.result('delete_vm', [lost], ofStemcell(version));
    expect(await registry.entries()).toEqual({});
  }
});

test('where the caller does not tell the version, settings are in both places', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const [vm, disk] = [
    cidOf(await zone.result('create_vm', complete, { apiVersion: 1 })),
    await createDisk(zone),
  ];
  expect(zone.diagnostics.join('\n')).not.toContain('does not tell');
  await zone.result('attach_disk', [vm, disk], { apiVersion: 1 });
  const newer = { knowsUserData: true, usesServerName: true };
  const [inUserData, inRegistry] = [
    await readByAgent(zone, vm, newer),
    await readByAgent(zone, vm, oldestAgent),
  ];
  expect({ ...inRegistry, ...inUserData }).toEqual({ ...inUserData, ...inRegistry });
  expect(Object.keys(inRegistry.disks.persistent)).toEqual([disk]);
  await zone.result('detach_disk', [vm, disk], { apiVersion: 1 });
  for (const agent of [newer, oldestAgent]) {
    expect((await readByAgent(zone, vm, agent)).disks.persistent).toEqual({});
  }
  await zone.result('delete_vm', [vm], { apiVersion: 1 });
  expect(await registry.entries()).toEqual({});
});

test('a later stemcell has nothing to do with the registry, which may be away', async () => {
  await using zone = await startZone({}, 'direct', {
    registry: { host: '127.0.0.1', port: 9, username: 'u', password: 'of-the-registry' },
  });
  const options = ofStemcell(3);
  const vm = cidOf(await zone.result('create_vm', vmArguments(), options));
  expect(userDataOf(zone.simulator.guest(vm))).toMatchObject({ agent_id: agentId });
  expect(userDataOf(zone.simulator.guest(vm)).registry).toBeUndefined();
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk], options);
  await zone.result('detach_disk', [vm, disk], options);
  await zone.result('delete_vm', [vm], options);
  expect(zone.diagnostics.join('\n')).not.toContain('registry');
});

test('agents that are to be known by their addresses get no credentials', async () => {
  await using place = await startWithRegistry({ credentials_in_endpoint: false });
  const { zone, registry } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(1)));
  const { endpoint } = userDataOf(zone.simulator.guest(vm)).registry ?? {};
  expect(endpoint).toBe(registry.endpoint);
  await expect(readByAgent(zone, vm)).rejects.toThrow('invalid status: 401');
});

test('a VM of an earlier CPI has its entry by its name', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(3)));
  const name = `vm-${agentId}`;
  await registry.restore({ [name]: JSON.stringify({ agent_id: agentId, disks: {} }) });
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk], ofStemcell(1, { apiVersion: 1 }));
  const { [name]: settings = '' } = await registry.entries();
  expect(at(JSON.parse(settings), 'disks', 'persistent', disk)).toBeDefined();
  await zone.result('delete_vm', [vm], ofStemcell(1));
  expect(await registry.entries()).toEqual({});
});

test('name servers are told only where they help an agent to the registry', async () => {
  await using registry = await startSettingsRegistry();
  for (const [endpoint, expected] of [
    [registry.endpoint, ['8.8.8.8']],
    [registry.endpoint.replace('127.0.0.1', '[::1]'), []],
    [registry.endpoint.replace('http:', 'https:'), []],
  ] as const) {
    await using zone = await startZone({}, 'direct', {
      registry: { ...registry.section, endpoint },
    });
    // Whatever it is called, it is the same one.
    const through = (transport: Transport): Transport => ({
      ...transport,
      send: (request) =>
        transport.send({ ...request, url: request.url.replace(endpoint, registry.endpoint) }),
    });
    const seen: unknown[] = [];
    zone.onDiagnostic((line) => {
      if (!line.startsWith('registry PUT')) return;
      const [vm] = zone.simulator.world.vms.all();
      seen.push(JSON.parse(Buffer.from(vm?.userData ?? '', 'base64').toString()));
    });
    await zone.call('create_vm', vmArguments(), ofStemcell(1, { through }));
    expect(at(seen[0], 'dns', 'nameserver')).toEqual(expected);
  }
});
