// The contract by itself: `bats-runner contract`. `npm test` runs it with all other tests.
import { join } from 'node:path';
import { defineConfig, type ReporterDescription } from '@playwright/test';
import { settingsIn, type SuiteSettings } from '../contract/suite-settings.js';

const settings = settingsIn(process.env);
/** As long as it may take itself, for the CPI to delete what it made, and for us to delete the rest. */
const shares = 3;

export default defineConfig({
  testDir: '.',
  testMatch: 'contract.spec.ts',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: settings?.workers ?? 2,
  timeout: settings === undefined ? 120_000 : settings.limitMs * shares,
  reporter: [
    // Secrets go first, so that no other reporter sees them.
    ['../contract/secrets-reporter.ts'],
    ['list'],
    ['../contract/skips-reporter.ts'],
    ...(settings === undefined ? [] : reportsOf(settings)),
  ],
  outputDir: '../../test-results/contract',
  projects: [{ name: settings?.target ?? 'simulator' }],
});

function reportsOf({ output }: SuiteSettings): ReporterDescription[] {
  return [
    ['html', { open: 'never', outputFolder: join(output, 'html'), title: 'The CPI contract' }],
    ['json', { outputFile: join(output, 'report.json') }],
    ['../contract/junit-reporter.ts'],
    ['../contract/receipt-reporter.ts'],
  ];
}
