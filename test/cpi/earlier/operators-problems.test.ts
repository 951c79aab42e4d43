// Proves that each problem that operators of the earlier CPIs reported has a test that shows what became
// of it, which is there by the title that the page tells, or a reason why it is no affair of the CPI.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import {
  earlierCpisPage,
  type OperatorsProblem,
  type OperatorsProblems,
} from '../../../cpi/methods/call/earlier-cpis-page.js';

const vector = new URL('../../vectors/operators-problems.json', import.meta.url);
const all = JSON.parse(readFileSync(vector, 'utf8')) as OperatorsProblems;
const ids = new Set(contractCases.map(({ id }) => id));

function isThere(reference: string): boolean {
  if (/^[A-Z]{2,3}-\d\d$/.test(reference)) return ids.has(reference);
  const [file = '', title = ''] = reference.split(/: (.*)/s);
  const path = new URL(`../../${file}`, import.meta.url);
  return existsSync(path) && readFileSync(path, 'utf8').includes(title);
}

for (const [name, rows, count] of [
  ['problems', all.problems, 107],
  ['gaps', all.gaps, 35],
] as const) {
  test(`all ${count} ${name} are told`, () => {
    const numbers = rows.map(({ number }: OperatorsProblem) => number);
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  test(`each of the ${name} is shown, or is no affair of the CPI`, () => {
    const unshown = rows.filter(({ now, beyond, shown }) =>
      beyond === undefined ? now === undefined || shown.length === 0 : shown.length > 0,
    );
    expect(unshown).toEqual([]);
  });

  test(`each test of the ${name} is there`, () => {
    const missing = rows.flatMap(({ shown }) => shown.filter((reference) => !isThere(reference)));
    expect(missing).toEqual([]);
  });
}

test('the page is up to date (npm run build renews it)', () => {
  const page = new URL('../../../docs/cpi/earlier-cpis.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(earlierCpisPage(all));
});
