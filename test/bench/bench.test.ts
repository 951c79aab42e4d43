// Proves that each measurement of the benchmark runs, with tiny sizes, and gives the figures that it
// is there for; what they are is not looked at. And what the benchmark does with its options.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...options: readonly string[]): Ended {
  const program = ['ci/scripts/run-typescript.js', 'test/bench/main.ts', ...options];
  return spawnSync(process.execPath, program, { cwd: root, encoding: 'utf8' });
}

for (const [name, figures] of Object.entries({
  'start-up': { 'info cpu': 1.3, 'info wall': null, 'has_vm cpu': 2.2, 'has_vm wall': null },
  release: { 'release info cpu': 1.3, 'release info wall': null },
  lists: {
    'list by id cpu': 1.5,
    'list by id wall': null,
    'list by name cpu': 1.5,
    'list by name wall': null,
    'list of disks of a VM cpu': 1.5,
    'list of disks of a VM wall': null,
    'list of NICs of a VM cpu': 1.5,
    'list of NICs of a VM wall': null,
    'list by keyword cpu': null,
    'list by keyword wall': null,
    'list over bare cpu': null,
    'list over bare wall': null,
  },
  memory: { memory: null, 'memory heap': null },
  events: { 'memory over events': 1.1 },
  cycle: { cycle: null, 'cycle in a large world': 2 },
  images: { 'upload peak': 1.25, 'download peak': 1.25 },
  deployment: {
    deployment: 1.1,
    'deployment over bare processes': 1.1,
    deletion: null,
    'deletion over bare processes': null,
  },
  registry: {
    'registry put': 1.5,
    'registry get cpu': 1.5,
    'registry get wall': null,
    'registry get among many cpu': 2,
    'registry get among many wall': null,
    'registry put among many cpu': 2,
    'registry put among many wall': null,
    'registry wait': 1,
    'registry wait p50': null,
    'registry wait p99': null,
    'registry wait max': null,
  },
  'stemcell-server': {
    'alone wall': 1 / 0.7,
    'alone cpu': null,
    'alone memory': null,
    'alone peak': 1.25,
    'parallel wall': 1 / 0.7,
    'parallel cpu': null,
    'parallel memory': null,
    'parallel peak': 1.25,
  },
})) {
  test(`${name} gives its figures`, () => {
    const file = test.info().outputPath('figures.jsonl');
    const { status, stdout, stderr } = bench('--quick', '--only', name, '--json', file);
    expect(status, stderr).toBe(0);
    const lines = readFileSync(file, 'utf8');
    const told = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; limit?: number; ratio: object });
    expect(
      Object.fromEntries(told.map(({ name: figure, limit = null }) => [figure, limit])),
    ).toEqual(figures);
    for (const { ratio } of told) {
      for (const value of Object.values(ratio)) expect(value).toBeGreaterThan(0);
    }
    expect(stdout.endsWith(lines)).toBe(true);
    expect(stdout).toContain('ratio (middle half)');
    expect(stderr).toContain(`${name}: `);
  });
}

test('--help names the measurements and what they say', () => {
  const { status, stdout } = bench('--help');
  expect(status).toBe(0);
  for (const text of ['--only', '--json', '--quick', 'start-up: What does', 'cycle: How many']) {
    expect(stdout).toContain(text);
  }
});

for (const [options, text] of [
  [
    ['--only', 'nothing'],
    'There are: start-up, release, lists, memory, events, cycle, images, deployment, registry, stemcell-server.',
  ],
  [['--slow'], "unknown option '--slow'"],
  [['surplus'], 'too many arguments'],
] as const) {
  test(`${options.join(' ')} is refused, and nothing is measured`, () => {
    const file = test.info().outputPath('figures.jsonl');
    const { status, stderr } = bench('--json', file, ...options);
    expect(status).toBe(2);
    expect(stderr).toContain(text);
    expect(existsSync(file)).toBe(false);
  });
}
