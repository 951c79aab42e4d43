// Proves that each zone shows its image store with what is stored there, and what the filters select.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const GIB = 2 ** 30;

const stores = (client: TestClient, values: Values = {}): Reply[] =>
  (client.call('listImageStores', values)['imagestore'] ?? []) as Reply[];

test('each zone has one, which shows its room and what is used of it', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const [first, second, ...others] = stores(clientOf('admin'));
  const [zone1, zone2] = world.zones.all();
  const image = world.templateZones.all().find(({ zoneId }) => zoneId === zone1!.id)!;
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown,
    zoneid: zone1!.id,
    zonename: 'zone1',
    name: 'zone1-secondary',
    url: 'nfs://zone1-secondary/export/secondary',
    protocol: 'nfs',
    providername: 'NFS',
    scope: 'ZONE',
    readonly: false,
    disksizetotal: 10_000 * GIB,
    disksizeused: image.physicalSizeBytes,
    hasannotations: false,
  });
  expect(image.physicalSizeBytes).toBeGreaterThan(0);
  expect(second).toMatchObject({ zoneid: zone2!.id, disksizetotal: 20 * GIB, disksizeused: 0 });
  expect(second!['id']).not.toBe(first!['id']);
  expect(others).toEqual([]);
});

test('filters select', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const [, second] = stores(admin);
  const both = ['zone1', 'zone2'];
  for (const [values, zones] of [
    [{ id: second!['id'] as string }, ['zone2']],
    [{ id: '1' }, ['zone1']],
    [{ zoneid: world.zones.all()[1]!.id }, ['zone2']],
    [{ name: 'ZONE1-secondary' }, ['zone1']],
    [{ name: 'zone1' }, []],
    [{ protocol: 'nfs' }, both],
    [{ protocol: 'cifs' }, []],
    [{ provider: 'NFS' }, both],
    [{ provider: 'S3' }, []],
    [{ readonly: false }, both],
    [{ readonly: true }, []],
    [{ keyword: 'zone2' }, ['zone2']],
    [{ keyword: 'nfs' }, both],
    [{ keyword: 'elsewhere' }, []],
    [{ page: 2, pagesize: 1 }, ['zone2']],
  ] as const) {
    const found = stores(admin, values).map((store) => store['zonename'] as string);
    assert.deepEqual(found, zones, JSON.stringify(values));
  }
});

test('a store that there is not is refused, and who may not see the infrastructure, too', () => {
  const { clientOf } = createInfrastructureWorld();
  const id = '11111111-2222-4333-8444-555555555555';
  const refused = clientOf('admin').fails('listImageStores', { id });
  expect(refused).toMatchObject({ httpStatus: 431 });
  expect(refused.errortext).toContain(`Invalid parameter id value=${id}`);
  expect(clientOf('bosh').fails('listImageStores')).toMatchObject({ httpStatus: 432 });
});
