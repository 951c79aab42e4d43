import { serverApiError } from '../world/cloud-exception.js';
import type { Caller } from '../declare/caller.js';
import type { AnyCommand } from '../declare/command.js';
import { parseZonedDate } from '../declare/dates.js';
import type { UserRow } from '../world/entities.js';
import { mayUseKeys } from '../world/identity/api-key-access.js';
import { mayCall } from '../world/identity/roles.js';
import type { World } from '../world/world.js';
import { parameterNamed } from './request-parameters.js';
import { sameSignature, signatureOf, textToSign } from './signature.js';

/** All reasons for a 401 have the same text, so that nobody learns which part was wrong. */
export const CREDENTIALS_TEXT = 'unable to verify user credentials and/or request signature';

/** The sender of a request is not who it says, or may not call at all: 401. */
export class BadCredentials extends Error {
  constructor() {
    super(CREDENTIALS_TEXT);
    this.name = 'BadCredentials';
  }
}

/**
 * The caller of a signed request, checked in CloudStack's order (ApiServer.verifyRequest): the
 * role comes before the signature, so a wrong signature can still learn what a role lacks.
 */
export function authenticate(
  world: World,
  command: AnyCommand,
  parameters: ReadonlyMap<string, string>,
  hostNowMs: number,
): Caller {
  const signature = parameterNamed(parameters, 'signature');
  const apiKey = parameterNamed(parameters, 'apiKey');
  if (signature === undefined || apiKey === undefined) throw new BadCredentials();
  assertNotExpired(parameters, hostNowMs);
  const caller = callerWithKey(world, apiKey);
  if (caller === undefined) throw new BadCredentials();
  if (!mayUseKeys(world, caller.user, caller.account)) throw new BadCredentials();
  assertRoleMayCall(world, caller, command);
  if (caller.user.secretKey === null) throw new BadCredentials();
  const expected = signatureOf(textToSign(parameters), caller.user.secretKey);
  if (!sameSignature(expected, signature)) throw new BadCredentials();
  return caller;
}

/** The caller that a user is. */
export function callerOf(world: World, user: UserRow): Caller {
  const account = world.accounts.require(user.accountId);
  if (account.type === 'Project') throw new Error(`user ${user.id} belongs to a project's account`);
  return { user, account, role: account.type };
}

function callerWithKey(world: World, apiKey: string): Caller | undefined {
  const user = world.users.where('apiKey', apiKey)[0];
  if (user === undefined) return undefined;
  const caller = callerOf(world, user);
  const isEnabled = user.state === 'enabled' && caller.account.state === 'enabled';
  return isEnabled ? caller : undefined;
}

function assertNotExpired(parameters: ReadonlyMap<string, string>, hostNowMs: number): void {
  if (parameterNamed(parameters, 'signatureVersion') !== '3') return;
  const expires = parseZonedDate(parameterNamed(parameters, 'expires') ?? '');
  if (expires === undefined || expires < hostNowMs) throw new BadCredentials();
}

function assertRoleMayCall(world: World, caller: Caller, command: AnyCommand): void {
  if (mayCall(world, caller.account, command)) return;
  throw serverApiError(
    432,
    `The API [${command.name}] does not exist or is not available for the account ${caller.account.name}.`,
  );
}
