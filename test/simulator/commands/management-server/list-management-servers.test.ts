// Proves that root admins see the management server, by which the pending jobs go, and since when it
// runs; that its filters take it away; and that others do not see it.
import { expect, test } from '@playwright/test';
import { createIdentityWorld } from '../../../support/identity-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const listed = (client: TestClient, values: Values = {}): Reply[] =>
  (client.call('listManagementServers', values)['managementserver'] ?? []) as Reply[];

test('shows the one management server', () => {
  const { clientOf, world } = createIdentityWorld();
  const { id, name, serviceIp } = world.managementServers.all()[0]!;
  expect(listed(clientOf('admin'))).toEqual([
    {
      id,
      name,
      state: 'Up',
      version: '4.20.2.0',
      lastserverstart: '2026-01-01T00:00:00+0000',
      serviceip: serviceIp,
    },
  ]);
});

test('a restart tells when', () => {
  const { clientOf, simulator } = createIdentityWorld();
  simulator.kernel.advanceBy(60_000);
  simulator.setFaults([
    {
      when: { command: 'listZones', phase: 'after-reply', nth: 1 },
      then: { effect: 'management-server-restart' },
    },
  ]);
  clientOf('admin').call('listZones');
  expect(listed(clientOf('admin'))).toMatchObject([
    {
      lastserverstart: '2026-01-01T00:01:00+0000',
      lastserverstop: '2026-01-01T00:01:00+0000',
    },
  ]);
});

test('filters: the id, and the whole name', () => {
  const { clientOf, world } = createIdentityWorld();
  const { id, name } = world.managementServers.all()[0]!;
  const admin = clientOf('admin');
  for (const values of [{ id }, { name }, { name: name.toUpperCase() }]) {
    expect(listed(admin, values)).toHaveLength(1);
  }
  expect(listed(admin, { name: name.slice(1) })).toEqual([]);
  expect(admin.fails('listManagementServers', { id: world.zones.all()[0]!.id })).toMatchObject({
    httpStatus: 431,
  });
});

test('is for root admins only', () => {
  const { clientOf } = createIdentityWorld();
  for (const name of ['bosh', 'chief', 'keeper']) {
    expect(clientOf(name).fails('listManagementServers').httpStatus).toBe(432);
  }
});
