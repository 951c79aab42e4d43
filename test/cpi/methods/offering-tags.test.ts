// Proves that VMs and disks get hosts and storage by tags: an offering that is named must have them,
// without a name one that has them is chosen, and calculate_vm_cloud_properties names those only that
// the configuration lets it, also under the names of the earlier releases. CloudStack puts each where
// the tags of its offering are.
import { expect, test } from '@playwright/test';
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

type Offerings = NonNullable<WorldDescriptionInput['serviceOfferings']>;
type DiskOfferings = NonNullable<WorldDescriptionInput['diskOfferings']>;

const size = { cpuNumber: 2, cpuMhz: 2_000, memoryMib: 4_096 };
const serviceOfferings: Offerings = [
  { name: 'plain', ...size },
  { name: 'gpu.large', ...size, memoryMib: 8_192, hostTags: ['gpu', 'new'], storageTags: ['ssd'] },
  { name: 'gpu.small', ...size, hostTags: ['gpu'] },
  { name: 'gpu.custom', hostTags: ['gpu'] },
];
const diskOfferings: DiskOfferings = [
  { name: 'shared.custom' },
  { name: 'ssd.small', sizeGib: 2, storageTags: ['ssd', 'fast'] },
  { name: 'ssd.large', sizeGib: 10, storageTags: ['ssd'] },
];

/** The default world, in which one host and one pool have tags. */
const [zone1] = advancedKvm.zones;
const pod = zone1!.pods[0]!;
const cluster = pod.clusters[0]!;
const world: WorldDescriptionInput = {
  ...advancedKvm,
  serviceOfferings,
  diskOfferings,
  zones: [
    {
      ...zone1!,
      pods: [
        {
          ...pod,
          clusters: [
            {
              ...cluster,
              hosts: cluster.hosts.map((host) =>
                host.name === 'host2' ? { ...host, tags: ['gpu', 'new'] } : host,
              ),
              pools: [...cluster.pools!, { name: 'fast1', sizeGib: 20_000, tags: ['ssd', 'fast'] }],
            },
          ],
        },
      ],
    },
  ],
};

function start(): Promise<CpiZone> {
  return startZone({ world }, 'direct');
}

function vmWith(properties: object): unknown[] {
  return vmArguments({ properties: { compute_offering: undefined, ...properties } });
}

async function createdVm(zone: CpiZone, properties: object): Promise<object> {
  const vm = at(await zone.result('create_vm', vmWith(properties)), 0);
  const { vms, hosts, serviceOfferings: offerings, volumes, storagePools } = zone.simulator.world;
  const row = vms.require(String(vm));
  const disks = volumes.all().filter(({ vmId }) => vmId === row.id);
  return {
    offering: offerings.require(row.serviceOfferingId).name,
    host: hosts.require(String(row.hostId)).name,
    pools: disks.map(({ poolId }) => storagePools.require(String(poolId)).name).sort(),
  };
}

for (const [properties, expected] of [
  [{ compute_offering: 'plain' }, { offering: 'plain' }],
  [
    { compute_offering: 'gpu.large', host_tags: ['gpu'], storage_tags: ['ssd'] },
    { offering: 'gpu.large', host: 'host2', pools: ['fast1'] },
  ],
  [
    { host_tags: ['gpu'], cpu: 1, ram: 4_096 },
    { offering: 'gpu.small', host: 'host2' },
  ],
  [
    { host_tags: ['gpu'], cpu: 1, ram: 4_097 },
    { offering: 'gpu.large', host: 'host2' },
  ],
  [
    { host_tags: ['gpu'], cpu: 3, ram: 4_097 },
    { offering: 'gpu.custom', host: 'host2' },
  ],
  [{ host_tags: ['new', 'gpu'], cpu: 1, ram: 1 }, { offering: 'gpu.large' }],
  [
    { storage_tags: ['ssd'], cpu: 1, ram: 1, disk: 4_096 },
    { offering: 'gpu.large', pools: ['fast1', 'fast1'] },
  ],
] as const) {
  test(`a VM with ${JSON.stringify(properties)}`, async () => {
    await using zone = await start();
    expect(await createdVm(zone, properties)).toMatchObject(expected);
  });
}

for (const [properties, message] of [
  [
    {},
    /compute_offering is missing: .* or set host_tags or storage_tags together with cpu and ram/,
  ],
  [{ host_tags: ['gpu'] }, /compute_offering is missing/],
  [{ host_tags: ['gpu'], cpu: 1 }, /compute_offering is missing/],
  [{ host_tags: [], cpu: 1, ram: 1 }, /compute_offering is missing/],
  [
    { compute_offering: 'plain', host_tags: ['gpu'], storage_tags: ['ssd'] },
    /offering plain has not the host tags gpu and storage tags ssd: name another/,
  ],
  [
    { host_tags: ['tpu'], cpu: 1, ram: 1 },
    /create_vm: no compute offering in zone zone1 has 1 CPUs and 1 MiB .* and the tags that are wanted \(host_tags, storage_tags\); .*gpu\.small \(2 CPUs, 4096 MiB, host tags gpu\)/,
  ],
  [
    {
      compute_offering: 'gpu.large',
      disk: 1_024,
      ephemeral_disk_offering: 'shared.custom',
      storage_tags: ['ssd'],
    },
    /create_vm: the disk offering shared\.custom has not the storage tags ssd/,
  ],
] as const) {
  test(`no VM is made of ${JSON.stringify(properties)}`, async () => {
    await using zone = await start();
    const error = await zone.error('create_vm', vmWith(properties));
    expect(error.message).toMatch(message);
    expect(zone.simulator.world.vms.all()).toEqual([]);
  });
}

async function createdDisk(
  zone: CpiZone,
  properties: object,
  options: CallOptions = {},
): Promise<string> {
  const disk = await zone.result('create_disk', [2_000, properties, null], options);
  const { volumes, diskOfferings: offerings } = zone.simulator.world;
  return offerings.require(String(volumes.require(String(disk)).diskOfferingId)).name;
}

test('a disk is of the offering with the tags that is large enough, before the configured one', async () => {
  await using zone = await start();
  const configured = { properties: { default_disk_offering: 'shared.custom' } };
  expect(await createdDisk(zone, { storage_tags: ['ssd'] }, configured)).toBe('ssd.small');
  expect(await createdDisk(zone, {}, configured)).toBe('shared.custom');
  expect(await createdDisk(zone, { disk_offering: 'ssd.large', storage_tags: ['ssd'] })).toBe(
    'ssd.large',
  );
  const disk = await zone.result('create_disk', [3_000, { storage_tags: ['ssd'] }, null]);
  const { volumes } = zone.simulator.world;
  expect(volumes.require(String(disk)).sizeBytes).toBe(10 * 1024 ** 3);
});

for (const [properties, message] of [
  [
    { storage_tags: ['tape'] },
    /no disk offering with the storage tags tape gives a disk of 2000 MiB; .*ssd\.small \(tags ssd,fast\)/,
  ],
  [
    { disk_offering: 'ssd.large', storage_tags: ['ssd', 'fast'] },
    /ssd\.large has not the storage tags fast/,
  ],
] as const) {
  test(`no disk is made of ${JSON.stringify(properties)}`, async () => {
    await using zone = await start();
    const error = await zone.error('create_disk', [2_000, properties, null]);
    expect(error.message).toMatch(message);
    expect(zone.simulator.world.volumes.all()).toEqual([]);
  });
}

test('a disk whose offering has the tags keeps it, another one gets one that has them', async () => {
  await using zone = await start();
  const { volumes, diskOfferings: offerings } = zone.simulator.world;
  const updated = async (properties: object): Promise<string> => {
    const disk = String(await zone.result('create_disk', [2_000, properties, null]));
    await zone.result('update_disk', [disk, 2_000, { storage_tags: ['ssd'] }]);
    return offerings.require(String(volumes.require(disk).diskOfferingId)).name;
  };
  expect(await updated({ disk_offering: 'ssd.large' })).toBe('ssd.large');
  expect(await updated({ disk_offering: 'shared.custom' })).toBe('ssd.small');
});

for (const [calculate, expected] of [
  [{}, { compute_offering: 'plain', ephemeral_disk_offering: 'shared.custom' }],
  [{ compute_tags: ['gpu'] }, { compute_offering: 'gpu.small' }],
  [{ compute_tags: ['ssd', 'none'] }, { compute_offering: 'gpu.large' }],
  [{ compute_tags: ['gpu'], not_compute_tags: ['new'] }, { compute_offering: 'gpu.small' }],
  [{ not_compute_tags: ['gpu'] }, { compute_offering: 'plain' }],
  [{ disk_tags: ['ssd'] }, { ephemeral_disk_offering: 'ssd.small' }],
  [{ disk_tags: ['ssd'], not_disk_tags: ['fast'] }, { ephemeral_disk_offering: 'ssd.large' }],
] as const) {
  test(`calculate_vm_cloud_properties with calculate ${JSON.stringify(calculate)}`, async () => {
    await using zone = await start();
    const wanted = [{ cpu: 2, ram: 4_096, ephemeral_disk_size: 2_048 }];
    const options = { properties: { calculate } };
    const method = 'calculate_vm_cloud_properties';
    expect(await zone.result(method, wanted, options)).toMatchObject(expected);
  });
}

test('tags that nothing has are told with what there is', async () => {
  await using zone = await start();
  const properties = { cpi: { calculate_vm_cloud_properties: { compute: { tags: 'tpu' } } } };
  const wanted = [{ cpu: 2, ram: 4_096, ephemeral_disk_size: 0 }];
  const method = 'calculate_vm_cloud_properties';
  const { message } = await zone.error(method, wanted, { properties });
  expect(message).toMatch(
    /and the tags that are wanted \(cloudstack\.calculate\.compute_tags, not_compute_tags\); .*plain \(2 CPUs, 4096 MiB\)/,
  );
});

test('disk tags that nothing has are told with their property', async () => {
  await using zone = await start();
  const wanted = [{ cpu: 2, ram: 4_096, ephemeral_disk_size: 1_024 }];
  const properties = { calculate: { disk_tags: ['tpu'] } };
  const { message } = await zone.error('calculate_vm_cloud_properties', wanted, { properties });
  expect(message).toMatch(/of 1024 MiB and has the tags .*\(cloudstack\.calculate\.disk_tags/);
});

test('a list of tags that is none is refused', async () => {
  await using zone = await start();
  const properties = { calculate: { compute_tags: 'gpu' } };
  const { message } = await zone.error('ping', [], { properties });
  expect(message).toContain('cloudstack.calculate must be an object of lists of strings');
});
