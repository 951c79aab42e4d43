// Proves that mutants are found where they stand, that a source with one differs by it alone, and
// that sources have tests to be asked.
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testsFor } from './covering.js';
import { mutantsIn, withMutant } from './mutants.js';
import { filesBelow } from './source-copy.js';
import { mutationSummaryOf } from './summary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const text = `import { a } from './a.js';
type Never = 1 | true;
export async function work(given: number): Promise<number> {
  if (given > 2 && a(given)) return given;
  await forget(given);
  const told = given ?? 7;
  return given === told || !flags ? 'x' + given : given - 1;
}
`;

test('every kind of mutant is found, and nothing that is only a type', () => {
  const found = mutantsIn('source.ts', text);
  expect(found.map(({ line, operator, what }) => `${line} ${operator}: ${what}`)).toEqual([
    expect.stringMatching(/^3 returns at once: \{ if/),
    '4 condition negated: given > 2 && a(given)',
    '4 branch dropped: given > 2 && a(given)',
    '4 branch dropped: given > 2 && a(given)',
    '4 comparison changed: >',
    '4 literal changed: 2',
    '5 call removed: await forget(given);',
    '6 branch dropped: given ?? 7',
    '6 literal changed: 7',
    '7 condition negated: given === told || !flags',
    '7 comparison changed: ===',
    '7 and for or: ||',
    '7 comparison changed: -',
    '7 literal changed: 1',
  ]);
  const [, negated, left, right] = found;
  expect(withMutant(negated!, text)).toBe(
    text.replace('given > 2 && a(given)', '!(given > 2 && a(given))'),
  );
  expect(withMutant(left!, text)).toContain('if ((given > 2)) return');
  expect(withMutant(right!, text)).toContain('if ((a(given))) return');
});

test('nearly every source of the three folders has tests that are asked', () => {
  const sources = new Set(
    ['cpi', 'simulator'].flatMap((folder) =>
      filesBelow(root, folder).filter((path) => path.endsWith('.ts')),
    ),
  );
  const asked = [...sources].filter((path) =>
    /^(cpi\/(flow|methods)|simulator\/world)\//.test(path),
  );
  const withMutants = asked.filter(
    (path) => mutantsIn(path, readFileSync(join(root, path), 'utf8')).length > 0,
  );
  const unasked = withMutants.filter((path) => testsFor(root, path, sources).length === 0);
  expect(unasked).toEqual([]);
  const [own] = testsFor(root, 'cpi/flow/saga.ts', sources);
  expect(own).toEqual(['test/cpi/flow/saga.test.ts']);
});

test('the report counts, and names what survived', () => {
  const [mutant] = mutantsIn('cpi/flow/a.ts', text);
  const of = ['cpi/flow'];
  const tried = (['killed', 'survived', 'does not end', 'killed'] as const).map((status) => ({
    mutant: mutant!,
    status,
    seconds: 1,
  }));
  const summary = mutationSummaryOf({ seed: 1, of, mutants: 9, tried });
  expect(summary).toContain('4 of 9 mutants');
  expect(summary).toMatch(/cpi\/flow +│ 4 +│ 2 +│ 1 +│ 1 +│ 75 %/);
  expect(summary).toContain('survived (1 s): cpi/flow/a.ts:3 returns at once');
});
