/**
 * The known name that a misspelt one most likely means, or else the only one that ends with it, as
 * `default_zone` does with `zone`; nothing if none comes near.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const maxEdits = Math.ceil(name.length / 3);
  let best: { name: string; edits: number } | undefined;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits <= maxEdits && (best === undefined || edits < best.edits)) {
      best = { name: candidate, edits };
    }
  }
  return best?.name ?? onlyLonger(name, known);
}

function onlyLonger(name: string, known: Iterable<string>): string | undefined {
  const [longer, ...others] = [...known].filter((candidate) => candidate.endsWith(`_${name}`));
  return others.length === 0 ? longer : undefined;
}

/** What to say about an unknown key, as one sentence without a full stop. */
export function unknownKey(
  key: string,
  known: Iterable<string>,
  fate: 'ignored' | 'refused' = 'ignored',
): string {
  const nearest = nearestName(key, known);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return `${key} is unknown${fate === 'ignored' ? ' and was ignored' : ''}${hint}`;
}

/** Levenshtein's distance: single letters inserted, deleted or replaced. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
