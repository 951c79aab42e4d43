// Proves that the checked-in page about cpi.json is the one that the declaration gives, and that
// its example file is a valid configuration.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { configurationPage } from '../../../cpi/config/documentation.js';
import { mergeConfiguration, validateConfiguration } from '../../../cpi/config/load.js';

const page = readFileSync(new URL('../../../docs/cpi/configuration.md', import.meta.url), 'utf8');

test('the page is up to date (npm run build renews it)', () => {
  expect(page).toBe(configurationPage());
});

test('the example files on the page are valid', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(examples).toHaveLength(2);
  for (const example of examples) {
    expect(validateConfiguration(mergeConfiguration(example, {})).warnings).toEqual([]);
  }
  expect(examples[1]).toContain('"publish": "webdav"');
});
