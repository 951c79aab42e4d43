// For waits that end only because patience does.
import type { CallOptions } from '../../support/cpi-zone.js';
import { hurriedClock } from './virtual-clock.js';

/**
 * With these limits of patience (`state_timeout`, ...) a call looks every tenth of a second for an end
 * that never comes, and none of these pauses takes any time.
 */
export function impatient(limits: Readonly<Record<string, unknown>>): CallOptions {
  const poll = { first_ms: 100, cap_ms: 100 };
  return { clock: hurriedClock(), properties: { ...limits, poll } };
}
