// Proves which size, root disk and SSH keys a VM gets by its cloud_properties and compute offering, and
// that what the offering fixes is told rather than passed over; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

const constraints = { minCpuNumber: 2, maxCpuNumber: 4, minMemoryMib: 1_024, maxMemoryMib: 4_096 };
const offerings = {
  ...advancedKvm,
  serviceOfferings: [
    ...advancedKvm.serviceOfferings!,
    { name: 'constrained', cpuMhz: 1_500, constraints },
    { name: 'rooted', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 1_024, rootDiskSizeGib: 30 },
  ],
};
const GIB = 1024 ** 3;

async function created(zone: CpiZone, properties: object, config: object = {}): Promise<unknown> {
  const args = vmArguments({ properties });
  const [id] = (await zone.result('create_vm', args, { properties: config })) as [string];
  return at(zone.user.call('listVirtualMachines', { id }), 'virtualmachine', 0);
}

async function refused(zone: CpiZone, properties: object): Promise<string> {
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmArguments({ properties }));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(zone.holdings()).toEqual(before);
  return error.message;
}

function rootSize(zone: CpiZone): unknown {
  return at(zone.user.call('listVolumes', { type: 'ROOT' }), 'volume', 0, 'size');
}

test('a custom offering: CPUs, memory, and a speed if it fixes none', async () => {
  await using zone = await startZone({ world: offerings });
  const vm = { cpu: 3, ram: 2_048, cpu_speed: 1_200 };
  expect(await created(zone, { compute_offering: 'custom', ...vm })).toMatchObject({
    cpunumber: 3,
    memory: 2_048,
    cpuspeed: 1_200,
  });
});

for (const [property, value, isTold] of [
  ['cpu', 3, true],
  ['ram', 2_048, true],
  ['cpu_speed', 1_200, true],
  ['affinity_group', 'apart', false],
] as const) {
  test(`a fixed offering: ${property} is ${isTold ? 'told to have no effect' : 'none of its business'}`, async () => {
    await using zone = await startZone({ world: offerings });
    const properties = { compute_offering: 'm1.small', [property]: value };
    const plain = offerings.serviceOfferings.find(({ name }) => name === 'm1.small');
    expect(await created(zone, properties)).toMatchObject({
      cpunumber: plain!.cpuNumber,
      memory: plain!.memoryMib,
      cpuspeed: plain!.cpuMhz,
    });
    const warning = 'm1.small is not custom: cpu, ram and cpu_speed have no effect';
    expect(zone.diagnostics.some((line) => line.includes(warning))).toBe(isTold);
  });
}

test('a constrained offering: its own speed, and a warning about another one', async () => {
  await using zone = await startZone({ world: offerings });
  const properties = { compute_offering: 'constrained', cpu: 4, ram: 4_096, cpu_speed: 3_000 };
  expect(await created(zone, properties)).toMatchObject({
    cpunumber: 4,
    memory: 4_096,
    cpuspeed: 1_500,
  });
  expect(zone.diagnostics.join('\n')).toContain('constrained fixes the CPU speed at 1500 MHz');
});

test('a constrained offering without a choice, or with a wrong one, tells its ranges', async () => {
  await using zone = await startZone({ world: offerings });
  expect(await refused(zone, { compute_offering: 'constrained', cpu: 2 })).toContain(
    'the compute offering constrained is custom (2 to 4 CPUs, 1024 to 4096 MiB): set cpu and ram',
  );
  for (const [cpu, ram] of [
    [8, 2_048],
    [1, 2_048],
    [2, 512],
    [2, 8_192],
  ] as const) {
    expect(await refused(zone, { compute_offering: 'constrained', cpu, ram })).toContain(
      `is custom (2 to 4 CPUs, 1024 to 4096 MiB): cpu ${cpu} with ram ${ram} is not within that`,
    );
  }
});

test('the root disk is as large as asked for, in whole GiB', async () => {
  await using zone = await startZone({ world: offerings });
  await created(zone, { root_disk_size: 20 * 1024 + 1 });
  expect(rootSize(zone)).toBe(21 * GIB);
});

test('a root disk that the offering fixes is told', async () => {
  await using zone = await startZone({ world: offerings });
  await created(zone, { compute_offering: 'rooted', root_disk_size: 10_240 });
  expect(rootSize(zone)).toBe(30 * GIB);
  expect(zone.diagnostics.join('\n')).toContain('rooted fixes the root disk at 30 GiB');
});

test('a root disk that the stemcell does not fit on is refused', async () => {
  await using zone = await startZone({ world: offerings });
  expect(await refused(zone, { root_disk_size: 1_024 })).toContain(
    'is 1024 MiB, smaller than the ',
  );
});

test('key_name wins over default_key_name; without both a VM has no keys', async () => {
  await using zone = await startZone();
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI';
  zone.user.call('registerSSHKeyPair', { name: 'mine', publickey: `${key}A` });
  zone.user.call('registerSSHKeyPair', { name: 'all', publickey: `${key}B` });
  const config = { default_key_name: 'all' };
  const deleteAll = async (vm: unknown): Promise<unknown> => {
    await zone.result('delete_vm', [at(vm, 'id')]);
    return at(vm, 'keypairs');
  };
  expect(await deleteAll(await created(zone, { key_name: 'mine' }, config))).toBe('mine');
  expect(await deleteAll(await created(zone, {}, config))).toBe('all');
  expect(await deleteAll(await created(zone, {}))).toBeUndefined();
});

test('a key_name that the account has not is named', async () => {
  await using zone = await startZone();
  expect(await refused(zone, { key_name: 'nobody' })).toMatch(
    /no SSH key pair "nobody".*correct key_name/,
  );
});
