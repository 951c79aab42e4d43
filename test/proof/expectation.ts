// What a call may answer: under calm conditions each succeeds but for the reasons that it names.
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
  const isExplained = answer.is === 'error' && mayFail?.test(answer.error.message) === true;
  if (stage.isCalm && answer.is === 'error' && !isExplained) {
    throw new BrokenPromise(`${what} fails where nothing goes wrong: ${answerText(answer)}`);
  }
  return false;
}
