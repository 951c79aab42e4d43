// Proves that the long runs refuse at once, with status 2 and in a sentence, what could only fail or come
// to nothing later: a report that cannot be written, a choice that nothing meets, half of a replay.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const noFolder = join('no-such-folder', 'report');

for (const [program, options, said] of [
  ['proof', ['--json', noFolder], 'no such file or directory'],
  ['proof', ['--html', noFolder], 'no such file or directory'],
  ['proof', ['--path', '0:1'], '--path is of the --seed'],
  ['proof', ['--path', 'half', '--seed', '1'], 'numbers with colons'],
  ['proof', ['--replay-path', 'AB', '--seed', '1'], '--replay-path is of the --path'],
  ['proof', ['--case', noFolder], 'no case can be read'],
  ['kills', ['--json', noFolder], 'no such file or directory'],
  ['kills', ['--kills', '0'], 'It must be above 0'],
  ['fuzz', ['--json', noFolder], 'no such file or directory'],
  ['fuzz', ['--requests', '0'], 'It must be above 0'],
  ['fuzz', ['--input', '3'], '--input is for another --of'],
  ['fuzz', ['--of', 'world', '--chapter', '3'], 'are for --of simulator'],
  ['fuzz', ['--steps', '3'], 'those of a --chapter'],
  ['mutation', ['--json', noFolder], 'no such file or directory'],
  ['crash', ['--runs', '('], 'Invalid regular expression'],
  ['crash', ['--runs', 'no such title'], 'matches no such title'],
  ['crash/undo-steps', ['--only', 'no such step'], 'none of the'],
] as const) {
  test(`${program} ${options.join(' ')}`, () => {
    const args = ['ci/scripts/run-typescript.js', `test/${program}/main.ts`, ...options];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
}
