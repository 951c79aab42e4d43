import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { asVariable, type SuiteSettings } from './suite-settings.js';

export interface SuiteOptions {
  /** Path of the suite's Playwright configuration. */
  readonly configuration: string;
  /** Ids of cases, or the beginnings of some, such as `ENV`; all without any. */
  readonly cases: readonly string[];
  readonly settings: SuiteSettings;
  readonly nodePath: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where Playwright reports: our stdout, or stderr if that is for something else. */
  readonly reportsOn: NodeJS.WriteStream & { readonly fd: 1 | 2 };
}

/**
 * Runs the cases of the contract with Playwright, which reports as it goes. Answers whether all
 * went well. Ctrl-C reaches Playwright by itself, as it is in our process group; a SIGTERM is passed
 * on as what it understands.
 */
export async function runSuite(options: SuiteOptions): Promise<boolean> {
  const { configuration, cases, settings, nodePath, environment, reportsOn } = options;
  const child = spawn(
    nodePath,
    [
      playwrightProgram(configuration),
      'test',
      '--config',
      configuration,
      ...(cases.length > 0 ? ['--grep', grepFor(cases)] : []),
    ],
    {
      stdio: ['inherit', reportsOn.fd, 'inherit'],
      env: { ...environment, ...asVariable(settings) },
    },
  );
  const end = (): void => void child.kill('SIGINT');
  process.once('SIGTERM', end);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code === 0));
    });
  } finally {
    process.off('SIGTERM', end);
  }
}

/** A pattern for the titles, which begin with the ids behind the names of project and file. */
export function grepFor(cases: readonly string[]): string {
  const ids = cases.map((id) => (/^[A-Z]+$/.test(id) ? `${id}-\\d+` : id));
  return `(^| )(${ids.join('|')}) `;
}

function playwrightProgram(configuration: string): string {
  if (!existsSync(configuration)) {
    throw new Error(
      `there are no cases at ${configuration}. They are in bats-runner/specs of the project's ` +
        'repository, not in the npm package: run it in a checkout',
    );
  }
  try {
    return createRequire(configuration).resolve('@playwright/test/cli');
  } catch {
    throw new Error('the cases are run by Playwright, which is not installed: run npm ci first');
  }
}
