// The tasks of CI as a person starts them: each tells how it is used and what it lacks, hands to the
// programs what these take, and leaves what the next one needs; secrets lie in files that nobody else
// reads. The bosh CLI is there by name only, and npm where it would install or test.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openCloud } from '../bats-runner/contract/in-process-cloud.js';
import { standIns } from '../bats-runner/upstream/stand-ins.js';
import { problemOfBosh } from '../docs/bosh-command-line.js';
import { root } from '../docs/page.js';
import { runShell, type Ran } from '../docs/shell.js';

const scripts = readdirSync(join(root, 'ci/tasks')).filter(
  (file) => file.endsWith('.sh') && file !== 'common.sh',
);
const tasks = join(root, 'ci/tasks');

test('each tells by --help what it reads, and takes no other arguments', async () => {
  for (const script of scripts) {
    await using told = await runShell(`${tasks}/${script} --help`);
    expect(told.status, script).toBe(0);
    expect(told.output, script).toMatch(/^[A-Z].*\n/);
    expect(told.output, script).toMatch(/^(SEED|TARGET|RELEASE|DIRECTOR|CLOUD): /m);
    expect(told.output, script).not.toMatch(/^#|set -e/m);
  }
  await using wrong = await runShell(`${tasks}/release.sh now`);
  expect(wrong).toMatchObject({ status: 2, calls: [] });
  expect(wrong.output).toBe(
    'release.sh: there is no argument now (release.sh --help tells what it needs)\n',
  );
});

for (const [script, lacks] of [
  ['create-env.sh', 'DIRECTOR_VARS STEMCELL_URL STEMCELL_SHA1'],
  ['bats.sh', 'CLOUD'],
  ['keep-state.sh', 'STATE_PASSPHRASE'],
  ['sweep.sh', 'CLOUD'],
] as const) {
  test(`${script} names all that is not set, and does nothing`, async () => {
    await using ran = await runShell(`${tasks}/${script}`);
    expect(ran).toMatchObject({ status: 2, calls: [] });
    expect(ran.output).toContain(`${script}: ${lacks}: not set`);
  });
}

test('what the tasks leave where a person starts them, and read there, does not come into git', () => {
  const bodies = [...scripts, 'common.sh'].map((file) => readFileSync(join(tasks, file), 'utf8'));
  const folders = bodies.flatMap((body) =>
    [...body.matchAll(/folder "\$\{[A-Z_]+:-([\w-]+)\}"/g)].map(([, name = '']) => `${name}/`),
  );
  expect(new Set(folders).size).toBeGreaterThan(4);
  const all = [...new Set(folders), 'cloud.json', 'director-vars.yml'];
  const ignored = execFileSync('git', ['check-ignore', ...all], { cwd: root, encoding: 'utf8' });
  expect(ignored.trimEnd().split('\n')).toEqual(all);
  // Sources of that name do.
  expect(() => execFileSync('git', ['check-ignore', 'bats-runner/director/plan.ts'])).toThrow();
});

test('unit is what .ci/run does', async () => {
  await using ran = await runShell(`${tasks}/unit.sh`);
  expect(ran.status, ran.output).toBe(0);
  expect(ran.calls.map(([program, verb]) => `${program} ${verb}`)).toEqual([
    'npm ci',
    'npm test',
    'git diff',
  ]);
});

test('release puts the tarball where it is told to', async () => {
  await using ran = await runShell(`${tasks}/release.sh`, {
    env: { RELEASE: 'there', RELEASE_VERSION: '1.2.3' },
  });
  expect(ran.status, ran.output).toBe(0);
  const there = join(ran.folder, 'there');
  const options = ['--output', there, '--platforms', 'all', '--release-version', '1.2.3'];
  expect(ran.calls.at(-1)).toEqual(['npm', 'run', '--silent', 'release', '--', ...options]);
});

test('contract tries the cases and leaves the reports', async () => {
  await using ran = await runShell(`${tasks}/contract.sh`, {
    env: { RESULTS: 'results', CASES: 'ENV-21' },
  });
  expect(ran.status, ran.output).toBe(0);
  const receipt = readFileSync(join(ran.folder, 'results/receipt.md'), 'utf8');
  expect(receipt).toMatch(/^# The CPI contract: passed/);
});

test('every-case is the whole of what is tried in part for a change', async () => {
  await using ran = await runShell(`${tasks}/every-case.sh`);
  expect(ran.status, ran.output).toBe(0);
  expect(ran.calls.at(-1)).toEqual(['npm', 'run', '--silent', 'every-case']);
  const { scripts: named } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(named['every-case']).toMatch(/^EVERY_CASE=1 playwright test .*\/on-a-cloud/);
});

test('a task that is told to end tells what it has started, and ends after it', async () => {
  await using ran = await runShell(
    [
      'mkdir stub; mkfifo begun',
      'cat > stub/npm <<END',
      // A shell may miss a signal that comes when it is about to wait.
      '#!/usr/bin/env node',
      "process.on('SIGTERM', () => { console.log('the program cleans up'); process.exit(); });",
      "setTimeout(() => undefined, 1_000_000); require('fs').writeFileSync('$PWD/begun', 'yes\\n');",
      'END',
      'chmod +x stub/npm',
      `PATH=$PWD/stub:$PATH ${tasks}/release.sh & read < begun`,
      'kill -TERM $!; wait $! || echo "ended with $?"',
    ].join('\n'),
  );
  expect(ran.output).toBe('the program cleans up\nended with 143\n');
});

test('what npm installs and builds with does not see the keys of the cloud', async () => {
  const stub = `mkdir stub; printf '#!/bin/sh\\nenv >> %s; exit 1\\n' "$PWD/seen" > stub/npm`;
  for (const script of ['contract.sh', 'bats.sh', 'sweep.sh']) {
    await using ran = await runShell(
      `${stub}; cp stub/npm stub/bundle; chmod +x stub/*; mkdir director; PATH=$PWD/stub:$PATH ${tasks}/${script}`,
      { env: { TARGET: 'cloud', CLOUD: '{"secret":"very-secret"}' } },
    );
    expect(ran.status, script).toBe(1);
    const seen = readFileSync(join(ran.folder, 'seen'), 'utf8');
    expect(seen, script).toContain('PATH=');
    expect(seen, script).not.toContain('very-secret');
  }
});

test('contract and sweep on a cloud take its description from the environment', async () => {
  const cloud = await openCloud();
  const env = { TARGET: 'cloud', CLOUD: JSON.stringify(cloud.file), CASES: 'ENV-01' };
  await using ran = await runShell(
    `${tasks}/contract.sh && DELETE=true ${tasks}/sweep.sh && find . -name cloud.json`,
    { env },
  );
  await cloud.close();
  expect(ran.status, ran.output).toBe(0);
  expect(ran.output).toMatch(/1 passed[\s\S]*nothing is left by runs\n/);
  // And of calls that were killed.
  expect(ran.output).toMatch(/^Nothing is left over\.$/m);
});

test('bats runs the acceptance tests on the Director that create-env has made', async () => {
  const cloud = await openCloud();
  const folder = mkdtempSync(join(tmpdir(), 'ci-bats-'));
  const example = {
    ...{ full_description: 'is well', status: 'passed', file_path: './spec/system/a_spec.rb' },
    ...{ line_number: 1, run_time: 1 },
  };
  const programs = standIns(folder, { json: { examples: [example], summary: {} } });
  await using ran = await runShell(
    [
      `mkdir director && cp ${programs.stemcell} director`,
      'echo "export BOSH_ENVIRONMENT=10.0.0.6" > director/director.env',
      `PATH=${programs.bin}:$PATH BATS=${programs.checkout} ${tasks}/bats.sh`,
    ].join('\n'),
    { env: { CLOUD: JSON.stringify(cloud.file) } },
  );
  await cloud.close();
  const { BOSH_ENVIRONMENT: environment } = ran.status === 0 ? programs.environment() : {};
  rmSync(folder, { recursive: true });
  expect(ran.status, ran.output).toBe(0);
  expect(environment).toBe('10.0.0.6');
  expect(readFileSync(join(ran.folder, 'bats-results/receipt.md'), 'utf8')).toMatch(
    /^# Director BATS: passed\n\n1 passed/,
  );
});

const vars = 'internal_ip: 10.0.0.6\ncloudstack_secret_access_key: very-secret';
const answers = {
  'bosh interpolate --path /internal_ip': '10.0.0.6',
  'bosh interpolate --path /admin_password': 'pass"word $1',
  'bosh interpolate --path /director_ssl/ca': '-----BEGIN CERTIFICATE-----',
  'bosh deployments': 'cf',
};
const sha1 = 'e0fa0c4b9e6d4c0d1f8b9a7c6d5e4f3a2b1c0d9e';

/** A Director by create-env.sh, and what comes after it. */
function withDirector(script: string, stemcellSha1 = sha1Of('a stemcell')): Promise<Ran> {
  return runShell(script, {
    files: {
      'stemcell-of-mine.tgz': 'a stemcell',
      'release-tarball/bosh-cloudstack-cpi-0.1.0.tgz': 'a release',
      'bosh-deployment/bosh.yml': '{}',
    },
    env: { DIRECTOR_VARS: vars, STEMCELL_SHA1: stemcellSha1, OPS_FILES: 'release/ops/proxy.yml' },
    answers: { ...answers },
  });
}

function sha1Of(text: string): string {
  return execFileSync('sha1sum', { input: text, encoding: 'utf8' }).split(' ')[0]!;
}

const createEnv = `STEMCELL_URL=file://$PWD/stemcell-of-mine.tgz ${tasks}/create-env.sh`;

test('create-env makes a Director that a shell can log in to, and keeps its secrets to itself', async () => {
  const login = 'echo "$BOSH_ENVIRONMENT $BOSH_CLIENT $BOSH_CLIENT_SECRET $BOSH_CA_CERT"';
  await using ran = await withDirector(`${createEnv}; . director/director.env; ${login}`);
  expect(ran.status, ran.output).toBe(0);
  expect(ran.output).toMatch(/^10\.0\.0\.6 admin .* -----BEGIN CERTIFICATE-----$/m);
  expect(ran.output).not.toContain('very-secret');
  expect(ran.calls.map(([, ...words]) => problemOfBosh(words))).toEqual(
    ran.calls.map(() => undefined),
  );
  const line = ran.calls.find(([, command]) => command === 'create-env')!.join(' ');
  const { folder } = ran;
  expect(line).toContain(`${folder}/bosh-deployment/bosh.yml -o ${root}release/ops/cpi.yml`);
  expect(line).toContain(`-o ${root}release/ops/proxy.yml`);
  expect(line).toContain(`--state ${folder}/director/state.json`);
  expect(line).toMatch(/_release_sha1=sha256:[0-9a-f]{64} /);
  expect(line).toContain(`stemcell_url=file://${folder}/director/stemcell.tgz`);
  for (const file of ['vars.yml', 'director.env']) {
    expect(statSync(join(folder, 'director', file)).mode & 0o077, file).toBe(0);
  }
});

test('create-env refuses a stemcell that is another one', async () => {
  await using ran = await withDirector(createEnv, sha1);
  expect(ran.status).toBe(1);
  expect(ran.output).toMatch(/stemcell\.tgz: FAILED|did NOT match/);
  expect(ran.calls).toEqual([]);
});

test('delete-env deletes what the Director has deployed, then itself, by the same words', async () => {
  await using ran = await withDirector(
    `${createEnv}; echo '{}' > director/state.json; ${tasks}/delete-env.sh`,
  );
  expect(ran.status, ran.output).toBe(0);
  const commands = ran.calls.map(([, ...words]) => words);
  expect(commands.map((words) => problemOfBosh(words))).toEqual(commands.map(() => undefined));
  const [created, deleted] = ['create-env', 'delete-env'].map((name) =>
    commands.find(([command]) => command === name)!.slice(1),
  );
  expect(deleted).toEqual(created);
  const last = commands.slice(-6).map((words) => words.slice(0, 3).join(' '));
  expect(last.slice(0, 5)).toEqual([
    'cancel-tasks --state=queued --state=processing',
    'task',
    'deployments --column=name',
    '-d cf delete-deployment',
    'clean-up --all',
  ]);
});

test('delete-env has nothing to do where no Director was made', async () => {
  await using ran = await runShell(`${tasks}/delete-env.sh`);
  expect(ran).toMatchObject({ status: 0, calls: [] });
  expect(ran.output).toMatch(/no Director has been made: .*director has no state\.json/);
});

/** A Director that is there, and a bosh CLI that fails at these command lines, as `case` tells them. */
function thatFails(lines: string, then: string): Promise<Ran> {
  return withDirector(
    [
      createEnv,
      'echo "{}" > director/state.json',
      'mkdir fail; cat > fail/bosh <<END',
      '#!/bin/sh',
      `case "\\$*" in *--force*) ;; ${lines}) exit 1 ;; esac`,
      `exec $PWD/bin/bosh "\\$@"`,
      'END',
      'chmod +x fail/bosh; export PATH=$PWD/fail:$PATH',
      then,
    ].join('\n'),
  );
}

for (const command of ['cancel-tasks', 'deployments', 'clean-up']) {
  test(`a Director that cannot be emptied, as ${command} fails, stays with its state`, async () => {
    await using ran = await thatFails(`*${command}*`, `${tasks}/delete-env.sh`);
    expect(ran.status).toBe(1);
    expect(ran.output).toContain('the Director could not be emptied, so it stays (ABANDON=true');
    expect(ran.output).toContain(`its state is in ${ran.folder}/director: keep that folder`);
    expect(ran.calls.map(([, verb]) => verb)).not.toContain('delete-env');
  });
}

test('a Director that cannot be emptied goes all the same if it is to', async () => {
  await using ran = await thatFails('*cancel-tasks*', `ABANDON=true ${tasks}/delete-env.sh`);
  expect(ran.status, ran.output).toBe(0);
  expect(ran.output).toContain('the Director could not be emptied; it goes all the same');
  expect(ran.calls.at(-1)?.[1]).toBe('delete-env');
});

test('a deployment that cannot be deleted stays, and the Director, unless both are to be abandoned', async () => {
  await using kept = await thatFails('*delete-deployment*', `${tasks}/delete-env.sh`);
  expect(kept.status).toBe(1);
  expect(kept.output).toContain(`its state is in ${kept.folder}/director: keep that folder`);
  const asked = kept.calls.map((words) => words.join(' ')).join('\n');
  expect(asked).not.toMatch(/--force|bosh delete-env/);

  await using ran = await thatFails('*delete-deployment*', `ABANDON=true ${tasks}/delete-env.sh`);
  expect(ran.status, ran.output).toBe(0);
  expect(ran.output).toContain(
    'cf is deleted with --force: what the CPI cannot delete of it stays',
  );
  expect(ran.calls.at(-1)?.[1]).toBe('delete-env');
});

test('delete-env that fails is red, and what is known of the Director is kept', async () => {
  const passphrase = 'between us';
  await using ran = await thatFails(
    '*delete-env*',
    [
      `${tasks}/delete-env.sh || echo "ended with $?"`,
      `export STATE_PASSPHRASE='${passphrase}'`,
      `${tasks}/keep-state.sh`,
      'cp -r director before; rm -r director; grep -c very-secret kept-state/* || true',
      'openssl enc -d -aes-256-cbc -pbkdf2 -pass env:STATE_PASSPHRASE -in kept-state/*.enc | tar -xz',
      'diff -r before director || true',
    ].join('\n'),
  );
  expect(ran.status, ran.output).toBe(0);
  expect(ran.output).toContain('ended with 1\n');
  expect(ran.output).toMatch(/delete-env\.sh: the Director is still there, and its state is in /);
  expect(ran.output).toMatch(/is kept in director-\d{8}T\d{6}Z\.tgz\.enc \(/);
  // Nothing of it can be read as it is; all of it comes back but what can be had elsewhere.
  expect(ran.output).toMatch(/^0\nOnly in before: stemcell\.tgz$/m);
});

test('where no Director was made there is no state to keep', async () => {
  await using ran = await runShell(`${tasks}/keep-state.sh`, { env: { STATE_PASSPHRASE: 'p' } });
  expect(ran.status).toBe(1);
  expect(ran.output).toMatch(/there is nothing to keep: .*director has no state\.json/);
});

test('a release that is not one is refused before anything is made', async () => {
  const two = 'cp release-tarball/*.tgz release-tarball/older.tgz';
  for (const [change, message] of [
    [
      two,
      /has 2 tarballs in it, .* remove all but one: bosh-cloudstack-cpi-0\.1\.0\.tgz older\.tgz/,
    ],
    ['rm release-tarball/*.tgz', /has no release's tarball in it; release\.sh makes one/],
  ] as const) {
    await using ran = await withDirector(`${change}; ${createEnv}`);
    expect(ran.status).toBe(2);
    expect(ran.output).toMatch(message);
    expect(ran.calls).toEqual([]);
  }
});

test('create-env that cannot tell how to log in says nothing of it', async () => {
  const stub = `printf '%s\\n' '#!/bin/sh' 'case "$*" in *admin_password*) exit 1 ;; esac' > fail/bosh`;
  await using ran = await withDirector(
    `mkdir fail; ${stub}; chmod +x fail/bosh; export PATH=$PWD/fail:$PATH; ${createEnv}`,
  );
  expect(ran.status).toBe(1);
  expect(readdirSync(join(ran.folder, 'director'))).not.toContain('director.env');
});
