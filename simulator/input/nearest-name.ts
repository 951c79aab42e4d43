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
  let above = [...Array(to.length + 1).keys()];
  for (const [row, letter] of [...from].entries()) {
    const edits = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = above[column]! + (letter === other ? 0 : 1);
      edits.push(Math.min(replaced, above[column + 1]! + 1, edits[column]! + 1));
    }
    above = edits;
  }
  return above[to.length]!;
}
