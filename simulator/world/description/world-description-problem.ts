import { nameHint } from '../../input/nearest-name.js';
import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';

/** Names that stand more than once in a list. */
export function repeated(path: string, names: readonly string[]): Problem[] {
  const readable = names.filter((name) => name !== UNREADABLE);
  const twice = new Set(readable.filter((name, index) => readable.indexOf(name) !== index));
  return [...twice].map((name) => [path, `${name} occurs more than once`]);
}

/** A name that leads nowhere; `what` it should lead to, `where` it was looked for. */
export function missing(
  path: string,
  what: string,
  name: string,
  known: readonly string[],
  where = '',
): Problem[] {
  if (isAmong(known, name)) return [];
  return [[path, `there is no ${what} ${name}${where}${nameHint(name, known)}`]];
}

/** Whether a name is, or for all that could be read may be, one of those that are known. */
export function isAmong(known: readonly string[], name: string): boolean {
  return name === UNREADABLE || known.includes(UNREADABLE) || known.includes(name);
}
