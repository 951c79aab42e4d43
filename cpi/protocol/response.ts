import type { BoshError } from './bosh-error.js';
import type { Redactor } from './redactor.js';

/** How a call ended: with a result or with an error, never with both. */
export type Outcome = { result: unknown } | { error: BoshError };

/**
 * Renders the one JSON document of a call. The Director demands all three keys, a string `log`,
 * and of an error all of `type`, `message` and `ok_to_retry` (external_cpi.rb, RESPONSE_SCHEMA).
 */
export function renderResponse(outcome: Outcome, log: string, redactor: Redactor): string {
  const failed = 'error' in outcome;
  return JSON.stringify({
    result: failed ? null : (redactor.redactValue(outcome.result) ?? null),
    error: failed
      ? {
          type: `Bosh::Clouds::${outcome.error.type}`,
          message: redactor.redact(outcome.error.message),
          ok_to_retry: outcome.error.okToRetry,
        }
      : null,
    log: redactor.redact(log),
  });
}

/** People at a terminal want their prompt on a line of its own; programs get the JSON alone. */
export function forReader(response: string, isTerminal: boolean): string {
  return isTerminal ? `${response}\n` : response;
}
