// Proves that mutants are found where they stand, that a source in which all sleep does what it did,
// and that each, when it is awake, does what its name says.
import { expect, test } from '@playwright/test';
import { runInNewContext } from 'node:vm';
import { guards, takeReached, wake } from './guards.js';
import { withMutants } from './mutants.js';

test('every kind of mutant is found, and nothing that is only a type or a name', () => {
  const text = `import { a } from './a.js';
type Never = 1 | true;
export async function work(given: number): Promise<number> {
  if (given > 2 && a(given)) return given;
  await forget(given);
  const told = given ?? { 7: true };
  return given === told || !flags ? 'x' + given : given - 1;
}
`;
  const { mutants } = withMutants('source.ts', text, 100);
  expect(mutants.map(({ line, operator, what }) => `${line} ${operator}: ${what}`)).toEqual([
    expect.stringMatching(/^3 returns at once: \{ if/),
    '4 condition negated: given > 2 && a(given)',
    '4 left dropped: given > 2 && a(given)',
    '4 right dropped: given > 2 && a(given)',
    '4 comparison changed: >',
    '4 literal changed: 2',
    '5 call removed: await forget(given);',
    '6 right dropped: given ?? { 7: true }',
    '6 literal changed: true',
    '7 condition negated: given === told || !flags',
    '7 and for or: ||',
    '7 comparison changed: ===',
    '7 comparison changed: -',
    '7 literal changed: 1',
  ]);
  expect(mutants.map(({ id }) => id)).toEqual(mutants.map((_, index) => 100 + index));
});

const values = [0, 1, 2, undefined, null, '', 'x'];
const pairs = values.flatMap((a) => values.map((b) => ({ a, b })));

const expressions: readonly [text: string, awake: readonly string[]][] = [
  ['a ? b : 7', ['!a ? b : 7', 'a ? b : 8']],
  ['a && b', ['b', 'a']],
  ['a ?? b', ['a']],
  ['a || b', ['a && b']],
  ['a === b', ['a !== b']],
  ['a !== b', ['a === b']],
  ['a < b', ['a <= b']],
  ['a <= b', ['a < b']],
  ['a > b', ['a >= b']],
  ['a >= b', ['a > b']],
  ['a + b', ['a - b']],
  ['a - b', ['a + b']],
  ['[true, false]', ['[false, false]', '[true, true]']],
  ['a || (b && a)', ['a && (b && a)', 'a || a', 'a || b']],
  ['c = () => { if (b) return 1; }; [c()]', ['[b ? undefined : 1]', '[b ? 2 : undefined]']],
  [
    'c = () => { let d = a; function add() { d += b; } add(); return d; }; c();',
    ['a', 'a', 'undefined'],
  ],
  ['c = []; if (a) c.push(a); else c.push(b); c', ['[!a ? a : b]', 'a ? [] : [b]', 'a ? [a] : []']],
];

for (const [text, awake] of expressions) {
  test(`asleep and awake: ${text}`, () => {
    const { text: mutated, mutants } = withMutants('source.ts', text, 0);
    expect(mutants).toHaveLength(awake.length);
    for (const scope of pairs) {
      wake(undefined);
      expect(valueOf(mutated, scope)).toEqual(valueOf(text, scope));
      for (const [id, like] of awake.entries()) {
        wake(id);
        expect(valueOf(mutated, scope)).toEqual(valueOf(like, scope));
      }
    }
  });
}

test('mutants that are come to are told, while none is awake', () => {
  const { text } = withMutants('source.ts', 'a ? 1 : 2', 0);
  wake(undefined);
  takeReached();
  valueOf(text, { a: 1 });
  expect(takeReached()).toEqual([0, 1]);
  wake(2);
  valueOf(text, { a: 1 });
  expect(takeReached()).toEqual([]);
});

function valueOf(text: string, scope: object): string {
  return JSON.stringify([runInNewContext(text, { ...guards, ...scope })]);
}
