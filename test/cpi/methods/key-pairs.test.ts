// Proves that the SSH key pair of the configuration reaches the guest: registered when it is missing,
// by one call or by several at once, taken back with a VM that could not be made, and told where it
// cannot be registered; against the simulated zone over HTTP.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { publicHalfOf } from '../../../cpi/agent/public-key.js';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const usersMayExpunge = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };
const privateKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const publicKey = publicHalfOf(privateKey);
const withKey = { properties: { default_key_name: 'bosh', private_key: privateKey } };

function keyPairs(zone: CpiZone): unknown[] {
  return (zone.user.call('listSSHKeyPairs')['sshkeypair'] ?? []) as unknown[];
}

function numbered(number: number): unknown[] {
  return vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: { private: manualNetwork(`10.203.6.${50 + number}`) },
  });
}

function keyInGuest(zone: CpiZone, vm: string): string {
  const answer = zone.simulator.guest(vm).get('http://data-server/latest/meta-data/public-keys');
  return Buffer.from(answer?.body ?? [])
    .toString()
    .trim();
}

test('a key pair that is missing is registered, and the guest reads it from its metadata', async () => {
  await using zone = await startZone();
  const [vm] = (await zone.result('create_vm', vmArguments(), withKey)) as [string];
  const digest = createHash('md5').update(Buffer.from(publicKey.split(' ')[1]!, 'base64'));
  const fingerprint = digest.digest('hex').match(/../g)!.join(':');
  expect(keyPairs(zone)).toMatchObject([{ name: 'bosh', fingerprint }]);
  expect(keyInGuest(zone, vm)).toBe(publicKey);
});

test('one that is there is used as it is, without a look', async () => {
  await using zone = await startZone();
  const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA';
  zone.user.call('registerSSHKeyPair', { name: 'bosh', publickey: other });
  const [vm] = (await zone.result('create_vm', vmArguments(), withKey)) as [string];
  expect(keyInGuest(zone, vm)).toBe(other);
  expect(zone.diagnostics.join('\n')).not.toContain('SSHKeyPair');
});

test('calls for several VMs at once register one key pair', async () => {
  await using zone = await startZone();
  const vms = await Promise.all(
    [1, 2, 3].map((number) => zone.result('create_vm', numbered(number), withKey)),
  );
  expect(keyPairs(zone)).toMatchObject([{ name: 'bosh' }]);
  for (const vm of vms) expect(keyInGuest(zone, String(at(vm, 0)))).toBe(publicKey);
});

test('a VM that cannot be made takes the key pair back', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  await zone.error('create_vm', vmArguments(), { ...withKey, refuse: 'startVirtualMachine' });
  expect(keyPairs(zone)).toEqual([]);
  expect(zone.holdings()['vms']).toEqual([]);
});

test('one of the name that an operator makes while the answer to the registration is lost stays', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  const name = 'bosh';
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      const isRegistration =
        typeof request.body === 'string' && request.body.includes('=registerSSHKeyPair&');
      if (!isRegistration) return transport.send(request);
      zone.user.call('createSSHKeyPair', { name });
      return Promise.reject(new TransportError('reset', 'maybe', 'the connection was reset'));
    },
  });
  await zone.error('create_vm', vmArguments(), { ...withKey, through });
  expect(keyPairs(zone)).toMatchObject([{ name }]);
  expect(zone.holdings()['vms']).toEqual([]);
});

test('one with which another call has made a VM meanwhile stays, although the first VM could not be', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  let isMade = false;
  const failing = {
    ...withKey,
    refuse: 'startVirtualMachine',
    through: (transport: Transport): Transport => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        const isUndo =
          typeof request.body === 'string' && request.body.includes('=deleteSSHKeyPair&');
        if (isUndo && !isMade) {
          isMade = true;
          await zone.result('create_vm', numbered(1), withKey);
        }
        return transport.send(request);
      },
    }),
  };
  await zone.error('create_vm', numbered(2), failing);
  expect(isMade).toBe(true);
  expect(keyPairs(zone)).toMatchObject([{ name: 'bosh' }]);
});

test('one that somebody takes back meanwhile is registered again', async () => {
  await using zone = await startZone();
  let taken = 0;
  zone.onDiagnostic((line) => {
    if (!line.startsWith('cloudstack registerSSHKeyPair') || taken > 0) return;
    taken += 1;
    zone.user.call('deleteSSHKeyPair', { name: 'bosh' });
  });
  const [vm] = (await zone.result('create_vm', vmArguments(), withKey)) as [string];
  expect(taken).toBe(1);
  expect(keyInGuest(zone, vm)).toBe(publicKey);
});

test('a key_name of cloud_properties is never made of private_key', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const request = vmArguments({ properties: { key_name: 'mine' } });
  expect((await zone.error('create_vm', request, withKey)).message).toMatch(
    /no SSH key pair "mine".*correct key_name/,
  );
  expect(keyPairs(zone)).toEqual([]);
  expect(zone.holdings()).toEqual(before);
});

test('a key that has another name in the account is told', async () => {
  await using zone = await startZone();
  zone.user.call('registerSSHKeyPair', { name: 'other', publickey: publicKey });
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmArguments(), withKey);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toMatch(/under another name than "bosh".*as cloudstack\.default_key_name/);
  expect(keyPairs(zone)).toMatchObject([{ name: 'other' }]);
  expect(zone.holdings()).toEqual(before);
});

test('a private_key that is none is told, but not shown', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const properties = { default_key_name: 'bosh', private_key: 'hunter2-is-no-key' };
  const error = await zone.error('create_vm', vmArguments(), { properties });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
  expect(error.message).toMatch(/cloudstack\.private_key: it is no private key/);
  expect(zone.diagnostics.join('\n') + error.message).not.toContain('hunter2');
  expect(keyPairs(zone)).toEqual([]);
  expect(zone.holdings()).toEqual(before);
});

test('a role that may not register keys is told what it lacks', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const refused = { ...withKey, refuse: 'registerSSHKeyPair' };
  const error = await zone.error('create_vm', vmArguments(), refused);
  expect(error.message).toMatch(/registerSSHKeyPair.*must be allowed to call it/);
  expect(zone.holdings()).toEqual(before);
});
