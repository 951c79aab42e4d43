// One runner for everything, from unit tests to the browser. Random tests take their seed from
// SEED, so that a run can be repeated; no test is retried, because a retry hides a flake. The cases of
// the CPI contract, which stand with the BATS runner, are among them.
import { defineConfig } from '@playwright/test';
import { watchEvents } from './support/observing/secret-events.js';

watchEvents();

export default defineConfig({
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 120_000,
  reporter: [
    ['list'],
    ['./support/observing/reporter.ts'],
    ['./support/observing/secrets-reporter.ts'],
    ['../bats-runner/contract/skips-reporter.ts'],
  ],
  outputDir: '../test-results',
  projects: [
    { name: 'tests', testDir: '.', testMatch: '**/*.test.ts' },
    { name: 'contract', testDir: '../bats-runner/specs', testMatch: '*.spec.ts' },
  ],
});
