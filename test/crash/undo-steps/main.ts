// `npm run undo-steps`: takes each undo step out of the CPI, one at a time and in a copy of the sources,
// and tells whether the crash run notices. Progress on stderr, the result on stdout; ends with 1 if
// a step can go without a test that fails, or if the tests fail with all of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { undoStepsIn, without } from './steps.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What is copied: all that the crash run reads. */
const folders = ['cpi', 'simulator', 'bats-runner', 'test', 'ci'];
const files = ['package.json', 'tsconfig.json', 'tsconfig.test.json'];

/** The tests that a step belongs to, by the beginning of its file's path. */
const testsOf: readonly (readonly [path: string, titles: string])[] = [
  ['cpi/stemcells/', 'create_stemcell'],
  ['cpi/methods/stemcell/', 'create_stemcell'],
  ['cpi/methods/vm/', 'create_vm|delete_vm'],
  ['cpi/cloudstack/create-undoably', 'create_disk'],
  ['cpi/methods/create-disk', 'create_disk'],
  ['cpi/methods/snapshot-disk', 'snapshot_disk'],
  ['cpi/methods/create-network', 'create_network'],
];

const { only } = new Command('npm run undo-steps --')
  .description('Takes each undo step out of the CPI in turn and runs the crash run without it.')
  .option('--only <text>', 'only steps in files whose path has this text', '')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv)
  .opts<{ only: string }>();

const copy = mkdtempSync(join(tmpdir(), 'undo-steps-'));
const stop = (): void => {
  rmSync(copy, { recursive: true, force: true });
};
process.on('exit', stop);
for (const folder of folders) copyFolder(folder);
for (const file of files) copyFileSync(join(root, file), join(copy, file));
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

const steps = sourcesBelow('cpi')
  .filter((path) => path.includes(only))
  .flatMap((path) => undoStepsIn(join(root, path)));
const titles = new Set(steps.map(({ path }) => titlesFor(relative(root, path))));
process.stderr.write(`all ${steps.length} steps are taken\n`);
if (!(await passes([...titles].join('|')))) {
  process.stdout.write('The tests fail although no undo step is missing.\n');
  process.exit(1);
}

const unnoticed: string[] = [];
for (const step of steps) {
  const path = relative(root, step.path);
  const text = readFileSync(step.path, 'utf8');
  const place = `${path}:${step.line}: ${step.what}`;
  writeFileSync(join(copy, path), without(step, text));
  const isNoticed = !(await passes(titlesFor(path)));
  writeFileSync(join(copy, path), text);
  if (!isNoticed) unnoticed.push(place);
  process.stderr.write(`${isNoticed ? 'noticed' : 'UNNOTICED'}: without ${place}\n`);
}
process.stdout.write(`${steps.length} undo steps, ${unnoticed.length} of them not missed\n`);
for (const place of unnoticed) process.stdout.write(`${place}\n`);
process.exitCode = unnoticed.length === 0 ? 0 : 1;

function titlesFor(path: string): string {
  return testsOf.find(([start]) => path.startsWith(start))?.[1] ?? '.';
}

/** Whether the crash run, as far as its titles match, is good with the copy as it is. */
async function passes(titlePattern: string): Promise<boolean> {
  const runner = spawn(
    process.execPath,
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      ...['test', '-c', 'test/playwright.config.ts', 'test/crash', '-g', titlePattern],
      ...['--reporter=dot', '--max-failures=1'],
    ],
    { cwd: copy, stdio: 'ignore' },
  );
  const [status] = (await once(runner, 'close')) as [number | null];
  return status === 0;
}

function copyFolder(folder: string): void {
  for (const path of filesBelow(folder)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    copyFileSync(join(root, path), join(copy, path));
  }
}

function sourcesBelow(folder: string): string[] {
  return filesBelow(folder).filter((path) => path.endsWith('.ts'));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
