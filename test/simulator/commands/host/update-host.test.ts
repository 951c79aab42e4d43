// Proves that a host is renamed, tagged, disabled and enabled, with effect on where VMs start, and
// what is refused.
import { expect, test } from '@playwright/test';
import { hostText } from '../../../../simulator/world/compute/hosts.js';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';

test('renames and tags a host', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const { id } = world.hosts.all()[0]!;
  expect(admin.call('updateHost', { id, name: 'first', hosttags: 'a,b,a' })['host']).toMatchObject({
    id,
    name: 'first',
    hosttags: 'a,b',
  });
  expect(admin.call('updateHost', { id, name: ' ' })['host']).toMatchObject({ name: 'first' });
});

test('disables and enables it', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const host = world.hosts.all()[0]!;
  const stateAfter = (allocationstate: string): string =>
    admin.call('updateHost', { id: host.id, allocationstate })['host']['resourcestate'] as string;
  expect(stateAfter('Enable')).toBe('Enabled');
  expect(stateAfter('Disable')).toBe('Disabled');
  expect(stateAfter('Disable')).toBe('Disabled');
  expect(stateAfter('Enable')).toBe('Enabled');
});

test('another state, and one that cannot be left so', () => {
  const { clientOf, world, simulator } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const host = world.hosts.all()[0]!;
  const refused = (allocationstate: string): unknown =>
    admin.fails('updateHost', { id: host.id, allocationstate });
  const beginning = `Failed to update host: ${hostText(host)} with id ${String(host.internalId)}, `;
  expect(refused('Enabled')).toMatchObject({
    httpStatus: 530,
    errortext: `${beginning}Invalid allocation state: Enabled, only Enable/Disable are allowed`,
  });
  admin.done('prepareHostForMaintenance', { id: host.id });
  simulator.kernel.advanceBy(60_000);
  expect(refused('Disable')).toMatchObject({
    errortext:
      `${beginning}No next resource state found for current state = Maintenance ` +
      'event = Disable',
  });
  expect(host.state).toBe('Maintenance');
});
