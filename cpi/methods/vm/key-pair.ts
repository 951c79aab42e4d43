import { fingerprintOf, publicHalfOf } from '../../agent/public-key.js';
import type { CloudStackClient } from '../../cloudstack/client.js';
import { createUndoably } from '../../cloudstack/create-undoably.js';
import { isCloudStackError, type CloudStackError } from '../../cloudstack/errors.js';
import type { SshKeyPair } from '../../cloudstack/types.js';
import { tryAgain } from '../../flow/again.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';

/** Calls for other VMs register the same key pair, and take it back, at the same time. */
const attemptsMax = 3;

/**
 * Deploys a VM with its SSH key pair. Where the account has no pair of the name
 * `cloudstack.default_key_name`, it gets one from the public half of `cloudstack.private_key`; only
 * when CloudStack has refused, so that nobody pays a look for a pair that is there.
 *
 * @throws what `deploy` throws; BoshError that names the key pair which is missing.
 */
export async function withKeyPair<T>(
  call: Call,
  saga: Saga,
  name: string | undefined,
  deploy: () => Promise<T>,
): Promise<T> {
  if (name === undefined) return deploy();
  try {
    return await tryAgain(attemptsMax, deploy, async (failure) => {
      const publicKey = isUnknownKeyPair(failure) ? publicKeyFor(call, name) : undefined;
      if (publicKey !== undefined) await register(call, saga, name, publicKey);
      return publicKey !== undefined;
    });
  } catch (failure) {
    throw isUnknownKeyPair(failure) ? unknownKeyPairError(failure, name) : failure;
  }
}

/**
 * Whether a deployment was refused because of its key pair, before anything was made. The texts of
 * UserVmManagerImpl, one of them misspelt, name no key pair.
 */
export function isUnknownKeyPair(failure: unknown): failure is CloudStackError {
  return isCloudStackError(failure) && /keypairs|keyparis|A key pair with name/.test(failure.text);
}

function publicKeyFor({ configuration }: Call, name: string): string | undefined {
  const { default_key_name: defaultName, private_key: privateKey } = configuration.cloudstack;
  if (name !== defaultName || privateKey === undefined) return undefined;
  try {
    return publicHalfOf(privateKey);
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    throw new BoshError(
      'CpiError',
      `create_vm: this account has no SSH key pair ${JSON.stringify(name)}, and none can be made of ` +
        `cloudstack.private_key: ${why}. Register one of this name, or correct that key`,
      { cause: failure },
    );
  }
}

async function register(call: Call, saga: Saga, name: string, publicKey: string): Promise<void> {
  const { client, log } = call;
  log(`registering SSH key pair ${name} with the public half of cloudstack.private_key`);
  try {
    await createUndoably(client, saga, {
      name: `register SSH key pair ${name}`,
      create: () => client.call('registerSSHKeyPair', { name, publickey: publicKey }),
      find: (undoClient) => findRegistered(undoClient, name, publicKey),
      remove: (undoClient, pair) => removeUnlessUsed(undoClient, pair, publicKey),
      hadNoEffect: (failure) => isCloudStackError(failure, 'conflict'),
    });
  } catch (failure) {
    if (!isCloudStackError(failure, 'conflict')) throw failure;
    if ((await findKeyPair(client, name)) !== undefined) return;
    throw new BoshError(
      'CloudError',
      `create_vm: the public half of cloudstack.private_key is registered in this account under ` +
        `another name than ${JSON.stringify(name)}, and CloudStack keeps a key only once: use that ` +
        'name as cloudstack.default_key_name, or delete that key pair',
      { cause: failure },
    );
  }
}

async function findKeyPair(
  client: CloudStackClient,
  name: string,
): Promise<SshKeyPair | undefined> {
  const found = await client.list('listSSHKeyPairs', { name });
  return found.find((pair) => pair.name === name);
}

/** Somebody may have made another key pair of the name, before or since. */
async function findRegistered(
  client: CloudStackClient,
  name: string,
  publicKey: string,
): Promise<SshKeyPair | undefined> {
  const pair = await findKeyPair(client, name);
  return pair?.fingerprint === fingerprintOf(publicKey) ? pair : undefined;
}

/**
 * Removes a key pair. VMs keep the keys that they were made with, but another call for a VM may
 * have found the pair registered: then it stays so, as if that call had registered it.
 */
async function removeUnlessUsed(
  client: CloudStackClient,
  { name }: SshKeyPair,
  publicKey: string,
): Promise<void> {
  await removeKeyPair(client, name, publicKey);
  const vms = await client.list('listVirtualMachines', { keyword: 'vm-' });
  const users = vms.filter(({ keypairs = '' }) => keypairs.split(',').includes(name));
  if (!users.some(isLiveVm)) return;
  try {
    await client.call('registerSSHKeyPair', { name, publickey: publicKey });
  } catch (failure) {
    if (!isCloudStackError(failure, 'conflict')) throw failure;
  }
}

/** One that is gone already is a success. */
async function removeKeyPair(
  client: CloudStackClient,
  name: string,
  publicKey: string,
): Promise<void> {
  try {
    await client.call('deleteSSHKeyPair', { name });
  } catch (failure) {
    if (!isCloudStackError(failure)) throw failure;
    if ((await findRegistered(client, name, publicKey)) !== undefined) throw failure;
  }
}

function unknownKeyPairError(failure: CloudStackError, name: string): BoshError {
  return new BoshError(
    'CloudError',
    `create_vm: this account has no SSH key pair ${JSON.stringify(name)}: register one of this ` +
      'name, or correct key_name in cloud_properties or cloudstack.default_key_name; from ' +
      'cloudstack.private_key the CPI makes the latter itself',
    { cause: failure },
  );
}
