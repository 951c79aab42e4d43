// Proves that errors of create_vm tell what helps, the useful part first: what may be meant by a misspelt
// key, the problems of all objects at once, who holds an address, what makes user data too long; and that
// the log tells why a job failed; against the simulated zone.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const own = { agentId: 'b0000000-0000-4000-8000-000000000002' };

for (const [key, isMeant] of [
  ['compute_ofering', true],
  ['instance_type', true],
  ['tags', false],
] as const) {
  test(`a missing compute_offering: ${key} ${isMeant ? 'may be' : 'is not'} meant for it`, async () => {
    await using zone = await startZone({}, 'direct');
    const properties = { compute_offering: '', [key]: 'm1.small' };
    const { message } = await zone.error('create_vm', vmArguments({ properties }));
    expect(message).toContain('compute_offering is missing');
    expect(message.endsWith(`; ${key}, which is unknown, may be meant for it`)).toBe(isMeant);
  });
}

test('what is wrong with the VM, its load balancers and its networks is told at once', async () => {
  await using zone = await startZone({}, 'direct');
  const cloud = { cloud_properties: { name: 'NET_CS', bar: 1 } };
  const vip = { type: 'vip', ip: '203.0.113.15', cloud_properties: { baz: 1 } };
  const request = vmArguments({
    properties: { foo: 1, lbs: [{ name: 'web' }, { name: 'db', zzz: 1 }] },
    networks: { private: manualNetwork('10.203.6.40', cloud), public: vip },
  });
  const strict = { properties: { strict_properties: true } };
  const { message } = await zone.error('create_vm', request, strict);
  expect(message).toBe(
    'Invalid cloud_properties of the VM: foo is unknown. ' +
      'Invalid cloud_properties of load balancer 2 of the VM (lbs): zzz is unknown. ' +
      'Invalid cloud_properties of network private: bar is unknown. ' +
      'Invalid cloud_properties of network public: baz is unknown',
  );
  expect(zone.diagnostics.join('\n')).not.toContain('was ignored');
});

test('a key without effect is told of once where nothing is wrong', async () => {
  await using zone = await startZone({}, 'direct');
  await zone.result('create_vm', vmArguments({ properties: { foo: 1 } }));
  const told = zone.diagnostics.filter((line) => line.includes('foo is unknown and was ignored'));
  expect(told).toHaveLength(1);
});

test('a static address that is taken: who holds it is told first', async () => {
  await using zone = await startZone({}, 'direct');
  const [holder] = (await zone.result('create_vm', vmArguments())) as [string];
  await zone.result('set_vm_metadata', [holder, { deployment: 'd' }]);
  const { message } = await zone.error('create_vm', vmArguments(own));
  expect(message).toMatch(
    /^create_vm: Address 10\.203\.6\.40 in network NET_CS is held by VM .*What CloudStack says: CloudStack deployV/,
  );
});

test('a static address that somebody has given to a VM as a second one: who holds it is told', async () => {
  await using zone = await startZone({}, 'direct');
  const networks = { private: manualNetwork('10.203.6.41') };
  const [holder] = (await zone.result('create_vm', vmArguments({ networks }))) as [string];
  await zone.result('set_vm_metadata', [holder, { deployment: 'd' }]);
  const { virtualmachine } = zone.user.call('listVirtualMachines', { id: holder });
  const nicid = String(at(virtualmachine, 0, 'nic', 0, 'id'));
  zone.user.done('addIpToNic', { nicid, ipaddress: '10.203.6.40' });
  const error = await zone.error('create_vm', vmArguments(own));
  expect(error.message).toContain('Address 10.203.6.40 in network NET_CS is held by VM');
  expect(error.message).toContain(holder);
  expect(error.ok_to_retry).toBe(false);
});

test('user data longer than the cloud takes: the largest part and both settings are told', async () => {
  const settings = { 'vm.userdata.max.length': 1_500 };
  await using zone = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
  const env = { bosh: { blob: 'x'.repeat(2_000) } };
  const { message } = await zone.error('create_vm', vmArguments({ env }));
  expect(message).toMatch(
    /exceeded configurable max length.* largest part is env\.bosh\.blob with 2002 bytes.*vm\.userdata\.max\.length.*cloudstack\.user_data_max_length/,
  );
  expect(message).not.toContain('in cloud_properties or in the cloud');
});

test('user data that are a byte too long once the VM has its addresses are refused before there is one', async () => {
  await using zone = await startZone({}, 'direct');
  const [vm] = (await zone.result('create_vm', vmArguments(own))) as [string];
  const { vms, settings } = zone.simulator.world;
  const length = vms.require(vm).userData!.length;
  await zone.result('delete_vm', [vm]);
  settings.set('vm.userdata.max.length', length - 1);
  const { message } = await zone.error('create_vm', vmArguments(own));
  expect(message).toContain('exceeded configurable max length');
  expect(vms.all().filter(({ id }) => id !== vm)).toEqual([]);
});

test('the log tells why a job failed, and that another address is tried for parking', async () => {
  await using zone = await startZone({}, 'direct');
  const top = manualNetwork('10.203.7.253');
  const others = vmArguments({ ...own, networks: { private: top } });
  const [other] = (await zone.result('create_vm', others)) as [string];
  await zone.result('set_vm_metadata', [other, { deployment: 'd' }]);
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  await zone.result('delete_vm', [vm]);
  const told = zone.diagnostics.join('\n');
  expect(told).toMatch(/job \S+ of updateVmNicIp failed after \d+ ms: \S+/);
  expect(told).toContain('10.203.7.253: trying the next address');
});
