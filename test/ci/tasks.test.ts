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
  ['sweep.sh', 'CLOUD'],
] as const) {
  test(`${script} names all that is not set, and does nothing`, async () => {
    await using ran = await runShell(`${tasks}/${script}`);
    expect(ran).toMatchObject({ status: 2, calls: [] });
    expect(ran.output).toContain(`${script}: ${lacks}: not set`);
  });
}

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
  const last = commands.slice(-4).map((words) => words.slice(0, 3).join(' '));
  expect(last.slice(0, 3)).toEqual([
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

test('a Director that does not answer goes all the same', async () => {
  await using ran = await withDirector(
    [
      createEnv,
      'echo "{}" > director/state.json',
      'printf "exit 1\\n" > director/director.env',
      `${tasks}/delete-env.sh`,
    ].join('\n'),
  );
  expect(ran.status, ran.output).toBe(0);
  expect(ran.output).toContain('the Director could not be emptied; it goes all the same');
  expect(ran.calls.at(-1)?.[1]).toBe('delete-env');
});
