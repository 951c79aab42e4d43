// Proves what pods look like, what the filters select, and that a resource admin sees those of its
// domain's zone alone.
import { expect, test } from '@playwright/test';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply } from '../../../support/simulator-client.js';

test('shows the management network of each pod', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const { count, pod } = clientOf('admin').call('listPods');
  expect(count).toBe(3);
  expect(pod[0]).toEqual({
    id: world.pods.all()[0]!.id,
    name: 'pod1',
    zoneid: world.zones.all()[0]!.id,
    zonename: 'zone1',
    gateway: '172.16.0.1',
    netmask: '255.255.240.0',
    ipranges: [
      { startip: '172.16.0.2', endip: '172.16.0.31', forsystemvms: '0', vlanid: 'vlan://untagged' },
    ],
    startip: ['172.16.0.2'],
    endip: ['172.16.0.31'],
    forsystemvms: ['0'],
    vlanid: ['vlan://untagged'],
    allocationstate: 'Enabled',
  });
  expect(pod[1]).toMatchObject({ gateway: '192.168.7.1', netmask: '255.255.255.0' });
  expect(pod[2]).toMatchObject({ name: 'pod3', gateway: '172.16.32.1' });
});

test('the filters select', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const [zone1, zone2] = world.zones.all();
  const names = (filter: Record<string, string>): string[] =>
    (clientOf('admin').call('listPods', filter)['pod'] ?? []).map(({ name }: Reply) => name);
  expect(names({ id: world.pods.all()[1]!.id })).toEqual(['pod2']);
  expect(names({ name: 'POD2' })).toEqual(['pod2']);
  expect(names({ name: 'pod' })).toEqual([]);
  expect(names({ zoneid: zone1!.id })).toEqual(['pod1', 'pod2']);
  expect(names({ zoneid: zone2!.id })).toEqual(['pod3']);
  expect(names({ keyword: 'od2' })).toEqual(['pod2']);
  expect(names({ allocationstate: 'enabled' })).toHaveLength(3);
  expect(names({ allocationstate: 'Disabled' })).toEqual([]);
});

test('capacities are shown to those who ask for them', () => {
  const { clientOf } = createInfrastructureWorld();
  const [pod] = clientOf('admin').call('listPods', { name: 'pod1', showcapacities: true })['pod'];
  const capacities = pod.capacity as Reply[];
  expect(capacities.find(({ name }) => name === 'CPU')).toEqual({
    type: 1,
    name: 'CPU',
    capacityused: 0,
    capacitytotal: 20_000,
    percentused: '0',
  });
  expect(capacities.find(({ name }) => name === 'PRIVATE_IP')).toMatchObject({ capacitytotal: 30 });
  expect(capacities.some(({ name }) => name === 'SECONDARY_STORAGE')).toBe(false);
});

test('a resource admin sees the pods of its own zone', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const keeper = clientOf('keeper');
  expect(keeper.call('listPods')['pod']).toHaveLength(1);
  expect(keeper.call('listPods')['pod'][0].name).toBe('pod3');
  expect(keeper.fails('listPods', { zoneid: world.zones.all()[0]!.id })).toMatchObject({
    httpStatus: 531,
    errortext: expect.stringContaining('is not allowed to access the zone 1'),
  });
});

test('a resource admin without a zone of its own is refused', () => {
  const { clientOf, world } = createInfrastructureWorld();
  world.zones.change(world.zones.all()[1]!, { domainId: null });
  expect(clientOf('keeper').fails('listPods')).toMatchObject({ httpStatus: 530 });
});

test('users and domain admins do not know the command', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const before = world.kernel.log.lastSeq;
  for (const name of ['bosh', 'chief']) {
    expect(clientOf(name).fails('listPods')).toMatchObject({
      httpStatus: 432,
      wrapper: 'errorresponse',
      errortext: expect.stringContaining('listPods'),
    });
  }
  expect(world.kernel.log.lastSeq).toBe(before);
});
