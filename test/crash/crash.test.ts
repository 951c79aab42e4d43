// Proves that a CPI which is killed, or whose request fails, at any point of any call leaves nothing
// that neither the same call, made again, nor `gc` clears away, neither in the cloud nor in the
// registry: exhaustively, for every request.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { startZone } from '../support/cpi-zone.js';
import { startSettingsRegistry } from '../support/settings-registry.js';
import { leaksOf } from './enumerate.js';
import { hows, type How } from './interruption.js';
import { lostVms } from './lost-vms.js';
import { registryScenarios } from './registry-scenarios.js';
import { rivalsIn } from './rivals.js';
import { worldOf } from './scenario.js';
import { scenariosIn } from './scenarios.js';

const folder = mkdtempSync(join(tmpdir(), 'crash-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const image = join(folder, 'image');

const scenarios = [...scenariosIn(image), ...rivalsIn(image), ...lostVms, ...registryScenarios];

for (const scenario of scenarios) {
  for (const how of scenario.hows ?? (Object.keys(hows) as How[])) {
    test(`${scenario.method} ${scenario.about}: each request in turn ${how}`, async () => {
      await using registry = await startSettingsRegistry();
      const sections = scenario.hasRegistry === true ? { registry: registry.section } : {};
      await using zone = await startZone({ world: worldOf(scenario) }, 'direct', sections);
      const { runs, leaks, unknowable } = await leaksOf({ zone, registry }, scenario, how);
      expect(runs).toBeGreaterThan(0);
      expect(leaks).toEqual([]);
      // Nothing tells a snapshot or network whose call died when all was done from one in use.
      const mayBe = scenario.lastChange !== undefined && hows[how] === 'crash';
      expect(unknowable.length > 0).toBe(mayBe);
    });
  }
}
