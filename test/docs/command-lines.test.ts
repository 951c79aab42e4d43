// Proves that the command lines of the operators' pages run, as they stand there: bash takes each block,
// the CPI's own commands end well against a simulated cloud, and the other programs are called as they
// can be. What the commands of a page are to bring about is looked at, too.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { TestClient } from '../support/simulator-client.js';
import { problemOfBosh } from './bosh-command-line.js';
import { blocksOf, pagesOfDocs, prose, readPage } from './page.js';
import { runShell, type CommandLine, type Ran, type Surroundings } from './shell.js';

const hasJq = spawnSync('jq', ['--version']).status === 0;

const { scripts, version } = JSON.parse(readPage('package.json')) as {
  scripts: Record<string, string>;
  version: string;
};

const tarball = `bosh-cloudstack-cpi-${version}.tgz`;

/** What the pages need that they do not make themselves, and how to tell that they did what they say. */
const pages: Readonly<
  Record<string, Surroundings & { readonly shows?: (ran: Ran) => void | Promise<void> }>
> = {
  'docs/cpi/install.md': {
    files: { [`dist/${tarball}`]: 'a release', 'stemcell.tgz': 'a stemcell' },
    shows: ({ output, calls }) => {
      expect(output).toContain('The CPI can work');
      const createEnv = calls.find(
        ([name, command]) => name === 'bosh' && command === 'create-env',
      );
      expect(createEnv?.join(' ')).toMatch(/_release_sha1=sha256:[0-9a-f]{64} /);
      expect(createEnv?.join(' ')).toMatch(/ stemcell_sha1=[0-9a-f]{40} /);
    },
  },
  'docs/cpi/network-paths.md': {
    shows: ({ output }) => {
      expect(output).toContain('The CPI can work');
    },
  },
  'docs/cpi/operating.md': {
    files: { 'creds.yml': '{}' },
    answers: { 'bosh interpolate creds.yml --path /jumpbox_ssh/private_key': 'a key' },
    shows: ({ output, calls, folder }) => {
      expect(output).toContain('The CPI can work');
      expect(output.match(/[Nn]othing/g)?.length).toBeGreaterThan(1);
      const [, ...words] = calls.find(([program]) => program === 'ssh')!;
      expect(words).toEqual(['-i', 'jumpbox.key', 'jumpbox@10.0.0.6']);
      const key = join(folder, 'jumpbox.key');
      expect([readFileSync(key, 'utf8'), statSync(key).mode & 0o777]).toEqual(['a key\n', 0o600]);
    },
  },
  'docs/cpi/role.md': {
    answers: {
      'cmk create role ': '{"role":{"id":"made-by-hand"}}',
      'cmk list roles':
        '{"role":[{"id":"r-2","name":"bosh-cpi-2"},{"id":"r-1","name":"bosh-cpi"}]}',
      'cmk list accounts': '{"account":[{"id":"a-1","name":"bosh"}]}',
    },
    shows: showRoles,
  },
  'docs/cpi/stemcells.md': {
    files: {
      'stemcell-openstack.tgz': openStackStemcell(),
      'agent.json': blocksOf(readPage('docs/cpi/stemcells.md'), 'json').at(-1)!,
    },
    shows: showStemcell,
  },
};

for (const [path, { shows, ...surroundings }] of Object.entries(pages)) {
  test(`${path}: its commands run`, async () => {
    const script = blocksOf(readPage(path), 'sh').join('\n');
    test.skip(!hasJq && /\bjq\b/.test(script), 'needs jq');
    await using ran = await runShell(script, surroundings);
    expect(ran.status, ran.output).toBe(0);
    expect(ran.calls.map(problemOf).filter((problem) => problem !== undefined)).toEqual([]);
    await shows?.(ran);
  });
}

test('every page for operators with commands is run: here, or as a whole by a test of its own', () => {
  const elsewhere = ['migrating', 'quick-start', 'registry', 'stemcell-server'].map(
    (name) => `docs/cpi/${name}.md`,
  );
  const withCommands = pagesOfDocs.filter(
    (path) => path.startsWith('docs/cpi/') && blocksOf(readPage(path), 'sh').length > 0,
  );
  expect([...Object.keys(pages), ...elsewhere].sort()).toEqual(withCommands);
});

test('commands of bosh, of the CPI and of npm within sentences are such that there are', () => {
  const problems = pagesOfDocs
    .filter((path) => path.startsWith('docs/cpi/'))
    .flatMap((path) =>
      [...prose(readPage(path)).matchAll(/`((?:bosh|npm run|cloudstack-cpi) [^`]+)`/g)]
        .map(([, line = '']) => line.split(/\s+/) as unknown as CommandLine)
        .flatMap((line) => {
          const problem = problemOfMention(line);
          return problem === undefined ? [] : [`${path}: ${problem}`];
        }),
    );
  expect(problems).toEqual([]);
});

test('what the bosh CLI would not take is told', () => {
  expect(problemOfBosh(['create-evn', 'x.yml'])).toContain('which command?');
  expect(problemOfBosh(['create-env'])).toContain('takes 1 to 1 arguments');
  expect(problemOfBosh(['create-env', 'x.yml', '--stat', 's'])).toContain('no option --stat');
  expect(problemOfBosh(['vms', '-v', 'a=b'])).toContain('no option -v');
  expect(problemOfBosh(['create-env', 'x.yml', '--state'])).toContain('needs a value');
  expect(problemOfBosh(['-d', 'cf', 'cloud-check', '--report'])).toBeUndefined();
});

function problemOf([program, ...words]: CommandLine): string | undefined {
  if (program === 'bosh') return problemOfBosh(words);
  if (program !== 'npm' || words[0] === 'ci') return undefined;
  const [run, script = ''] = words;
  return run === 'run' && Object.hasOwn(scripts, script) ? undefined : `npm ${words.join(' ')}`;
}

/** Sentences leave out arguments, and name options of the CPI's commands. */
function problemOfMention(line: CommandLine): string | undefined {
  const [program, ...words] = line;
  if (program === 'cloudstack-cpi') {
    const [command] = words.join(' ').replace('--config cpi.json', '').trim().split(' ');
    return ['', 'check', 'gc', 'permissions'].includes(command!) ? undefined : line.join(' ');
  }
  const problem = problemOf(line);
  return problem?.includes('arguments, got') === true ? undefined : problem;
}

/** An administrator makes the role by each of the forms, gives it to the account, and it is enough. */
function showRoles({ calls, simulator }: Ran): void {
  const admin = new TestClient(simulator, simulator.userWithRole('Admin'));
  const made: string[] = [];
  for (const [program, verb, noun, ...words] of calls) {
    if (program !== 'cmk' || verb === 'list') continue;
    const values = Object.fromEntries(
      words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    );
    const { accounts, roles } = simulator.world;
    const account = accounts.all().find(({ name }) => name === 'bosh')!;
    const given =
      values['roleid'] === 'r-1'
        ? roles.all().find(({ name }) => name === 'bosh-cpi')?.id
        : made[0];
    const answer = admin.call(apiName(verb!, noun!), {
      ...values,
      ...(values['roleid'] !== undefined && { roleid: given! }),
      ...(noun === 'account' && { id: account.id }),
    });
    if (verb === 'create' && noun === 'role') made.push((answer['role'] as { id: string }).id);
  }
  const { roles, accounts, rolePermissions } = simulator.world;
  const named = (name: string): string => roles.all().find((role) => role.name === name)!.id;
  const rulesOf = (name: string): string[] =>
    rolePermissions
      .all()
      .filter(({ roleId }) => roleId === named(name))
      .map(({ rule, permission }) => `${permission} ${rule}`)
      .sort();
  const rules = rulesOf('bosh-cpi');
  expect(rules.length).toBeGreaterThan(50);
  expect(rulesOf('my role')).toEqual(rules);
  expect(rulesOf('bosh-cpi-2')).toEqual(rules);
  expect(accounts.all().find(({ name }) => name === 'bosh')).toMatchObject({
    roleId: named('bosh-cpi'),
  });
}

/** CloudMonkey's words for a command: a verb, and the rest without capitals. */
function apiName(verb: string, noun: string): string {
  const nouns: Readonly<Record<string, string>> = {
    role: 'Role',
    rolepermission: 'RolePermission',
    account: 'Account',
  };
  return `${verb}${nouns[noun] ?? noun}`;
}

/** As bosh.io's are, as far as it is looked into. */
function openStackStemcell(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'stemcell-'));
  try {
    const tar = (archive: string, ...names: string[]): unknown =>
      execFileSync('tar', ['-czf', archive, ...names], { cwd: folder });
    writeFileSync(join(folder, 'root.img'), 'a disk');
    tar('image', 'root.img');
    writeFileSync(join(folder, 'stemcell.MF'), 'name: s\nversion: "1.2"\nsha1: 0123abcd\n');
    tar('stemcell.tgz', 'stemcell.MF', 'image');
    return execFileSync('cat', ['stemcell.tgz'], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function showStemcell({ calls, folder }: Ran): void {
  expect(calls.map(([program]) => program)).toEqual(['guestfish', 'bosh']);
  const sh = (command: string): string =>
    execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  const manifest = sh('tar -xzOf stemcell.tgz stemcell.MF');
  const digest = sh('tar -xzOf stemcell.tgz image | sha1sum').split(' ')[0]!;
  expect(manifest).toBe(`name: s\nversion: "1.2"\nsha1: ${digest}\n`);
  expect(sh('tar -xzOf stemcell.tgz image | tar -xzO root.img')).toBe('a disk');
}
