// Proves that docs/cpi/role.md is what the declared rights say, with each rule once, beside the methods
// that need it or what is lost without it. Its commands are run by test/docs/command-lines.test.ts.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { roleFor, usersOfRights } from '../../../cpi/permissions/role.js';
import { rolePage } from '../../../cpi/permissions/role-page.js';

const rules = roleFor(usersOfRights());

test('the page is up to date (npm run build renews it)', () => {
  const page = readFileSync(new URL('../../../docs/cpi/role.md', import.meta.url), 'utf8');
  expect(page).toBe(rolePage());
});

test('each rule has one row: with its methods, or with what there is not without it', () => {
  const rows = rolePage()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows).toHaveLength(rules.length);
  for (const { right, methods, lost } of rules) {
    const row = rows.find((line) => line.startsWith(`| \`${right}\` `))!;
    const told = lost.length === 0 ? methods : lost.map((one) => one.lost);
    for (const text of told) expect(row, right).toContain(text);
  }
});
