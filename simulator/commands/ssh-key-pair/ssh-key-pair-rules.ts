import { sameName } from '../../declare/list-parameters.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { SshKeyPairRow } from '../../world/entities.js';
import { KEY_PAIR_NAMES_DETAIL, PUBLIC_KEY_DETAIL } from '../../world/identity/ssh-keys.js';
import { isBefore } from '../../world/settings/release.js';
import type { World } from '../../world/world.js';

/** The key pair of an account with this name; the database compares without regard to case. */
export function sshKeyPairNamed(
  world: World,
  accountId: string,
  name: string,
): SshKeyPairRow | undefined {
  return world.sshKeyPairs.where('accountId', accountId).find((pair) => sameName(pair.name, name));
}

/** The names in `keypair` and `keypairs` (DeployVMCmd.getSSHKeyPairNames). */
export function keyPairNames(args: {
  readonly keypair?: string | undefined;
  readonly keypairs?: readonly string[] | undefined;
}): string[] {
  const { keypair = '', keypairs = [] } = args;
  return keypair === '' ? [...keypairs] : [...keypairs, keypair];
}

/**
 * The details that give a VM its keys. Throws unless the account has every pair; one that is named
 * twice counts as missing, because it is found once (UserVmManagerImpl.createVirtualMachine).
 */
export function keyPairDetails(
  world: World,
  accountId: string,
  names: readonly string[],
): Readonly<Record<string, string>> {
  if (names.length === 0) return {};
  const pairs = world.sshKeyPairs
    .where('accountId', accountId)
    .filter((pair) => names.some((name) => sameName(name, pair.name)));
  if (pairs.length !== names.length) {
    const word = isBefore(world, '4.20') ? 'keyparis' : 'keypairs';
    throw invalidParameter(`Not all specified ${word} exist`);
  }
  return {
    [PUBLIC_KEY_DETAIL]: pairs.map(({ publicKey }) => publicKey).join('\n'),
    [KEY_PAIR_NAMES_DETAIL]: names.join(','),
  };
}
