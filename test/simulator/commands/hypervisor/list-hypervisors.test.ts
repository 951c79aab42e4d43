// Proves listHypervisors: those that the clusters of a zone run, once each, and without a zone those
// that the setting names.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { testSimulator } from '../../../support/simulator-client.js';

const GONE = '00000000-0000-4000-8000-000000000000';

test('of a zone: what its clusters run', () => {
  const { user, simulator } = testSimulator();
  const { zones, clusters } = simulator.world;
  const zone = zones.all()[0]!;
  const one = { count: 1, hypervisor: [{ name: 'KVM' }] };
  expect(user.call('listHypervisors', { zoneid: zone.id })).toEqual(one);
  const { podId } = clusters.all()[0]!;
  for (const hypervisor of ['XenServer', 'KVM'] as const) {
    clusters.insert({ name: hypervisor, zoneId: zone.id, podId, hypervisor });
  }
  expect(user.call('listHypervisors', { zoneid: zone.id })).toEqual({
    count: 2,
    hypervisor: [{ name: 'KVM' }, { name: 'XenServer' }],
  });
});

test('without a zone: the setting', () => {
  const settings = { 'hypervisor.list': 'VMware,KVM' };
  const { user } = testSimulator({ world: { ...advancedKvm, settings } });
  expect(user.call('listHypervisors')).toEqual({
    count: 2,
    hypervisor: [{ name: 'VMware' }, { name: 'KVM' }],
  });
  expect(testSimulator().user.call('listHypervisors')['count']).toBe(8);
});

test('an unknown zone is refused', () => {
  const { user } = testSimulator();
  expect(user.fails('listHypervisors', { zoneid: GONE }).errortext).toContain(
    `Invalid parameter zoneid value=${GONE}`,
  );
});
