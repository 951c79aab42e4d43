import { CloudRequestError, type CloudClient } from '../cloud/client.js';
import type { JsonObject } from '../json.js';
import type { CloudConfig } from './cloud-config.js';

interface Room {
  /** The field of an account that tells how many more it may have. */
  readonly field: string;
  readonly what: string;
  /** How many the cases have at once. */
  readonly least: number;
  readonly isNeeded?: (config: CloudConfig) => boolean;
}

const rooms: readonly Room[] = [
  { field: 'vmavailable', what: 'VMs', least: 5 },
  { field: 'volumeavailable', what: 'volumes', least: 12 },
  {
    field: 'snapshotavailable',
    what: 'snapshots',
    least: 2,
    isNeeded: ({ snapshots }) => snapshots,
  },
  { field: 'templateavailable', what: 'templates', least: 2, isNeeded: ({ uploads }) => uploads },
  {
    field: 'ipavailable',
    what: 'public addresses',
    least: 2,
    isNeeded: ({ vips }) => vips !== undefined,
  },
  {
    field: 'networkavailable',
    what: 'networks',
    least: 2,
    isNeeded: ({ network_offering: offering }) => offering !== undefined,
  },
];

/**
 * Where the limits of the account leave no room for the cases; nothing if it may not ask for them, or
 * sees several accounts.
 */
export async function roomProblems(client: CloudClient, config: CloudConfig): Promise<string[]> {
  const accounts = await client.list('listAccounts', 'account').catch((failure: unknown) => {
    if (failure instanceof CloudRequestError) return [];
    throw failure;
  });
  const [account] = accounts;
  if (account === undefined || accounts.length > 1) return [];
  return rooms
    .filter(({ isNeeded }) => isNeeded?.(config) ?? true)
    .flatMap((room) => problemOf(room, account));
}

/** `Unlimited`, which is no number, is enough. */
function problemOf({ field, what, least }: Room, account: JsonObject): string[] {
  const left = Number(account[field]);
  if (!(left < least)) return [];
  return [
    `the account may have ${left} more ${what}, and the cases need ${least} at once: delete some ` +
      'of those that it has, or have its limit raised',
  ];
}
