/** A problem and the place in the description that has it. */
export type Problem = readonly [path: string, message: string];

/** Names that stand more than once in a list. */
export function repeated(path: string, names: readonly string[]): Problem[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => [path, `${name} occurs more than once`]);
}
