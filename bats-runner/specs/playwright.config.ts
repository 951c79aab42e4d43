// The contract by itself: `bats-runner contract`. `npm test` runs it with all other tests.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: 'contract.spec.ts',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 120_000,
  reporter: [['list'], ['../contract/skips-reporter.ts']],
  outputDir: '../../test-results/contract',
  projects: [{ name: 'simulator' }],
});
