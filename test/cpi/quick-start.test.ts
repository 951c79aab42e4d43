// Proves that the page for beginners does what it says, command by command as it stands there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { unmeasured } from '../support/coverage.js';

const root = new URL('../..', import.meta.url).pathname;

/** The programs of this checkout, as npx would find them. */
const npx = `npx() { local program=$1; shift; node ${root}dist/bundle/"$program".*js "$@"; }`;

test('docs/cpi/quick-start.md, from the stemcell to the end', () => {
  const page = readFileSync(join(root, 'docs/cpi/quick-start.md'), 'utf8');
  const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text!);
  expect(commands.length).toBeGreaterThan(5);
  const folder = mkdtempSync(join(tmpdir(), 'quick-start-'));
  try {
    writeFileSync(join(folder, 'all.sh'), ['set -em', npx, ...commands].join('\n'));
    // The simulator in the background must not hold a pipe that somebody reads to its end.
    const output = openSync(join(folder, 'output'), 'w');
    const { status } = spawnSync('bash', ['all.sh'], {
      cwd: folder,
      stdio: ['ignore', output, output],
      env: unmeasured,
    });
    const told = readFileSync(join(folder, 'output'), 'utf8');
    expect(status, told).toBe(0);
    expect(told).toContain('It is held by VM vm-agent-1');
    expect(told).not.toContain('does not tell the api_version');
    expect(told).toContain('the account may not expunge VM vm-agent-1');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
