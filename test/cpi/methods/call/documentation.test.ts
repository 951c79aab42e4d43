// Proves that the checked-in pages about methods and cloud_properties are those that the
// declarations give.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { cloudPropertiesPage, methodsPage } from '../../../../cpi/methods/call/documentation.js';

for (const [name, page] of [
  ['methods.md', methodsPage()],
  ['cloud-properties.md', cloudPropertiesPage()],
] as const) {
  test(`${name} is up to date (npm run build renews it)`, () => {
    const url = new URL(`../../../../docs/cpi/${name}`, import.meta.url);
    expect(readFileSync(url, 'utf8')).toBe(page);
  });
}
