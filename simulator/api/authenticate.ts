import { serverApiError, type CloudException } from '../world/cloud-exception.js';
import type { Caller } from '../declare/caller.js';
import type { AnyCommand } from '../declare/command.js';
import type { UserRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { parameterNamed } from './request-parameters.js';
import { parseExpires, sameSignature, signatureOf, textToSign } from './signature.js';

/** All reasons for a 401 have the same text, so that nobody learns which part was wrong. */
export const CREDENTIALS_TEXT = 'unable to verify user credentials and/or request signature';

/** Why a request gets no further, and whether under the command's wrapper or the general one. */
export class Refusal extends Error {
  readonly error: CloudException | 'credentials';
  readonly wrapper: 'command' | 'errorresponse';

  constructor(error: CloudException | 'credentials', wrapper: 'command' | 'errorresponse') {
    super(error === 'credentials' ? CREDENTIALS_TEXT : error.message);
    this.name = 'Refusal';
    this.error = error;
    this.wrapper = wrapper;
  }
}

/**
 * The caller of a signed request, checked in CloudStack's order (ApiServer.verifyRequest): the
 * role comes before the signature, so a wrong signature can still learn what a role lacks.
 */
export function authenticate(
  world: World,
  command: AnyCommand | undefined,
  parameters: ReadonlyMap<string, string>,
  hostNowMs: number,
): Caller {
  if (command === undefined) throw new Refusal('credentials', 'errorresponse');
  const signature = parameterNamed(parameters, 'signature');
  const apiKey = parameterNamed(parameters, 'apiKey');
  if (signature === undefined || apiKey === undefined) throw refused();
  assertNotExpired(parameters, hostNowMs);
  const caller = callerWithKey(world, apiKey);
  if (caller === undefined) throw refused();
  assertRoleMayCall(caller, command);
  const expected = signatureOf(textToSign(parameters), caller.user.secretKey);
  if (!sameSignature(expected, signature)) throw refused();
  return caller;
}

/** The caller that a user is. */
export function callerOf(world: World, user: UserRow): Caller {
  const account = world.accounts.require(user.accountId);
  return { user, account, role: account.role };
}

function callerWithKey(world: World, apiKey: string): Caller | undefined {
  const user = world.users.where('apiKey', apiKey)[0];
  if (user === undefined) return undefined;
  const caller = callerOf(world, user);
  return user.enabled && caller.account.enabled ? caller : undefined;
}

function assertNotExpired(parameters: ReadonlyMap<string, string>, hostNowMs: number): void {
  if (parameterNamed(parameters, 'signatureVersion') !== '3') return;
  const expires = parseExpires(parameterNamed(parameters, 'expires') ?? '');
  if (expires === undefined || expires < hostNowMs) throw refused();
}

function assertRoleMayCall(caller: Caller, command: AnyCommand): void {
  if (command.roles.includes(caller.role)) return;
  throw new Refusal(
    serverApiError(
      432,
      `The API [${command.name}] does not exist or is not available for the account ${caller.account.name}.`,
    ),
    'errorresponse',
  );
}

function refused(): Refusal {
  return new Refusal('credentials', 'command');
}
