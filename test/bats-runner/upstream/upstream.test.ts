// The acceptance tests are run as their README asks for, with what they lack for CloudStack, and what
// comes of them stands in the reports beside the contract. The bosh CLI, Bundler and RSpec are stand-ins.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { contractOffers } from '../../../bats-runner/target/contract-world.js';
import { readCloudConfig, type CloudConfig } from '../../../bats-runner/target/cloud-config.js';
import { Interrupted } from '../../../bats-runner/interrupted.js';
import { runUpstream } from '../../../bats-runner/upstream/run-upstream.js';
import { test } from '../support.js';
import { standIns, type StandIns, type Wishes } from './stand-ins.js';

const file = {
  cloudstack: {
    endpoint: 'https://c.example.com/client/api',
    api_key: 'k',
    secret_access_key: 's',
  },
  zone: 'zone1',
  template: 'ubuntu-jammy',
  compute_offering: 'small',
  other_compute_offering: 'medium',
  disk_offering: 'any-size',
  network: { name: 'private', addresses: ['10.10.1.20-10.10.1.40'] },
};
const config = (more: object = {}): CloudConfig =>
  readCloudConfig('cloud.json', JSON.stringify({ ...file, ...more }));

interface Run {
  readonly isGood: boolean;
  readonly told: string;
}

async function run(
  folder: string,
  { bin, checkout, stemcell, calls }: StandIns,
  more: { config?: CloudConfig; specs?: string[]; path?: string; endedIn?: string } = {},
): Promise<Run> {
  let told = '';
  let nowMs = 0;
  const { endedIn } = more;
  const isEnded = (): boolean =>
    endedIn !== undefined && calls().some((call) => call.startsWith(endedIn));
  const isGood = await runUpstream({
    config: more.config ?? config(),
    offers: contractOffers,
    checkout,
    stemcell,
    boshCli: 'bosh',
    specs: more.specs ?? [],
    output: join(folder, 'out'),
    runner: 'the runner',
    environment: {
      BOSH_ENVIRONMENT: 'd',
      PATH: more.path ?? `${bin}:${process.env['PATH'] ?? ''}`,
    },
    write: (text) => (told += text),
    clock: { nowMs: () => (nowMs += 500), nowIso: () => '2026-11-26T20:00:00.000Z' },
    // Ctrl-C comes while the program runs that is called so.
    signal: Object.defineProperty(new AbortController().signal, 'aborted', { get: isEnded }),
  });
  return { isGood, told };
}

const example = {
  id: './spec/system/cck_spec.rb[1:1]',
  description: 'recreates',
  full_description: 'cck recreates <a> "VM"',
  status: 'passed',
  file_path: './spec/system/cck_spec.rb',
  line_number: 30,
  run_time: 61.25,
  pending_message: null,
};
const failing = {
  ...example,
  full_description: 'network configuration changes static IP address',
  status: 'failed',
  file_path: './spec/system/network_configuration_spec.rb',
  line_number: 23,
  exception: {
    class: 'RSpec::Expectations::ExpectationNotMetError',
    message: '\n\u001b[31mexpected 0, got 1\u001b[0m',
    backtrace: ['./spec/system/network_configuration_spec.rb:26'],
  },
};
const pending = { ...example, full_description: 'root', status: 'pending', pending_message: 'no' };

const good: Wishes = {
  printed:
    '#####\n\u001b[36mBATs example started \'cck recreates <a> "VM"\' ./spec/system/cck_spec.rb:30\u001b[0m\n' +
    'Running bosh command --> bosh deploy\n' +
    '\u001b[32mBATs example passed  \'cck recreates <a> "VM"\' ./spec/system/cck_spec.rb:30\u001b[0m',
  json: { version: '3.13', examples: [example, pending], summary: { duration: 61.25 } },
};
const bad: Wishes = {
  ...good,
  json: { examples: [example, failing], summary: { errors_outside_of_examples_count: 1 } },
  exitCode: 1,
};

test('they are run with what they ask for', async ({ folder }) => {
  const programs = standIns(folder, good);
  const { isGood, told } = await run(folder, programs);
  expect(isGood, told).toBe(true);
  const [director, install, rspec, ...more] = programs.calls();
  expect([director, install, more]).toEqual([
    'bosh --non-interactive --json env',
    'bundle install',
    [],
  ]);
  expect(rspec).toMatch(
    /^bundle exec rspec spec\/system --format BatsVerboseFormatter --format json --out /,
  );
  expect(programs.environment()).toMatchObject({
    BAT_STEMCELL: programs.stemcell,
    BAT_BOSH_CLI: 'bosh',
    BAT_INFRASTRUCTURE: 'cloudstack',
    BOSH_ENVIRONMENT: 'd',
  });
  const { cpi, properties } = programs.batYml();
  expect(cpi).toBe('cloudstack');
  expect(properties['stemcell']).toEqual({
    name: 'bosh-openstack-kvm-ubuntu-jammy',
    version: '1.785',
  });
  expect(properties['ssh_key_pair']['public_key']).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E/);
  // It has a private key in it.
  expect(existsSync(programs.environment()['BAT_DEPLOYMENT_SPEC']!)).toBe(false);
  const templates = join(programs.checkout, 'templates');
  expect(readdirSync(templates)).toEqual(['cloud_config_cloudstack.yml.erb']);
  expect(told).toMatch(
    /^ {6}cck recreates <a> "VM" …\nok {4}cck recreates .*_spec\.rb:30\) 0\.5 s$/m,
  );
});

test('the receipt tells of them, the other reports hold them', async ({ folder }) => {
  await run(folder, standIns(folder, good));
  const out = join(folder, 'out');
  const receipt = readFileSync(join(out, 'receipt.md'), 'utf8');
  expect(receipt).toMatch(/^# Director BATS: passed\n\n1 passed, 0 failed, 1 skipped\.\n/);
  expect(receipt).toMatch(/^- Director: bats 283\.1\.6, CPI cloudstack_cpi$/m);
  expect(receipt).toMatch(/^- stemcell: bosh-openstack-kvm-ubuntu-jammy\/1\.785$/m);
  expect(receipt).toMatch(/^\| spec\/system\/cck_spec\.rb \| 1 \| 0 \| 1 \| 122\.5 s \|$/m);
  expect(receipt).toMatch(/^- tag nic_groups: a NIC of CloudStack is in one network$/m);
  expect(receipt).toMatch(/^- root: no$/m);
  expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toMatchObject({
    bats: { version: '3.13' },
  });
  const junit = readFileSync(join(out, 'report.xml'), 'utf8');
  expect(junit).toContain('<testcase name="cck recreates &lt;a&gt; &quot;VM&quot;" classname=');
  expect(readFileSync(join(out, 'bats.log'), 'utf8')).toContain('Running bosh command');
  expect(existsSync(join(out, 'html/index.html'))).toBe(true);
});

test('what fails is told, with what the CPI said, and stays once in the reports', async ({
  folder,
}) => {
  const out = join(folder, 'out');
  mkdirSync(join(out, 'receipt'), { recursive: true });
  writeFileSync(join(out, 'receipt/contract.md'), '# The CPI contract: passed\n');
  writeFileSync(
    join(out, 'report.xml'),
    '<testsuites tests="1" failures="0">\n<testsuite name="contract"></testsuite>\n</testsuites>\n',
  );
  writeFileSync(join(out, 'report.json'), '{"suites":[1]}');
  const programs = standIns(folder, bad);
  for (const again of [false, true]) {
    const { isGood } = await run(folder, programs);
    expect(isGood, String(again)).toBe(false);
    const receipt = readFileSync(join(out, 'receipt.md'), 'utf8');
    expect(receipt).toMatch(/^# The CPI contract: passed\n\n# Director BATS: failed\n/);
    expect(receipt).toContain('1 errors before or after all examples.');
    expect(receipt).toContain(
      '- network configuration changes static IP address ' +
        '(spec/system/network_configuration_spec.rb:23): RSpec::Expectations::ExpectationNotMetError: ',
    );
    const junit = readFileSync(join(out, 'report.xml'), 'utf8');
    expect(junit.match(/<testsuite name="[^"]*"/g)).toEqual([
      '<testsuite name="contract"',
      '<testsuite name="Director BATS"',
    ]);
    expect(junit).toMatch(/<failure message="[^"]*">.*\s*expected 0, got 1\n\.\/spec/);
    expect(junit).not.toContain('\u001b');
    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toMatchObject({
      suites: [1],
      bats: { examples: [{}, {}] },
    });
  }
  expect(readFileSync(join(out, 'bats-tasks/7-cpi.log'), 'utf8')).toMatch(
    /^create deployment\n\nwhat the CPI said\n/,
  );
});

test('what anybody says of the keys of the cloud is in none of the files', async ({ folder }) => {
  const secret = 'secret-key/of+the cloud';
  const access = { ...file.cloudstack, secret_access_key: secret };
  const message = `401 for ${JSON.stringify(secret)}`;
  const programs = standIns(folder, {
    ...bad,
    printed: `${String(bad.printed)}\nkey: ${secret}`,
    json: { examples: [{ ...failing, exception: { class: 'E', message } }], summary: {} },
    cpiSaid: `signed with ${encodeURIComponent(secret)}`,
  });
  await run(folder, programs, { config: config({ cloudstack: access }) });
  const out = join(folder, 'out');
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' });
  for (const name of ['bats.log', 'bats.json', 'report.json', 'report.xml', 'receipt.md']) {
    expect(files).toContain(name);
    expect(readFileSync(join(out, name), 'utf8'), name).toMatch(/<secret>|&lt;secret&gt;/);
  }
  const tasks = readFileSync(join(out, 'bats-tasks/7-cpi.log'), 'utf8');
  expect(tasks).toBe('create deployment\n\nsigned with <secret>\n');
});

test('only what is named is run; a run that tried nothing is no success', async ({ folder }) => {
  const nothing = { examples: [pending], summary: {} };
  const programs = standIns(folder, { ...good, json: nothing });
  const { isGood } = await run(folder, programs, { specs: ['spec/system/cck_spec.rb'] });
  expect(isGood).toBe(false);
  expect(programs.calls()[2]).toMatch(/^bundle exec rspec spec\/system\/cck_spec\.rb --format/);
});

test('a run that is ended before its results are written is told by what was seen of it', async ({
  folder,
}) => {
  const programs = standIns(folder, { ...good, json: undefined, exitCode: 1 });
  expect(await run(folder, programs, { endedIn: 'bundle exec' })).toMatchObject({ isGood: false });
  expect(readFileSync(join(folder, 'out/receipt.md'), 'utf8')).toMatch(
    /^# Director BATS: interrupted\n\n1 passed, 0 failed, 0 skipped\./,
  );
});

for (const [endedIn, wishes, message, last] of [
  ['bosh', good, /^interrupted before the first example$/, /^bosh .* env$/],
  ['bundle install', good, /^interrupted before the first example$/, /^bundle install$/],
  [
    'bundle install',
    { installFails: 'Quitting...' },
    /^interrupted: bundle install: exit 1\nQuitting\.\.\.$/,
    /^bundle install$/,
  ],
  [
    'bundle exec',
    { json: '', signal: 'INT' },
    /^interrupted: rspec: exit by a signal before any example; /,
    /^bundle exec rspec /,
  ],
] as const) {
  const how = wishes === good ? 'goes well all the same' : 'ends badly';
  test(`Ctrl-C in a ${endedIn} that ${how} is told as that, and nothing more is run`, async ({
    folder,
  }) => {
    const programs = standIns(folder, wishes);
    const failure = await run(folder, programs, { endedIn }).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(Interrupted);
    expect((failure as Error).message).toMatch(message);
    expect(programs.calls().at(-1)).toMatch(last);
  });
}

test('a killed RSpec is no result: what was seen of it is told, with the reason', async ({
  folder,
}) => {
  const out = join(folder, 'out');
  await run(folder, standIns(folder, good));
  // It makes the file when it begins.
  const programs = standIns(folder, { ...good, json: '', signal: 'KILL' });
  const { isGood, told } = await run(folder, programs);
  expect(isGood).toBe(false);
  const reason = /rspec: exit by a signal before it had written its results: .*bats\.log has/;
  expect(told).toMatch(reason);
  const receipt = readFileSync(join(out, 'receipt.md'), 'utf8');
  expect(receipt).toMatch(/^# Director BATS: failed\n\n1 passed, 0 failed, 0 skipped\.\n/);
  expect(receipt).toMatch(reason);
  const { bats } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as {
    bats: { examples: object[]; problem: string; version?: string };
  };
  expect(bats.examples).toHaveLength(1);
  expect(bats.problem).toMatch(reason);
  expect(bats.version, 'nothing is left of the earlier run').toBeUndefined();
  const junit = readFileSync(join(out, 'report.xml'), 'utf8');
  expect(junit).toMatch(/<testsuite name="Director BATS" tests="1" failures="0" errors="1"/);
});

for (const [what, wishes, message] of [
  ['no example', { json: '', signal: 'KILL' }, /^rspec: exit by a signal before any example; /],
  ['half of its results', { json: '{"examples": [', exitCode: 1 }, /^rspec: exit 1 before any exa/],
  ['something else', { ...good, json: { examples: 'many' } }, /^rspec: its results are not as k/],
] as const) {
  test(`an RSpec that leaves ${what} is an error of the run`, async ({ folder }) => {
    const failure = await run(folder, standIns(folder, wishes)).catch((reason: unknown) => reason);
    expect((failure as Error).message).toMatch(message);
    expect(existsSync(join(folder, 'out/bats.json'))).toBe(false);
  });
}

test('tags of which nothing is known are told, others are not', async ({ folder }) => {
  const programs = standIns(folder, good);
  const file = join(programs.checkout, 'spec/system/some_spec.rb');
  const known =
    "describe 'a', os: true, core: true do\n  it 'b', ssh: true do\n    x = { is: true }\n";
  writeFileSync(file, known);
  expect((await run(folder, programs)).told).not.toContain('nothing is known');
  writeFileSync(file, `${known}    context 'c', ssh: true, quantum_networking: true do\n`);
  expect((await run(folder, programs)).told).toContain(
    'tried, though nothing is known of the tag: quantum_networking\n',
  );
});

test('a template for CloudStack that others made is left', async ({ folder }) => {
  const programs = standIns(folder, good);
  const template = join(programs.checkout, 'templates/cloud_config_cloudstack.yml.erb');
  writeFileSync(template, 'theirs');
  expect((await run(folder, programs)).told).toContain('the checkout has a template');
  expect(readFileSync(template, 'utf8')).toBe('theirs');
});

for (const [what, wishes, message] of [
  [
    'a Director that does not answer',
    { env: { printed: 'Fetching info: Expected 401, got 200', exitCode: 1 } },
    /^bosh --non-interactive --json: exit 1\nFetching info: Expected 401/,
  ],
  [
    'a CLI that prints something else',
    { env: { printed: 'hello', exitCode: 0 } },
    /^bosh env: it answered what is no table:\nhello/,
  ],
  ['gems that cannot be had', { installFails: 'no gem' }, /^bundle install: exit 1\nno gem/],
  [
    'examples that cannot be read',
    { exitCode: 1, printed: 'LoadError' },
    /^rspec: exit 1 before any example; .*bats\.log has what it said/,
  ],
] as const) {
  test(`${what}: the message says so`, async ({ folder }) => {
    const failure = await run(folder, standIns(folder, wishes)).catch((reason: unknown) => reason);
    expect((failure as Error).message).toMatch(message);
  });
}

test('what the acceptance tests cannot work with is refused before anything runs', async ({
  folder,
}) => {
  const programs = standIns(folder, good);
  execFileSync('tar', ['-czf', 'folder.tgz', './stemcell.MF'], { cwd: folder });
  await expect(run(folder, { ...programs, stemcell: join(folder, 'folder.tgz') })).rejects.toThrow(
    /folder\.tgz is no stemcell: .* called \.\/stemcell\.MF\. Pack it anew: mkdir unpacked/,
  );
  const spaced = join(folder, 'my stemcell.tgz');
  copyFileSync(programs.stemcell, spaced);
  await expect(run(folder, { ...programs, stemcell: spaced })).rejects.toThrow(
    /my stemcell\.tgz: the acceptance tests give this path to a shell without quotes/,
  );
  expect(programs.calls()).toEqual([]);
});

test('what is missing is named', async ({ folder }) => {
  const programs = standIns(folder, good);
  await expect(run(folder, { ...programs, checkout: folder })).rejects.toThrow(
    /is no checkout of the acceptance tests: it has no Gemfile, no spec\/system, no templates\./,
  );
  const image = join(folder, 'image');
  await expect(run(folder, { ...programs, stemcell: image })).rejects.toThrow(
    /image is no stemcell/,
  );
  await expect(run(folder, programs, { path: '/nowhere' })).rejects.toThrow(
    'bosh: it is not on the PATH',
  );
});
