// Proves which pools a volume can be created on from a host: by reach, storage type, tags, state
// and room; in which order; and that a volume that exists stays where it is.
import { expect, test } from '@playwright/test';
import type { HostRow, VolumeRow } from '../../../../simulator/world/entities.js';
import { allocatedBytesOf } from '../../../../simulator/world/storage/pool-space.js';
import {
  poolsFor,
  poolsInCluster,
  poolsOfZoneFor,
} from '../../../../simulator/world/storage/storage-pools.js';
import { createOnPool } from '../../../../simulator/world/storage/volumes.js';
import type { SimulatorOptions } from '../../../../simulator/simulator.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { cluster, createdVolume, storageWorld } from '../../../support/simulator-volumes.js';

const GIB = 1024 ** 3;

type Settings = NonNullable<SimulatorOptions['settings']>;

const firstFit = { 'volume.allocation.algorithm': 'firstfit' } as const;

function twoClusters(settings: Settings = firstFit): TestWorld {
  return testSimulator({
    settings,
    world: storageWorld({
      pods: [
        {
          name: 'pod1',
          clusters: [
            cluster('cluster1', ['host1', 'host2'], {
              pools: [
                { name: 'small', sizeGib: 50 },
                { name: 'large', sizeGib: 500 },
                { name: 'quick', sizeGib: 300, tags: ['ssd', 'raid'] },
              ],
            }),
            cluster('cluster2', ['host3']),
          ],
        },
      ],
      pools: [{ name: 'everywhere', sizeGib: 5_000 }],
    }),
  });
}

function hostNamed({ simulator }: TestWorld, name: string): HostRow {
  return simulator.world.hosts.all().find((row) => row.name === name)!;
}

function volumeOf(world: TestWorld, offering: string, size = 10): VolumeRow {
  const id = createdVolume(world, world.user, { size }, offering);
  return world.simulator.world.volumes.require(id);
}

function namesFor(world: TestWorld, volume: VolumeRow, host: string): string[] {
  return poolsFor(world.simulator.world, volume, hostNamed(world, host)).map((pool) => pool.name);
}

test('shared storage: the cluster’s pools, and the zone’s where none of them suits', () => {
  const world = twoClusters();
  const volume = volumeOf(world, 'shared.custom');
  expect(namesFor(world, volume, 'host1')).toEqual(['small', 'large', 'quick']);
  expect(namesFor(world, volume, 'host3')).toEqual(['cluster2-primary']);
  const large = volumeOf(world, 'shared.custom', 1_001);
  expect(namesFor(world, large, 'host1')).toEqual(['everywhere']);
  expect(namesFor(world, large, 'host3')).toEqual(['everywhere']);
});

test('a cluster offers the local pools of all its hosts', () => {
  const world = twoClusters();
  const [first] = world.simulator.world.clusters.all();
  const pools = poolsInCluster(world.simulator.world, volumeOf(world, 'local.custom'), first!.id);
  expect(pools.map(({ name }) => name.slice(0, 11))).toEqual(['host1-local', 'host2-local']);
});

test('volume.allocation.algorithm: in the order of the database, or shuffled by the seed', () => {
  const namesWith = (algorithm: string): string[] => {
    const world = twoClusters({ 'volume.allocation.algorithm': algorithm });
    const volume = volumeOf(world, 'shared.custom');
    return Array.from({ length: 8 }, () => namesFor(world, volume, 'host1').join(' '));
  };
  for (const algorithm of ['firstfit', 'userconcentratedpod_firstfit']) {
    expect(new Set(namesWith(algorithm))).toEqual(new Set(['small large quick']));
  }
  for (const algorithm of ['random', 'userconcentratedpod_random']) {
    expect(new Set(namesWith(algorithm)).size).toBeGreaterThan(2);
    expect(namesWith(algorithm)).toEqual(namesWith(algorithm));
  }
});

test('userdispersing: where the account has the fewest volumes; firstfitleastconsumed: where the least is promised', () => {
  const world = twoClusters({ 'volume.allocation.algorithm': 'userdispersing' });
  const { world: zone } = world.simulator;
  const pool = (name: string) => zone.storagePools.all().find((row) => row.name === name)!;
  createOnPool(zone, volumeOf(world, 'shared.custom', 1), pool('small'));
  createOnPool(zone, volumeOf(world, 'shared.custom', 1), pool('small'));
  createOnPool(zone, volumeOf(world, 'shared.custom', 40), pool('large'));
  const volume = volumeOf(world, 'shared.custom', 1);
  expect(namesFor(world, volume, 'host1')).toEqual(['quick', 'large', 'small']);
  zone.settings.set('volume.allocation.algorithm', 'firstfitleastconsumed');
  expect(namesFor(world, volume, 'host1')).toEqual(['quick', 'small', 'large']);
});

test('local storage: the host’s own pool and nothing else', () => {
  const world = twoClusters();
  const [name, ...others] = namesFor(world, volumeOf(world, 'local.custom'), 'host2');
  expect(name).toMatch(/^host2-local-[0-9a-f]{8}$/);
  expect(others).toEqual([]);
});

test('a pool needs every tag of the offering, and may have more', () => {
  const world = twoClusters();
  const volume = volumeOf(world, 'fast.custom');
  expect(namesFor(world, volume, 'host1')).toEqual(['quick']);
  expect(namesFor(world, volume, 'host3')).toEqual([]);
});

test('a pool needs room, and must be up', () => {
  const world = twoClusters();
  const { storagePools } = world.simulator.world;
  const volume = volumeOf(world, 'shared.custom', 51);
  expect(namesFor(world, volume, 'host1')).toEqual(['large', 'quick']);
  const { id } = storagePools.all().find((pool) => pool.name === 'large')!;
  world.admin.done('enableStorageMaintenance', { id });
  expect(namesFor(world, volume, 'host1')).toEqual(['quick']);
  storagePools.change(
    storagePools.all().find((pool) => pool.name === 'quick')!,
    { full: true },
  );
  expect(namesFor(world, volume, 'host1')).toEqual(['everywhere']);
});

test('what lies on a pool takes of its room until it is destroyed', () => {
  const world = twoClusters();
  const { world: zone } = world.simulator;
  const small = zone.storagePools.all().find((pool) => pool.name === 'small')!;
  const [first, second] = [
    volumeOf(world, 'shared.custom', 30),
    volumeOf(world, 'shared.custom', 30),
  ];
  createOnPool(zone, first, small);
  expect(allocatedBytesOf(zone, small)).toBe(30 * GIB);
  expect(namesFor(world, second, 'host1')).not.toContain('small');
  world.user.done('destroyVolume', { id: first.id });
  expect(allocatedBytesOf(zone, small)).toBe(0);
  expect(namesFor(world, second, 'host1')).toContain('small');
});

test('before any host is known, every pool of the zone counts', () => {
  const world = twoClusters();
  const names = poolsOfZoneFor(world.simulator.world, volumeOf(world, 'shared.custom')).map(
    (pool) => pool.name,
  );
  expect(names).toEqual(['small', 'large', 'quick', 'cluster2-primary', 'everywhere']);
});
