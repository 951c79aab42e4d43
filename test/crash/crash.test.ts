// Proves that a CPI which is killed, or whose request fails, at any point of any call leaves nothing
// that the same call, made again, does not take over or clear away: exhaustively, for every request.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { startZone } from '../support/cpi-zone.js';
import { leaksOf } from './enumerate.js';
import { scenariosIn, stemcellImage } from './scenarios.js';

const folder = mkdtempSync(join(tmpdir(), 'crash-'));
test.beforeAll(async () => {
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const scenario of scenariosIn(folder)) {
  test(`${scenario.method} ${scenario.about}`, async () => {
    const world = { ...advancedKvm, settings: scenario.settings ?? {} };
    await using zone = await startZone({ world }, 'direct');
    const { runs, leaks } = await leaksOf(zone, scenario);
    expect(runs).toBeGreaterThan(0);
    expect(leaks).toEqual([]);
  });
}
