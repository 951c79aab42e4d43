// Proves calculate_vm_cloud_properties: the smallest fixed offering that is large enough, a custom one
// only where none is, never a too small one or one that wants IOPS named; a create_vm with the result has what was asked for; and
// what nothing gives is refused with the names of what there is. Against the simulated zone.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';
import { at, startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

type Offerings = NonNullable<WorldDescriptionInput['serviceOfferings']>;
type DiskOfferings = NonNullable<WorldDescriptionInput['diskOfferings']>;

async function calculated(
  [cpu, ram, ephemeral_disk_size]: readonly [number, number, number],
  changes: Partial<WorldDescriptionInput> = {},
  options: CallOptions = {},
): Promise<unknown> {
  await using zone = await startZone({ world: { ...advancedKvm, ...changes } });
  const method = 'calculate_vm_cloud_properties';
  return await zone.result(method, [{ cpu, ram, ephemeral_disk_size }], options);
}

const fixed: Offerings = advancedKvm.serviceOfferings!.filter(({ name }) => name !== 'custom');

for (const [wanted, offering] of [
  [[1, 1, 0], 'CO1 - Small STD'],
  [[1, 1024, 0], 'CO1 - Small STD'],
  [[1, 1025, 0], 'm1.small'],
  [[2, 1024, 0], 'm1.medium'],
  [[2, 4096, 0], 'm1.medium'],
  [[3, 2048, 0], 'm1.large'],
  [[1, 8192, 0], 'm1.large'],
] as const) {
  test(`${wanted[0]} CPUs and ${wanted[1]} MiB: ${offering}`, async () => {
    expect(await calculated(wanted)).toEqual({ compute_offering: offering, disk: 0 });
  });
}

test('where no fixed offering is large enough, a custom one gives just what is asked for', async () => {
  const expected = { compute_offering: 'custom', cpu: 5, ram: 8192, disk: 0 };
  expect(await calculated([5, 8192, 0])).toEqual(expected);
  const least = { compute_offering: 'custom', cpu: 1, ram: 512, disk: 0 };
  expect(await calculated([1, 512, 0], { serviceOfferings: [{ name: 'custom' }] })).toEqual(least);
});

test('offerings with host tags are the last choice', async () => {
  const tagged = { name: 'gpu', cpuNumber: 1, cpuMhz: 1000, memoryMib: 512, hostTags: ['gpu'] };
  const serviceOfferings = [tagged, ...fixed];
  expect(await calculated([1, 512, 0], { serviceOfferings })).toMatchObject({
    compute_offering: 'CO1 - Small STD',
  });
  expect(await calculated([1, 512, 0], { serviceOfferings: [tagged] })).toMatchObject({
    compute_offering: 'gpu',
  });
});

test('local offerings serve only where the zone has local storage, and after equal shared ones', async () => {
  const local = {
    name: 'a.local',
    cpuNumber: 1,
    cpuMhz: 2000,
    memoryMib: 2048,
    storageType: 'local',
  } as const;
  const serviceOfferings: Offerings = [local, ...fixed.filter(({ name }) => name === 'm1.small')];
  expect(await calculated([1, 2048, 0], { serviceOfferings })).toMatchObject({
    compute_offering: 'm1.small',
  });
  await using zone = await startZone({ world: { ...advancedKvm, serviceOfferings: [local] } });
  const wanted = [{ cpu: 1, ram: 2048, ephemeral_disk_size: 0 }];
  expect(await zone.result('calculate_vm_cloud_properties', wanted)).toMatchObject({
    compute_offering: 'a.local',
  });
  const { zones } = zone.simulator.world;
  zones.change(zones.all()[0]!, { localStorageEnabled: false });
  expect((await zone.error('calculate_vm_cloud_properties', wanted)).message).toContain(
    'this account sees no compute offerings there',
  );
});

test('the ephemeral disk is of the configured offering, which then needs no name', async () => {
  const properties = { default_ephemeral_disk_offering: 'ephemeral' };
  expect(await calculated([1, 1024, 20_480], {}, { properties })).toEqual({
    compute_offering: 'CO1 - Small STD',
    disk: 20_480,
  });
});

test('of fixed disk offerings the smallest that is large enough, a configured one that is not is passed over', async () => {
  const diskOfferings: DiskOfferings = [
    { name: 'huge', sizeGib: 100 },
    { name: 'large', sizeGib: 40 },
    { name: 'small', sizeGib: 10 },
  ];
  const properties = { default_ephemeral_disk_offering: 'small' };
  const disk = await calculated([1, 1024, 10_241], { diskOfferings }, { properties });
  expect(disk).toMatchObject({ disk: 10_241, ephemeral_disk_offering: 'large' });
});

/** A zone in which what would be the first choice wants IOPS named. */
async function zoneWithCustomIops(): Promise<CpiZone> {
  const zone = await startZone({
    world: { ...advancedKvm, diskOfferings: [{ name: 'fixed', sizeGib: 40 }] },
  });
  const common = { displaytext: 'custom IOPS', customizediops: true };
  const small = { cpunumber: '1', cpuspeed: '1000', memory: '128' };
  zone.admin.call('createServiceOffering', { ...common, ...small, name: 'a.small.iops' });
  zone.admin.call('createServiceOffering', { ...common, name: 'a.custom.iops' });
  zone.admin.call('createDiskOffering', { ...common, name: 'a.custom.iops', customized: true });
  zone.admin.call('createDiskOffering', { ...common, name: 'a.iops', disksize: '10' });
  return zone;
}

for (const [[cpu, ram, ephemeral_disk_size], chosen] of [
  [[1, 128, 1024], { compute_offering: 'CO1 - Small STD', ephemeral_disk_offering: 'fixed' }],
  [[5, 8192, 40_960], { compute_offering: 'custom', ephemeral_disk_offering: 'fixed' }],
] as const) {
  test(`offerings that want IOPS named are passed over for ${cpu} CPUs`, async () => {
    await using zone = await zoneWithCustomIops();
    const wanted = [{ cpu, ram, ephemeral_disk_size }];
    expect(await zone.result('calculate_vm_cloud_properties', wanted)).toMatchObject(chosen);
  });
}

test('where only offerings that want IOPS named are large enough, the error says so', async () => {
  await using zone = await zoneWithCustomIops();
  const large = { cpu: 1, ram: 128, ephemeral_disk_size: 50_000 };
  const disk = await zone.error('calculate_vm_cloud_properties', [large]);
  expect(disk.message).toMatch(
    /no disk offering .*a\.custom\.iops \(custom, up to 1024 GiB, wants IOPS/,
  );
  const { serviceOfferings } = zone.simulator.world;
  for (const row of serviceOfferings.all().filter(({ name }) => !name.endsWith('.iops'))) {
    serviceOfferings.remove(row);
  }
  const small = { cpu: 1, ram: 128, ephemeral_disk_size: 0 };
  const compute = await zone.error('calculate_vm_cloud_properties', [small]);
  expect(compute.message).toMatch(
    /no compute offering .*a\.small\.iops \(1 CPUs, 128 MiB, wants IOPS/,
  );
});

test('a configured disk offering that wants IOPS named is the choice of its operator', async () => {
  await using zone = await zoneWithCustomIops();
  const wanted = [{ cpu: 1, ram: 1024, ephemeral_disk_size: 10_240 }];
  const properties = { default_ephemeral_disk_offering: 'a.iops' };
  expect(await zone.result('calculate_vm_cloud_properties', wanted, { properties })).toEqual({
    compute_offering: 'CO1 - Small STD',
    disk: 10_240,
  });
});

for (const [what, wanted] of [
  ['fixed', { cpu: 2, ram: 3000, ephemeral_disk_size: 20_000 }],
  ['custom', { cpu: 3, ram: 9000, ephemeral_disk_size: 1 }],
] as const) {
  test(`create_vm takes the result (${what}) and gives at least what was asked for`, async () => {
    await using zone = await startZone();
    const properties = (await zone.result('calculate_vm_cloud_properties', [wanted])) as object;
    const [vm] = (await zone.result('create_vm', vmArguments({ properties }))) as [string];
    const found = at(zone.user.call('listVirtualMachines', { id: vm }), 'virtualmachine', 0);
    expect(at(found, 'cpunumber')).toBeGreaterThanOrEqual(wanted.cpu);
    expect(at(found, 'memory')).toBeGreaterThanOrEqual(wanted.ram);
    const volumes = zone.user.call('listVolumes', { virtualmachineid: vm, type: 'DATADISK' });
    expect(at(volumes, 'volume', 0, 'size')).toBeGreaterThanOrEqual(
      wanted.ephemeral_disk_size * 1024 ** 2,
    );
  });
}

test('what no compute offering gives is refused with the offerings that there are', async () => {
  await using zone = await startZone({ world: { ...advancedKvm, serviceOfferings: fixed } });
  const wanted = { cpu: 64, ram: 1_000_000, ephemeral_disk_size: 0 };
  const error = await zone.error('calculate_vm_cloud_properties', [wanted]);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toContain('no compute offering in zone zone1 has 64 CPUs and 1000000 MiB');
  expect(error.message).toContain('m1.large (4 CPUs, 8192 MiB)');
});

test('a disk that no offering gives is refused with the offerings that there are', async () => {
  await using zone = await startZone();
  const wanted = { cpu: 1, ram: 1024, ephemeral_disk_size: 1024 * 1024 + 1 };
  const error = await zone.error('calculate_vm_cloud_properties', [wanted]);
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(error.message).toContain('shared.custom (custom, up to 1024 GiB)');
  expect(error.message).toContain('DO1 - Small STD (20 GiB)');
});

test('a default_zone that is not there is told with those that are', async () => {
  await using zone = await startZone();
  const wanted = [{ cpu: 1, ram: 1, ephemeral_disk_size: 1 }];
  const properties = { default_zone: 'nowhere' };
  const error = await zone.error('calculate_vm_cloud_properties', wanted, { properties });
  expect(error.message).toContain('there is no zone "nowhere"; the zones are "zone1"');
});

test('what is no description of a VM is refused', async () => {
  await using zone = await startZone();
  const good = { cpu: 1, ram: 1024, ephemeral_disk_size: 1024 };
  const wrong = [
    [],
    [good, 'more'],
    [null],
    ['m1.small'],
    [[1, 1024, 1024]],
    [{}],
    ...Object.keys(good).flatMap((key) =>
      [undefined, null, '2', 1.5, -1, true, 1e300].map((value) => [{ ...good, [key]: value }]),
    ),
    [{ ...good, cpu: 0 }],
    [{ ...good, ram: 0 }],
  ];
  for (const args of wrong) {
    const error = await zone.error('calculate_vm_cloud_properties', args);
    expect(error.type, JSON.stringify(args)).toBe('Bosh::Clouds::CpiError');
    expect(error.message).toMatch(/^calculate_vm_cloud_properties: /);
  }
});
