// Proves that a run tells mutants that a test notices from those that none does, also where a value is
// made when the sources are loaded, and what its report says.
import { expect, test } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { withMutants } from './mutants.js';
import { runMutation } from './run.js';
import { mutationSummaryOf } from './summary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('each mutant is tried with the tests that come to it, and a test that fails anyway is not asked', async () => {
  const heard: string[] = [];
  const of = ['test/mutation/planted/source.ts'];
  const { tried, mutants } = await runMutation({
    root,
    of,
    tests: ['test/mutation/planted/tests.ts'],
    seed: 1,
    minutes: 1,
    progress: (text) => heard.push(text),
  });
  expect(heard.filter((text) => text.startsWith('not asked'))).toEqual([
    expect.stringContaining('tests.ts › of two numbers › nothing is right: '),
  ]);
  expect(mutants).toBe(tried.length);
  const verdicts = tried.map(({ mutant, status, noticedBy }) => [
    `${mutant.line} ${mutant.operator}: ${status}`,
    noticedBy?.split(' › ').slice(1).join(', '),
  ]);
  expect(verdicts.sort()).toEqual(
    [
      ['3 literal changed: killed', 'it is limited'],
      ['5 returns at once: killed', expect.stringMatching(/^of two numbers, the (first|second)/)],
      ['6 comparison changed: survived', undefined],
      ['6 condition negated: killed', expect.stringMatching(/^of two numbers, the (first|second)/)],
      ['9 returns at once: untested', undefined],
      ['10 call removed: untested', undefined],
    ].sort(),
  );
});

test('the report counts, and names what survived', () => {
  const [mutant] = withMutants('cpi/flow/a.ts', 'function a() { return 1; }', 0).mutants;
  const of = ['cpi/flow'];
  const tried = (['killed', 'survived', 'does not end', 'untested', 'killed'] as const).map(
    (status) => ({
      ...{ mutant: mutant!, status, tests: 4, seconds: 1 },
      ...(['killed', 'does not end'].includes(status) && { noticedBy: 'a test' }),
    }),
  );
  const summary = mutationSummaryOf({ seed: 1, of, mutants: 9, tried });
  expect(summary).toContain('5 of 9 mutants');
  expect(summary).toMatch(/cpi\/flow +│ 5 +│ 2 +│ 1 +│ 1 +│ 1 +│ 60 %/);
  expect(summary).toContain('survived (4 tests, 1 s): cpi/flow/a.ts:1 returns at once');
  expect(summary).toContain('untested (4 tests, 1 s): cpi/flow/a.ts:1 returns at once');
});
