// Proves that the checked-in pages about methods, cloud_properties and requests are those
// that the declarations and the vector give.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import {
  cloudPropertiesPage,
  methodsPage,
  requestsPage,
  type RequestBudget,
} from '../../../../cpi/methods/call/documentation.js';

const vector = new URL('../../../vectors/request-budgets.json', import.meta.url);
const budgets = JSON.parse(readFileSync(vector, 'utf8')) as RequestBudget[];

for (const [name, page] of [
  ['methods.md', methodsPage()],
  ['cloud-properties.md', cloudPropertiesPage()],
  ['requests.md', requestsPage(budgets)],
] as const) {
  test(`${name} is up to date (npm run build renews it)`, () => {
    const url = new URL(`../../../../docs/cpi/${name}`, import.meta.url);
    expect(readFileSync(url, 'utf8')).toBe(page);
  });
}
