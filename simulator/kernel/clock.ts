/**
 * How world time moves:
 * - `manual`: only when told to;
 * - `auto`: jumps to the end of everything under way as soon as nobody holds it;
 * - `on-poll`: asking for something that is under way moves the world to that thing's next step;
 * - `scaled`: N times as fast as the host's time, from the world's own start;
 * - `real`: the host's time.
 */
export type ClockMode =
  | { readonly kind: 'manual' | 'auto' | 'on-poll' | 'real' }
  | { readonly kind: 'scaled'; readonly factor: number };

export const clockModeHint = 'manual, auto, on-poll, real or scaled:N with N above 0';

/** Reads `manual`, `auto`, `on-poll`, `real` or `scaled:N`; undefined for anything else. */
export function parseClockMode(text: string): ClockMode | undefined {
  if (text === 'manual' || text === 'auto' || text === 'on-poll' || text === 'real') {
    return { kind: text };
  }
  const factor = /^scaled:(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  return factor !== undefined && Number(factor) > 0
    ? { kind: 'scaled', factor: Number(factor) }
    : undefined;
}

export function clockModeText(mode: ClockMode): string {
  return mode.kind === 'scaled' ? `scaled:${mode.factor}` : mode.kind;
}

/** The host's time in milliseconds since 1970: the only place of the simulator that reads it. */
export function hostNowMs(): number {
  return Date.now();
}

/** Calls `action` once after `delayMs` of host time; the returned function calls it off. */
export function hostTimer(delayMs: number, action: () => void): () => void {
  const timer = setTimeout(action, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
  return () => clearTimeout(timer);
}

/** Node treats a longer delay as none at all. */
const MAX_TIMER_MS = 2 ** 31 - 1;
