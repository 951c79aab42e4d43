// What a CPI could leave behind or lose is found: each kind of leak and loss is planted in a
// simulated cloud through its API, beside a VM with a disk that is as it should be.
import { expect } from '@playwright/test';
import { textOf, type JsonObject } from '../../../bats-runner/json.js';
import type { CloudClient } from '../../../bats-runner/cloud/client.js';
import { readCloud, type CloudView } from '../../../bats-runner/cloud/cloud-view.js';
import { emptyLedger, recordSuccess, type Ledger } from '../../../bats-runner/director/ledger.js';
import { checkWorld, problemsOf } from '../../../bats-runner/director/world-check.js';
import { idOf, runJob, test as base, type Cloud } from '../support.js';

const address = '10.203.6.5';

interface Sound {
  readonly cloud: CloudClient;
  readonly vm: string;
  readonly disk: string;
  readonly networkId: string;
  readonly ledger: Ledger;
  /** The problems that the check finds now. */
  readonly problems: () => Promise<string>;
}

/** A cloud in which everything is as the ledger says: one VM, with one disk attached. */
const test = base.extend<{ sound: Sound }>({
  sound: async ({ cloud }, use) => {
    const client = cloud.user;
    const before = await readCloud(client);
    const networkId = await idOf(client, ['listNetworks', 'network'], 'NET_CS');
    const vm = await deploy(cloud, 'vm-a', { 'iptonetworklist[0].ip': address });
    const disk = await newDisk(client, 'disk-a');
    await runJob(client, 'attachVolume', { id: disk, virtualmachineid: vm });
    const ledger = emptyLedger();
    note(ledger, 'create_vm', ['agent', 'stemcell', {}, { a: manual(address) }, [], {}], vm);
    note(ledger, 'create_disk', [1024, {}, vm], disk);
    note(ledger, 'attach_disk', [vm, disk], null);
    const problems = async (): Promise<string> => {
      const view: CloudView = await readCloud(client);
      return problemsOf(checkWorld(ledger, view, before)).join('\n');
    };
    await use({ cloud: client, vm, disk, networkId, ledger, problems });
  },
});

function note(
  ledger: Ledger,
  method: string,
  args: Parameters<typeof recordSuccess>[1]['arguments'],
  result: string | null,
): void {
  recordSuccess(ledger, { method, arguments: args, context: {} }, result);
}

function idIn(row: JsonObject | undefined): string {
  return textOf(row?.['id']);
}

function manual(ip: string) {
  return { type: 'manual', ip, cloud_properties: { name: 'NET_CS' } };
}

async function deploy(
  { user }: Cloud,
  name: string,
  extra: Record<string, string | boolean> = {},
): Promise<string> {
  const networkid = await idOf(user, ['listNetworks', 'network'], 'NET_CS');
  const { ['iptonetworklist[0].ip']: ip, ...others } = extra;
  const templates = await user.list('listTemplates', 'template', {
    templatefilter: 'featured',
  });
  return runJob(user, 'deployVirtualMachine', {
    name,
    zoneid: await idOf(user, ['listZones', 'zone'], 'zone1'),
    serviceofferingid: await idOf(user, ['listServiceOfferings', 'serviceoffering'], 'm1.small'),
    templateid: idIn(templates[0]),
    ...(ip === undefined
      ? { networkids: networkid }
      : { 'iptonetworklist[0].networkid': networkid, 'iptonetworklist[0].ip': ip }),
    ...others,
  });
}

async function newDisk(client: CloudClient, name: string): Promise<string> {
  return runJob(client, 'createVolume', {
    name,
    zoneid: await idOf(client, ['listZones', 'zone'], 'zone1'),
    diskofferingid: await idOf(client, ['listDiskOfferings', 'diskoffering'], 'shared.custom'),
    size: 1,
  });
}

test('a cloud that fits its ledger has no problems', async ({ sound }) => {
  expect(await sound.problems()).toBe('');
});

test('a VM that nobody owns', async ({ sound, cloud }) => {
  const stray = await deploy(cloud, 'vm-stray');
  expect(await sound.problems()).toContain(`left over: VM ${stray} (vm-stray, Running)`);
  await runJob(sound.cloud, 'destroyVirtualMachine', { id: stray });
  expect(await sound.problems()).toBe('');
});

test('a stopped VM that nobody owns', async ({ sound, cloud }) => {
  const stray = await deploy(cloud, 'vm-stray', { startvm: false });
  expect(await sound.problems()).toContain(`left over: VM ${stray} (vm-stray, Stopped)`);
});

test('a volume that nobody owns', async ({ sound }) => {
  const stray = await newDisk(sound.cloud, 'disk-stray');
  expect(await sound.problems()).toMatch(`left over: volume ${stray} (disk-stray`);
});

test('an ephemeral disk that outlived its VM', async ({ sound, cloud }) => {
  const stray = await deploy(cloud, 'vm-stray', {
    diskofferingid: await idOf(sound.cloud, ['listDiskOfferings', 'diskoffering'], 'shared.custom'),
    size: '1',
  });
  await runJob(sound.cloud, 'destroyVirtualMachine', { id: stray });
  expect(await sound.problems()).toMatch(/^left over: volume [-0-9a-f]{36} \(DATA-/);
});

test('a second data disk on a VM that is owned', async ({ sound }) => {
  const stray = await newDisk(sound.cloud, 'disk-stray');
  await runJob(sound.cloud, 'attachVolume', { id: stray, virtualmachineid: sound.vm });
  expect(await sound.problems()).toBe(`VM ${sound.vm} has 1 ephemeral disks, not 0`);
});

test('a template that nobody owns', async ({ sound }) => {
  await sound.cloud.call('getUploadParamsForTemplate', {
    name: 'stemcell-stray',
    displaytext: 'stray',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: await idOf(sound.cloud, ['listZones', 'zone'], 'zone1'),
    ostypeid: await osType(sound.cloud),
  });
  expect(await sound.problems()).toMatch(/left over: template .* \(stemcell-stray\)/);
});

async function osType(client: CloudClient): Promise<string> {
  const [type] = await client.list('listOsTypes', 'ostype');
  return idIn(type);
}

test('a public address that nobody owns', async ({ sound }) => {
  await runJob(sound.cloud, 'associateIpAddress', {
    networkid: sound.networkId,
    ipaddress: '203.0.113.21',
  });
  expect(await sound.problems()).toMatch(/left over: public address 203\.0\.113\.21/);
});

test('a public address that leads to nobody, or elsewhere', async ({ sound }) => {
  const vip = { a: manual(address), public: { type: 'vip', ip: '203.0.113.20' } };
  note(sound.ledger, 'create_vm', ['agent', 'stemcell', {}, vip, [], {}], sound.vm);
  expect(await sound.problems()).toContain('public address 203.0.113.20 leads to nobody');
  const id = await runJob(sound.cloud, 'associateIpAddress', {
    networkid: sound.networkId,
    ipaddress: '203.0.113.20',
  });
  expect(await sound.problems()).toContain('public address 203.0.113.20 leads to no VM');
  await sound.cloud.call('enableStaticNat', { ipaddressid: id, virtualmachineid: sound.vm });
  note(sound.ledger, 'attach_disk', [sound.vm, sound.disk], null);
  expect(await sound.problems()).toBe('');
});

test('a VM that is lost or not running', async ({ sound }) => {
  await runJob(sound.cloud, 'stopVirtualMachine', { id: sound.vm });
  expect(await sound.problems()).toContain(`VM ${sound.vm} is in state Stopped, not Running`);
  await runJob(sound.cloud, 'detachVolume', { id: sound.disk });
  await runJob(sound.cloud, 'destroyVirtualMachine', { id: sound.vm });
  expect(await sound.problems()).toContain(`VM ${sound.vm} is not there`);
});

test('a VM at another address', async ({ sound }) => {
  await runJob(sound.cloud, 'stopVirtualMachine', { id: sound.vm });
  const [nic] = await sound.cloud.list('listNics', 'nic', { virtualmachineid: sound.vm });
  await runJob(sound.cloud, 'updateVmNicIp', {
    nicid: idIn(nic),
    ipaddress: '10.203.6.77',
  });
  await runJob(sound.cloud, 'startVirtualMachine', { id: sound.vm });
  expect(await sound.problems()).toBe(`VM ${sound.vm} has 10.203.6.77 and not ${address}`);
});

test('a disk that is detached, or lost', async ({ sound }) => {
  await runJob(sound.cloud, 'detachVolume', { id: sound.disk });
  expect(await sound.problems()).toBe(
    `disk ${sound.disk} is attached to no VM, not to VM ${sound.vm}`,
  );
  await sound.cloud.call('deleteVolume', { id: sound.disk });
  expect(await sound.problems()).toBe(`disk ${sound.disk} is not there`);
});

test('a disk that should have been detached', async ({ sound }) => {
  note(sound.ledger, 'detach_disk', [sound.vm, sound.disk], null);
  expect(await sound.problems()).toBe(
    `disk ${sound.disk} is attached to VM ${sound.vm}, not to no VM`,
  );
});

test('a VM without its ephemeral disk', async ({ sound }) => {
  const properties = { disk: 1024 };
  const networks = { a: manual(address) };
  note(sound.ledger, 'create_vm', ['agent', 'stemcell', properties, networks, [], {}], sound.vm);
  note(sound.ledger, 'attach_disk', [sound.vm, sound.disk], null);
  expect(await sound.problems()).toBe(`VM ${sound.vm} has 0 ephemeral disks, not 1`);
});

test('a VM in another network, or with a NIC too many', async ({ sound }) => {
  const inNetworks = (...names: readonly string[]): void => {
    const networks = Object.fromEntries(
      names.map((name) => [name, { type: 'dynamic', cloud_properties: { name } }]),
    );
    note(sound.ledger, 'create_vm', ['agent', 'stemcell', {}, networks, [], {}], sound.vm);
    note(sound.ledger, 'attach_disk', [sound.vm, sound.disk], null);
  };
  inNetworks(sound.networkId);
  expect(await sound.problems()).toBe('');
  inNetworks('OTHER');
  expect(await sound.problems()).toBe(`VM ${sound.vm} has NICs in NET_CS, not in OTHER`);
  inNetworks('NET_CS', 'OTHER');
  expect(await sound.problems()).toBe(`VM ${sound.vm} has NICs in NET_CS, not in NET_CS, OTHER`);
  inNetworks();
  expect(await sound.problems()).toBe(`VM ${sound.vm} has NICs in NET_CS, not in `);
});

test('an affinity group that no VM asked for', async ({ sound }) => {
  const type = 'host anti-affinity';
  const id = await runJob(sound.cloud, 'createAffinityGroup', { name: 'ag-1', type });
  expect(await sound.problems()).toBe(`left over: affinity group ag-1 (${id})`);
});

test('a VM that is not behind its load balancer, or behind another', async ({ sound }) => {
  const publicipid = await runJob(sound.cloud, 'associateIpAddress', {
    networkid: sound.networkId,
    ipaddress: '203.0.113.20',
  });
  const vip = { public: { type: 'vip', ip: '203.0.113.20' } };
  const asking = (...names: readonly string[]): void => {
    const properties = { lbs: names.map((name) => ({ name })) };
    const networks = { a: manual(address), ...vip };
    note(sound.ledger, 'create_vm', ['agent', 'stemcell', properties, networks, [], {}], sound.vm);
    note(sound.ledger, 'attach_disk', [sound.vm, sound.disk], null);
  };
  const ports = { publicport: 443, privateport: 443 };
  const rule = { name: 'lb-1', algorithm: 'roundrobin', publicipid, ...ports };
  const id = await runJob(sound.cloud, 'createLoadBalancerRule', rule);
  expect(await sound.problems()).toContain(`load balancer rule lb-1 (${id})`);
  asking('lb-1');
  expect(await sound.problems()).toContain(
    `VM ${sound.vm} is behind no load balancer, not behind lb-1`,
  );
  await runJob(sound.cloud, 'assignToLoadBalancerRule', { id, virtualmachineids: sound.vm });
  expect(await sound.problems()).not.toContain('behind');
  asking();
  expect(await sound.problems()).toContain(`VM ${sound.vm} is behind lb-1, not behind none`);
});

test('a VM that is not in its affinity group', async ({ sound }) => {
  const properties = { affinity_group: 'ag-1' };
  const networks = { a: manual(address) };
  note(sound.ledger, 'create_vm', ['agent', 'stemcell', properties, networks, [], {}], sound.vm);
  note(sound.ledger, 'attach_disk', [sound.vm, sound.disk], null);
  expect(await sound.problems()).toBe(`VM ${sound.vm} is not in the affinity group ag-1`);
});

test('metadata that are no tags, or old ones', async ({ sound }) => {
  const tag = (type: string, id: string, key: string, value: string): Promise<string> =>
    runJob(sound.cloud, 'createTags', {
      resourcetype: type,
      resourceids: id,
      'tags[0].key': key,
      'tags[0].value': value,
    });
  note(sound.ledger, 'set_vm_metadata', [sound.vm, { job: 'db', index: 0 }], null);
  expect(await sound.problems()).toBe(
    `VM ${sound.vm} has no such tag where its metadata say job=db`,
  );
  await tag('UserVm', sound.vm, 'job', 'db');
  await tag('UserVm', sound.vm, 'index', '0');
  expect(await sound.problems()).toBe('');
  note(sound.ledger, 'set_vm_metadata', [sound.vm, { index: '1', job: null }], null);
  expect(await sound.problems()).toBe(`VM ${sound.vm} has index=0 where its metadata say index=1`);
  note(sound.ledger, 'set_vm_metadata', [sound.vm, { index: null }], null);
  note(sound.ledger, 'set_disk_metadata', [sound.disk, { owner: 'team' }], null);
  expect(await sound.problems()).toMatch(/^disk .* metadata say owner=team$/);
});

test('a disk that is smaller than asked for, or of another offering', async ({ sound }) => {
  note(sound.ledger, 'resize_disk', [sound.disk, 1025], null);
  expect(await sound.problems()).toBe(`disk ${sound.disk} has 1024 MiB, not 1025 MiB`);
  note(sound.ledger, 'update_disk', [sound.disk, 1024, { disk_offering: 'fast' }], null);
  expect(await sound.problems()).toBe(
    `disk ${sound.disk} is of the offering shared.custom, not fast`,
  );
  note(sound.ledger, 'update_disk', [sound.disk, 10, { disk_offering: 'shared.custom' }], null);
  expect(await sound.problems()).toBe('');
  note(sound.ledger, 'update_disk', [sound.disk, 10, {}], 'another-disk');
  expect(await sound.problems()).toBe(
    `VM ${sound.vm} has 1 ephemeral disks, not 0\ndisk another-disk is not there`,
  );
});

test('a snapshot that nobody owns, that is lost, or is of another disk', async ({ sound }) => {
  const disk = await newDisk(sound.cloud, 'disk-b');
  // Only a volume that was attached once has something to take a snapshot of.
  await runJob(sound.cloud, 'attachVolume', { id: disk, virtualmachineid: sound.vm });
  await runJob(sound.cloud, 'detachVolume', { id: disk });
  note(sound.ledger, 'create_disk', [1024, {}, sound.vm], disk);
  const snapshot = await runJob(sound.cloud, 'createSnapshot', { volumeid: disk });
  expect(await sound.problems()).toMatch(`left over: snapshot ${snapshot} (`);
  note(sound.ledger, 'snapshot_disk', [disk, { job: 'db' }], snapshot);
  expect(await sound.problems()).toBe(
    `snapshot ${snapshot} has no such tag where its metadata say job=db`,
  );
  note(sound.ledger, 'snapshot_disk', ['other', {}], snapshot);
  expect(await sound.problems()).toBe(`snapshot ${snapshot} is of volume ${disk}, not other`);
  note(sound.ledger, 'snapshot_disk', [disk, {}], snapshot);
  expect(await sound.problems()).toBe('');
  await runJob(sound.cloud, 'deleteSnapshot', { id: snapshot });
  expect(await sound.problems()).toBe(`snapshot ${snapshot} is not there`);
});

test('a network that is lost', async ({ sound }) => {
  note(sound.ledger, 'create_network', [{}], 'some-network');
  expect(await sound.problems()).toBe('network some-network is not there');
  note(sound.ledger, 'create_network', [{}], sound.networkId);
  note(sound.ledger, 'delete_network', ['some-network'], null);
  expect(await sound.problems()).toBe('');
});

test('a VM or a stemcell in another zone', async ({ sound, cloud }) => {
  const properties = { zone: 'zone2' };
  const networks = { a: manual(address) };
  note(sound.ledger, 'create_vm', ['agent', 'stemcell', properties, networks, [], {}], sound.vm);
  note(sound.ledger, 'attach_disk', [sound.vm, sound.disk], null);
  expect(await sound.problems()).toBe(`VM ${sound.vm} is in zone zone1, not in zone2`);

  const view = await readCloud(cloud.admin);
  const [stemcell] = view.templates;
  const ledger = emptyLedger();
  const context = { cloudstack: { default_zone: 'zone2' } };
  const request = { method: 'create_stemcell', arguments: ['/image', {}], context };
  recordSuccess(ledger, request, stemcell!.id);
  expect(problemsOf(checkWorld(ledger, view, view))).toEqual([
    `stemcell ${stemcell!.id} is in zone zone1, not in zone2`,
  ]);
});

test('a stemcell that is lost', async ({ sound }) => {
  note(sound.ledger, 'create_stemcell', ['/image', {}], 'some-stemcell');
  expect(await sound.problems()).toBe('stemcell some-stemcell is not there');
});
