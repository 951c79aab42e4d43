// The page about the registry says what the declarations of its properties say.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { registryPage } from '../../../cpi/registry/documentation.js';

test('docs/cpi/registry.md is up to date (npm run build renders it)', () => {
  const page = new URL('../../../docs/cpi/registry.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(registryPage());
});
