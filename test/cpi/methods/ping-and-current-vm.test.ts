// Proves ping, which needs the cloud, the keys and the zone (and the project: owners.test.ts), and current_vm_id, which finds the VM that the CPI
// runs in by its addresses and is not implemented elsewhere; against the simulated zone.
import { expect, test } from '@playwright/test';
import { at, startZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

test('ping answers pong, and fails where the keys are wrong', async () => {
  await using zone = await startZone();
  expect(await zone.result('ping', [])).toBe('pong');
  const properties = { secret_access_key: 'not-the-secret-key' };
  const error = await zone.error('ping', [], { properties });
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(error.message).toContain('check cloudstack.api_key');
  expect((await zone.error('ping', ['more'])).type).toBe('Bosh::Clouds::CpiError');
});

test('ping fails where there is no such zone, and names those that are', async () => {
  await using zone = await startZone();
  const error = await zone.error('ping', [], { properties: { default_zone: 'zone-9' } });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toContain('there is no zone "zone-9"; the zones are "zone1"');
});

test('current_vm_id is the VM with the addresses of this machine, by its MAC address', async () => {
  await using zone = await startZone();
  // CloudStack looks for parts of addresses.
  const neighbour = { private: manualNetwork('10.203.6.40') };
  await zone.result('create_vm', vmArguments({ networks: neighbour }));
  const other = vmArguments({
    agentId: 'b0000000-0000-4000-8000-000000000002',
    networks: { private: manualNetwork('10.203.6.4') },
  });
  const [id, networks] = (await zone.result('create_vm', other)) as [string, unknown];
  const mac = at(networks, 'private', 'mac') as string;
  const networkInterfaces = [
    { ip: '172.17.0.1', mac: '00:11:22:33:44:55' },
    { ip: '10.203.6.4', mac },
  ];
  expect(await zone.result('current_vm_id', [], { networkInterfaces })).toBe(id);
});

test('outside of the VMs of the account, current_vm_id is not implemented', async () => {
  await using zone = await startZone();
  await zone.result('create_vm', vmArguments());
  for (const networkInterfaces of [[], [{ ip: '10.203.6.40', mac: '00:11:22:33:44:55' }]]) {
    const error = await zone.error('current_vm_id', [], { networkInterfaces });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::NotImplemented', ok_to_retry: false });
    expect(error.message).toContain(networkInterfaces[0]?.mac ?? '(none)');
  }
  expect((await zone.error('current_vm_id', ['more'])).type).toBe('Bosh::Clouds::CpiError');
});
