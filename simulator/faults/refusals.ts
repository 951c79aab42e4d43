import { isRootAdmin, type Caller } from '../declare/caller.js';
import { CloudException, serverApiError, type Exception } from '../world/cloud-exception.js';
import type { RefusalEffect } from '../world/entities.js';
import { accountLimitReached } from '../world/identity/resource-limits.js';
import type { World } from '../world/world.js';
import type { EffectNamed } from './effect.js';

/** What an effect has the API refuse a known caller with; undefined if it spares the caller. */
export function refusalOf(
  world: World,
  effect: Exclude<RefusalEffect, { effect: 'unauthorized' }>,
  caller: Caller,
): CloudException | undefined {
  switch (effect.effect) {
    case 'throttled':
      // Root admins are exempt (ApiRateLimitServiceImpl.checkAccess).
      return isRootAdmin(caller)
        ? undefined
        : serverApiError(
            429,
            'The given user has reached his/her account api limit, ' +
              `please retry after [${effect.retryAfterMs}] ms.`,
          );
    case 'refused':
      return refused(effect);
    case 'limit-reached':
      // As if the account had room for nothing.
      return accountLimitReached(world, caller.account, {
        type: effect.type,
        limit: 0,
        current: 0,
        amount: 1,
      });
  }
}

/** The exceptions that have these statuses; the others only a command itself can give. */
const EXCEPTIONS: Readonly<Record<number, Exception>> = {
  431: 'InvalidParameterValueException',
  530: 'CloudRuntimeException',
  531: 'PermissionDeniedException',
  532: 'AccountLimitException',
  533: 'InsufficientCapacityException',
  534: 'ResourceUnavailableException',
  535: 'ResourceAllocationException',
};

function refused({ status, text, masked }: EffectNamed<'refused'>): CloudException {
  const exception = new CloudException(EXCEPTIONS[status] ?? 'ServerApiException', text, {
    httpStatus: status,
  });
  return exception.masked && !masked ? serverApiError(status, text) : exception;
}
