// One runner for everything, from unit tests to the browser. Random tests take their seed from
// SEED, so that a run can be repeated; no test is retried, because a retry hides a flake.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.test.ts',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  reporter: [['list'], ['./support/observing/reporter.ts']],
  outputDir: '../test-results',
});
