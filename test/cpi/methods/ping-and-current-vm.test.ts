// Proves ping, which needs the cloud and the keys, and current_vm_id, which finds the VM that the CPI
// runs in by its MAC address and is not implemented elsewhere; against the simulated zone.
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

test('current_vm_id is the VM with a MAC address of this machine, in whatever case', async () => {
  await using zone = await startZone();
  await zone.result('create_vm', vmArguments());
  const other = vmArguments({
    agentId: 'b0000000-0000-4000-8000-000000000002',
    networks: { private: manualNetwork('10.203.6.41') },
  });
  const [id, networks] = (await zone.result('create_vm', other)) as [string, unknown];
  const mac = at(networks, 'private', 'mac') as string;
  const macAddresses = ['00:11:22:33:44:55', mac.toLowerCase()];
  expect(await zone.result('current_vm_id', [], { macAddresses })).toBe(id);
});

test('outside of the VMs of the account, current_vm_id is not implemented', async () => {
  await using zone = await startZone();
  await zone.result('create_vm', vmArguments());
  for (const macAddresses of [[], ['00:11:22:33:44:55']]) {
    const error = await zone.error('current_vm_id', [], { macAddresses });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::NotImplemented', ok_to_retry: false });
    expect(error.message).toContain(macAddresses[0] ?? '(none)');
  }
  expect((await zone.error('current_vm_id', ['more'])).type).toBe('Bosh::Clouds::CpiError');
});
