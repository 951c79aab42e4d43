// The page about the stemcell server is what its code says.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { stemcellServerPage } from '../../../cpi/stemcell-server/documentation.js';

test('docs/cpi/stemcell-server.md is up to date', () => {
  const page = new URL('../../../docs/cpi/stemcell-server.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(stemcellServerPage());
});
