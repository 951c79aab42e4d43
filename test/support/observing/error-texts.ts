// Which of the error texts that clients know by heart came in an answer, with the code that belongs
// to it: from the request itself, or as the result of a job.
import { readFileSync } from 'node:fs';
import { isSought, tellShown } from './test-in-progress.js';

/** A text of CloudStack's; an ellipsis stands for whatever is there. */
export interface ErrorText {
  readonly code: number;
  readonly text: string;
  /** The class or the commands that say it. */
  readonly from: string;
  /** Why no test can see it. */
  readonly unseen?: string;
}

const vector = JSON.parse(
  readFileSync(new URL('../../vectors/api/error-texts.json', import.meta.url), 'utf8'),
) as { readonly texts: readonly ErrorText[] };

export const errorTexts = vector.texts;

/** What the text is called among the things that tests show. */
export function keyOf({ code, text }: ErrorText): string {
  return `${code} ${text}`;
}

const patterns = errorTexts.map((entry) => ({ ...entry, key: keyOf(entry), is: pattern(entry) }));

/** Notes a refusal. */
export function lookAtError(code: unknown, text: unknown): void {
  if (typeof text !== 'string') return;
  for (const { code: wanted, key, is } of patterns) {
    if (wanted !== code || !is.test(text)) continue;
    if (isSought('errors', key)) tellShown('errors', key);
  }
}

function pattern({ text }: ErrorText): RegExp {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
