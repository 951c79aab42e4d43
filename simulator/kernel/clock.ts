/** How world time moves; `clockModes` says what each mode means. */
export type ClockMode =
  | { readonly kind: 'manual' | 'auto' | 'on-poll' | 'real' }
  | { readonly kind: 'scaled'; readonly factor: number };

/** A mode as people write it. */
export type ClockModeText = Exclude<ClockMode['kind'], 'scaled'> | `scaled:${number}`;

/** What each mode means, as a sentence after its name. */
export const clockModes: Readonly<Record<ClockMode['kind'], string>> = {
  manual: 'Time moves only when it is told to.',
  auto: 'Time jumps to the end of everything under way as soon as nobody holds it.',
  'on-poll':
    'Asking for something that is under way moves the world to the next step of that thing.',
  scaled:
    "Time runs N times as fast as the host's, from the world's own start; written `scaled:N`.",
  real: "Time is the host's.",
};

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

export function clockModeText(mode: ClockMode): ClockModeText {
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
