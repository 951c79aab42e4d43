// Proves that the list of methods is complete and that every method is one that BOSH knows, by
// comparing the list with the folder and with the names of the CPI API.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { methods } from '../../../cpi/methods/index.js';
import { knownMethods } from '../../../cpi/protocol/known-methods.js';

interface Index {
  path: string;
  text: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('the list is the one that the folder gives (npm run build renews it)', async () => {
  const script = new URL('../../../ci/scripts/indexes.js', import.meta.url).href;
  const { renderIndexes } = (await import(script)) as { renderIndexes: (root: string) => Index[] };
  const index = renderIndexes(root).find(({ path }) => path === 'cpi/methods/index.ts');
  expect(readFileSync(`${root}${index!.path}`, 'utf8')).toBe(index!.text);
});

test('every method is one of the CPI API, and says what it does', () => {
  for (const { name, summary } of methods) {
    expect(knownMethods).toContain(name);
    expect(summary).toMatch(/^[A-Z].*\.$/);
  }
});
