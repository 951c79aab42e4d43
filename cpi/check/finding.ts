/** `warning`: the CPI works, but something that it can do is not there. `failed`: it does not. */
export type Verdict = 'ok' | 'warning' | 'failed';

/** What one look at the configuration or the cloud has shown. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly about: string;
  readonly verdict: Verdict;
  /** What it is like. */
  readonly text: string;
  /** What an operator can do about it; there unless all is well. */
  readonly advice?: string;
}

/** All is well. */
export function ok(about: string, text: string): Finding {
  return { about, verdict: 'ok', text };
}

export function warning(about: string, text: string, advice: string): Finding {
  return { about, verdict: 'warning', text, advice };
}

export function failed(about: string, text: string, advice: string): Finding {
  return { about, verdict: 'failed', text, advice };
}
