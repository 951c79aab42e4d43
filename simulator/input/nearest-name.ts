/** `(did you mean NAME?)` behind a misspelt name, with a space before it; empty if no known name comes near. */
export function nameHint(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

/** The known name that a misspelt one most likely means: one letter in three may be wrong. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let fewest = Math.ceil(name.length / 3) + 1;
  let nearest: string | undefined;
  for (const candidate of known) {
    const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= fewest) continue;
    [fewest, nearest] = [edits, candidate];
  }
  return nearest;
}

/** How many letters must be put in, taken out or replaced to make one text the other (Levenshtein). */
function editsBetween(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row += 1) {
    let edits = row + 1;
    let diagonal = row;
    above = above.map((up, column) => {
      if (column === 0) return edits;
      const replaced = diagonal + (from[row] === to[column - 1] ? 0 : 1);
      diagonal = up;
      edits = Math.min(replaced, up + 1, edits + 1);
      return edits;
    });
  }
  return above[to.length] ?? 0;
}
