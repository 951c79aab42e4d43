import { invalidParameter } from '../../world/cloud-exception.js';

/** Throws for any SSH key pair: no account has one, because no command makes them yet. */
export function assertKeyPair(name: string | undefined): void {
  if (name !== undefined) throw invalidParameter('Not all specified keypairs exist');
}
