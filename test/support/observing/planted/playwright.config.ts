// The suite's own configuration, for the tests beside this.
import type { PlaywrightTestConfig } from '@playwright/test';
import configuration from '../../../playwright.config.js';

const planted: PlaywrightTestConfig = {
  ...configuration,
  workers: 1,
  reporter: [['dot'], ['../secrets-reporter.ts']],
  projects: [{ name: 'planted', testDir: '.', testMatch: 'leaks.ts' }],
};

export default planted;
