import { createHash } from 'node:crypto';
import type { UserRow } from '../entities.js';

/** What is kept of a password; it only has to be told from others again. */
export function passwordDigest(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

export function hasPassword({ passwordDigest: kept }: UserRow, password: string): boolean {
  return kept === passwordDigest(password);
}
