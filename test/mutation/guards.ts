// What the text of a source with mutants calls (mutants.ts): `$is(id)` tells whether a mutant is
// awake, `$compare[operator]` compares, or does so wrongly, `$held` keeps the left side of an operator
// for a moment.

/** Of whatever JavaScript compares; numbers, for the compiler. */
type Compare = (isOther: boolean, left: number, right: number) => unknown;

const compare: Readonly<Record<string, Compare>> = {
  '===': (isOther, left, right) => (left === right) !== isOther,
  '!==': (isOther, left, right) => (left !== right) !== isOther,
  '<': (isOther, left, right) => (isOther ? left <= right : left < right),
  '<=': (isOther, left, right) => (isOther ? left < right : left <= right),
  '>': (isOther, left, right) => (isOther ? left >= right : left > right),
  '>=': (isOther, left, right) => (isOther ? left > right : left >= right),
  '+': (isOther, left, right) => (isOther ? left - right : left + right),
  '-': (isOther, left, right) => (isOther ? left + right : left - right),
};

let awake: number | undefined;
const reached = new Set<number>();

export const guards = {
  $held: undefined as unknown,
  $compare: compare,
  $is: (id: number): boolean => {
    if (awake === undefined) reached.add(id);
    return id === awake;
  },
};

/** One mutant, or none. */
export function wake(mutant: number | undefined): void {
  awake = mutant;
}

/** The mutants that were come to since the last time, as far as none was awake. */
export function takeReached(): number[] {
  const all = [...reached];
  reached.clear();
  return all;
}
