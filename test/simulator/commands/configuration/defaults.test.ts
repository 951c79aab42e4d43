// Proves that the settings of CloudStack that clients notice most are there with its defaults, or that
// the page of differences names them.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { differencesPage } from '../../../../simulator/control/documentation/differences-page.js';
import { createIdentityWorld } from '../../../support/identity-world.js';
import type { Reply } from '../../../support/simulator-client.js';

const file = new URL('../../../vectors/api/global-settings.json', import.meta.url);
const { defaults } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly defaults: Readonly<Record<string, string>>;
};

/** Whether the page names a setting, or all of its kind as `network.gc.*`. */
function isDeclaredDifferent(name: string): boolean {
  const kind = `${name.split('.').slice(0, -1).join('.')}.*`;
  return [name, kind].some((text) => differencesPage().includes(`\`${text}\``));
}

test('every setting has its default, or the difference is told', () => {
  const admin = createIdentityWorld().clientOf('admin');
  const listed = admin.call('listConfigurations', { pagesize: 500, page: 1 })['configuration'];
  const shown = new Map((listed as Reply[]).map((row) => [row['name'] as string, row]));
  for (const [name, value] of Object.entries(defaults)) {
    const row = shown.get(name);
    if (row === undefined) expect(isDeclaredDifferent(name), name).toBe(true);
    else expect([name, row['defaultvalue'], row['value']]).toEqual([name, value, value]);
  }
  expect(shown.size).toBeGreaterThan(60);
});
