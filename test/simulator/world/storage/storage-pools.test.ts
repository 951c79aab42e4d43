// Proves which pools a volume can be created on from a host: by reach, storage type, tags, state
// and room; in which order; and that a volume that exists stays where it is.
import { expect, test } from '@playwright/test';
import type { HostRow, VolumeRow } from '../../../../simulator/world/entities.js';
import { takenBytesOfPool } from '../../../../simulator/world/compute/occupancy.js';
import { poolsFor, poolsOfZoneFor } from '../../../../simulator/world/storage/storage-pools.js';
import { createOnPool } from '../../../../simulator/world/storage/volumes.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { cluster, createdVolume, storageWorld } from '../../../support/simulator-volumes.js';

const GIB = 1024 ** 3;

function twoClusters(): TestWorld {
  return testSimulator({
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

test('shared storage: the cluster’s pools, roomiest first, then the zone’s', () => {
  const world = twoClusters();
  const volume = volumeOf(world, 'shared.custom');
  expect(namesFor(world, volume, 'host1')).toEqual(['large', 'quick', 'small', 'everywhere']);
  expect(namesFor(world, volume, 'host3')).toEqual(['cluster2-primary', 'everywhere']);
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
  expect(namesFor(world, volume, 'host1')).toEqual(['large', 'quick', 'everywhere']);
  storagePools.change(
    storagePools.all().find((pool) => pool.name === 'large')!,
    { up: false },
  );
  expect(namesFor(world, volume, 'host1')).toEqual(['quick', 'everywhere']);
});

test('what lies on a pool takes of its room until it is expunged', () => {
  const world = twoClusters();
  const { world: zone } = world.simulator;
  const small = zone.storagePools.all().find((pool) => pool.name === 'small')!;
  const [first, second] = [
    volumeOf(world, 'shared.custom', 30),
    volumeOf(world, 'shared.custom', 30),
  ];
  createOnPool(zone, first, small);
  expect(takenBytesOfPool(zone, small)).toBe(30 * GIB);
  expect(namesFor(world, second, 'host1')).not.toContain('small');
  zone.volumes.move(first, 'DestroyRequested');
  expect(takenBytesOfPool(zone, small)).toBe(30 * GIB);
  world.user.call('deleteVolume', { id: first.id });
  expect(takenBytesOfPool(zone, small)).toBe(0);
  expect(namesFor(world, second, 'host1')).toContain('small');
});

test('a volume that exists has its own pool as its only candidate, from hosts that reach it', () => {
  const world = twoClusters();
  const { world: zone } = world.simulator;
  const volume = volumeOf(world, 'shared.custom');
  createOnPool(
    zone,
    volume,
    zone.storagePools.all().find((pool) => pool.name === 'quick')!,
  );
  expect(volume.state).toBe('Ready');
  expect(namesFor(world, volume, 'host1')).toEqual(['quick']);
  expect(namesFor(world, volume, 'host2')).toEqual(['quick']);
  expect(namesFor(world, volume, 'host3')).toEqual([]);
});

test('before any host is known, every pool of the zone counts', () => {
  const world = twoClusters();
  const names = poolsOfZoneFor(world.simulator.world, volumeOf(world, 'shared.custom')).map(
    (pool) => pool.name,
  );
  expect(names).toEqual(['cluster2-primary', 'large', 'quick', 'small', 'everywhere']);
});
