// Proves that a CPI whose configuration names a project, or another account, makes, finds and deletes
// everything there and nothing in the account of its keys, and that a project or account which cannot
// be used is told before anything is made; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import type { Finding } from '../../../cpi/check/finding.js';
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { subnet, type CreatedNetwork } from './network-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const world: WorldDescriptionInput = {
  ...advancedKvm,
  settings: { 'kvm.snapshot.enabled': true, 'allow.user.expunge.recover.vm': true },
  projects: [
    { name: 'foundry', account: 'bosh', limits: 'unlimited' },
    { name: 'foreign', account: 'admin' },
  ],
};

interface Owned {
  readonly options: CallOptions;
  /** How CloudStack is asked for what the owner has. */
  readonly filter: Record<string, string>;
}

function project(zone: CpiZone, name = 'foundry'): Owned {
  const id = zone.simulator.world.projects.all().find((row) => row.name === name)!.id;
  return { options: { properties: { project_id: id } }, filter: { projectid: id } };
}

/** The ordinary user's account, for the keys of the administrator. */
function otherAccount(zone: CpiZone): Owned {
  const { domainId } = zone.simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  return {
    options: { as: 'Admin', properties: { account: 'bosh', domain_id: domainId } },
    filter: { account: 'bosh', domainid: domainId },
  };
}

function countsOf(zone: CpiZone, client: 'admin' | 'user', filter = {}): Record<string, number> {
  const lists = {
    listVirtualMachines: 'virtualmachine',
    listVolumes: 'volume',
    listSnapshots: 'snapshot',
    listAffinityGroups: 'affinitygroup',
    listLoadBalancerRules: 'loadbalancerrule',
    listSSHKeyPairs: 'sshkeypair',
  };
  return Object.fromEntries(
    Object.entries(lists).map(([command, key]) => [
      key,
      ((zone[client].call(command, filter)[key] ?? []) as unknown[]).length,
    ]),
  );
}

const nothing = {
  virtualmachine: 0,
  volume: 0,
  snapshot: 0,
  affinitygroup: 0,
  loadbalancerrule: 0,
  sshkeypair: 0,
};

for (const [scope, ownerIn] of [
  ['a project', project],
  ['another account', otherAccount],
] as const) {
  test(`everything that a Director has made belongs to ${scope}, and goes again`, async () => {
    await using zone = await startZone({ world });
    const { options, filter } = ownerIn(zone);
    const before = zone.holdings('Admin');
    const owned = (): Record<string, number> => countsOf(zone, 'admin', filter);
    const result = (method: string, args: unknown[]): Promise<unknown> =>
      zone.result(method, args, options);
    const range = subnet({ range: '10.66.0.0/24', gateway: '10.66.0.1' });
    const [network] = (await result('create_network', range)) as CreatedNetwork;
    const networks = {
      private: manualNetwork('10.66.0.5', {
        netmask: '255.255.255.0',
        gateway: '10.66.0.1',
        cloud_properties: { name: network },
      }),
      public: { type: 'vip', ip: '203.0.113.25' },
    };
    const properties = {
      disk: 1024,
      ephemeral_disk_offering: 'ephemeral',
      affinity_group: 'web',
      lbs: [{ name: 'web', public_port: 80, private_port: 8080 }],
    };
    const [vm] = (await result('create_vm', vmArguments({ networks, properties }))) as [string];
    await result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
    expect(await result('has_vm', [vm])).toBe(true);
    const disk = await result('create_disk', [1024, { disk_offering: 'shared.custom' }, vm]);
    await result('attach_disk', [vm, disk]);
    await result('set_disk_metadata', [disk, { director: 'd' }]);
    expect(await result('get_disks', [vm])).toEqual([disk]);
    const snapshot = await result('snapshot_disk', [disk, { director: 'd' }]);
    expect(owned()).toEqual({
      ...nothing,
      virtualmachine: 1,
      volume: 3,
      snapshot: 1,
      affinitygroup: 1,
      loadbalancerrule: 1,
    });
    expect(zone.holdings('Admin')).toEqual(before);
    await result('delete_snapshot', [snapshot]);
    await result('detach_disk', [vm, disk]);
    await result('resize_disk', [disk, 2048]);
    await result('delete_disk', [disk]);
    expect(await result('has_disk', [disk])).toBe(false);
    await result('reboot_vm', [vm]);
    await result('delete_vm', [vm]);
    await result('delete_network', [network]);
    expect(owned()).toEqual(nothing);
    expect(zone.user.call('listPublicIpAddresses', filter)['count'] ?? 0).toBe(0);
  });
}

test('what a project has is not seen without it, and the other way round', async () => {
  await using zone = await startZone({ world });
  const { options } = project(zone);
  const args = [1024, { disk_offering: 'shared.custom' }, null];
  const ofProject = await zone.result('create_disk', args, options);
  const ofAccount = await zone.result('create_disk', args);
  expect(await zone.result('has_disk', [ofProject], options)).toBe(true);
  expect(await zone.result('has_disk', [ofAccount], options)).toBe(false);
  expect(await zone.result('has_disk', [ofProject])).toBe(false);
  await zone.result('delete_disk', [ofAccount], options);
  expect(await zone.result('has_disk', [ofAccount])).toBe(true);
});

test('a key pair is registered for the project', async () => {
  await using zone = await startZone({ world });
  const { options, filter } = project(zone);
  const [network] = (await zone.result('create_network', subnet(), options)) as CreatedNetwork;
  const networks = { n: { type: 'dynamic', cloud_properties: { name: network } } };
  const key = zone.admin.call('createSSHKeyPair', { name: 'made' })['keypair'] as object;
  const properties = { default_key_name: 'bosh', private_key: at(key, 'privatekey') };
  await zone.result('create_vm', vmArguments({ networks }), {
    properties: { ...options.properties, ...properties },
  });
  expect(countsOf(zone, 'user', filter)).toMatchObject({ sshkeypair: 1, virtualmachine: 1 });
  expect(countsOf(zone, 'user')).toEqual(nothing);
});

test('ping answers pong only where CloudStack lets the account work for its project', async () => {
  await using zone = await startZone({ world }, 'direct');
  for (const { options } of [project(zone), otherAccount(zone)]) {
    expect(await zone.result('ping', [], options)).toBe('pong');
    expect(await zone.result('ping', [], { ...options, refuse: 'listNetworks' })).toBe('pong');
  }
  for (const options of [
    { properties: { project_id: 'b0000000-0000-4000-8000-00000000000f' } },
    project(zone, 'foreign').options,
    { properties: { ...otherAccount(zone).options.properties, account: 'nobody' } },
  ]) {
    const error = await zone.error('ping', [], options);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
    expect(error.message).toContain('listNetworks');
  }
});

test('check says whether the project, or the other account, can be worked for', async () => {
  await using zone = await startZone({ world });
  const findings = (options: CallOptions): Promise<Finding[]> => zone.check(options);
  expect(await findings(project(zone).options)).toContainEqual(
    expect.objectContaining({ about: 'project', verdict: 'ok' }),
  );
  expect(await findings(otherAccount(zone).options)).toContainEqual(
    expect.objectContaining({ about: 'account', verdict: 'ok' }),
  );
  const wrong = await findings({ properties: { project_id: 'nope' } });
  expect(wrong.at(-1)).toMatchObject({
    about: 'project',
    verdict: 'failed',
    text: expect.stringMatching(/^cloudstack\.project_id nope is of no use: .*nope/),
    advice: expect.stringContaining('not to its name'),
  });
  const foreign = await findings(project(zone, 'foreign').options);
  expect(foreign.at(-1)).toMatchObject({ about: 'project', verdict: 'failed' });
});

for (const [problem, properties, message] of [
  ['a project that is not there', { project_id: 'b0000000-0000-4000-8000-00000000000f' }, /./],
  ['a project of others', { project_id: 'foreign' }, /permission|access|not/i],
  [
    'an account without domain',
    { account: 'bosh' },
    /account and cloudstack\.domain_id go together/,
  ],
  [
    'an account and a project',
    { account: 'bosh', domain_id: 'd', project_id: 'p' },
    /exclude each other/,
  ],
] as const) {
  test(`refused before anything is made: ${problem}`, async () => {
    await using zone = await startZone({ world });
    const before = zone.simulator.kernel.log.lastSeq;
    const given =
      'project_id' in properties && properties.project_id === 'foreign'
        ? project(zone, 'foreign').options.properties!
        : properties;
    for (const [method, args] of [
      ['create_vm', vmArguments()],
      ['create_disk', [1024, { disk_offering: 'shared.custom' }, null]],
    ] as const) {
      const error = await zone.error(method, args, { properties: given });
      expect(error.ok_to_retry).toBe(false);
      expect(error.message).toMatch(message);
      expect(error.message).not.toContain('look after');
    }
    expect(zone.simulator.kernel.log.lastSeq).toBe(before);
  });
}
