import { generateKeyPairSync } from 'node:crypto';
import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import { cloudRefusal } from '../errors/refusal.js';

/** Keys with which people get into VMs. */
export const keyPairCases = [
  contractCase(
    {
      id: 'VM-22',
      title: 'Unknown key pair',
      proves: 'A key pair that the account does not have is an error that names it.',
    },
    async ({ cpi, ownership, vmArguments }) => {
      for (const [properties, context] of [
        [{ key_name: 'none-such' }, {}],
        [{}, { default_key_name: 'none-such' }],
      ] as const) {
        const own = { ...properties };
        const args = await vmArguments({ properties: own });
        const { message, okToRetry } = await cpi.error('create_vm', args, { context });
        expect(message).toContain('"none-such"');
        expect(okToRetry).toBe(false);
      }
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'VM-56',
      title: 'Key pair of a private key',
      proves:
        'A configured key pair that the account does not have is made of the configured private key, ' +
        'and taken back with a VM that cannot be made.',
    },
    async ({ cpi, cloud, door, ownership, newId, vmArguments }) => {
      const name = `contract-${newId()}`;
      const { privateKey } = generateKeyPairSync('ed25519');
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const context = { default_key_name: name, private_key: pem };
      door.intercept(({ command }) =>
        command === 'startVirtualMachine' ? cloudRefusal(command, 'not now', 530) : undefined,
      );
      const { message } = await cpi.error('create_vm', await vmArguments(), { context });
      expect(message).toContain('not now');
      expect(await ownership.changes()).toEqual([]);

      door.intercept(() => undefined);
      const vm = await cpi.cid('create_vm', await vmArguments(), { context });
      try {
        expect(await cloud.vm(vm)).toMatchObject({ keypairs: name });
      } finally {
        await cloud.call('deleteSSHKeyPair', { name });
      }
    },
  ),
];
