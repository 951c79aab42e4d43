import { nameHint } from '../../input/nearest-name.js';
import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';

/** A name, and where in a description it stands; undefined for one that CloudStack itself gives. */
export interface PlacedName {
  readonly path: string | undefined;
  readonly name: string;
}

/** The names of a list's entries, each at its `name`. */
export function namesIn(path: string, entries: readonly { readonly name: string }[]): PlacedName[] {
  return entries.map(({ name }, index) => ({ path: `${path}.${index}.name`, name }));
}

/** Names that stand somewhere already, each told where it stands again. */
export function repeated(names: readonly PlacedName[]): Problem[] {
  const first = new Map<string, PlacedName>();
  return names.flatMap((placed): Problem[] => {
    const { path, name } = placed;
    if (name === UNREADABLE) return [];
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, placed);
    if (earlier === undefined || path === undefined) return [];
    const taken =
      earlier.path === undefined
        ? 'CloudStack has one itself'
        : `it stands at ${earlier.path} already`;
    return [[path, `${name} must not occur again: ${taken}`]];
  });
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
