// What a call may answer: under calm conditions each succeeds but for the reasons that it names.
import { isLimited, type Conditions } from './conditions.js';
import { BrokenPromise } from './promise.js';
import { answerText, type Answer } from './make-call.js';
import type { Stage } from './stage.js';

/**
 * Whether it succeeded.
 *
 * @throws BrokenPromise for a failure that nothing explains.
 */
export function succeeded(
  stage: Stage,
  what: string,
  answer: Answer,
  mayFail?: RegExp,
): answer is { readonly is: 'result'; readonly result: unknown } {
  if (answer.is === 'result') return true;
  const isExplained = answer.is === 'error' && isReason(stage, answer.error.message, mayFail);
  if (stage.isCalm && answer.is === 'error' && !isExplained) {
    throw new BrokenPromise(`${what} fails where nothing goes wrong: ${answerText(answer)}`);
  }
  return false;
}

/** CloudStack's text for limits of accounts begins so. */
const limitReached = /Maximum (amount|number) of resources/;

function isReason({ conditions }: Stage, message: string, mayFail: RegExp | undefined): boolean {
  if (mayFail?.test(message) === true) return true;
  return isAtLimit(conditions, message);
}

/** Whether the account's limits explain a failure. */
export function isAtLimit(conditions: Conditions, message: string): boolean {
  return isLimited(conditions) && limitReached.test(message);
}
