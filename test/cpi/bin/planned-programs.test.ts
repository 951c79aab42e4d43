// Proves that the programs of later versions say so honestly: help and version work, starting them
// ends with exit code 3 and a sentence.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

for (const name of ['cloudstack-stemcell-server']) {
  const program = fileURLToPath(new URL(`../../../dist/bundle/${name}.js`, import.meta.url));
  const run = (...options: string[]): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...options]);
    return { status, output: `${stdout.toString()}${stderr.toString()}` };
  };

  test(`${name} tells what it will do`, () => {
    expect(run('--help')).toMatchObject({ status: 0 });
    expect(run('--help').output).toContain('Not available in this version');
    expect(run('--version').output).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run()).toMatchObject({ status: 3 });
    expect(run('--config', 'x.json').output).toContain('is not available in this version');
    expect(run('--bogus')).toEqual({
      status: 2,
      output: `${name}: unknown option '--bogus'\n(${name} --help tells how to use it)\n`,
    });
  });
}
