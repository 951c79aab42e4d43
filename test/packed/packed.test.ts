// Proves what somebody gets from npm: the README's test runs in an empty project as JavaScript and
// compiles as strict TypeScript, the programs start, and the package holds what these need.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { unmeasured } from '../support/coverage.js';
import { link, packedProject, root, type PackedProject } from './packed-project.js';

// One worker packs once.
test.describe.configure({ mode: 'default' });

let project: PackedProject;
test.beforeAll(() => {
  project = packedProject();
  // What the README's test needs besides the package.
  for (const name of ['msw', '@types/node', 'undici-types']) link(project.folder, name);
});
test.afterAll(() => project.remove());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the project with Node. */
function node(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: project.folder, env: unmeasured };
    const child = execFile(process.execPath, args, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end('{"method":"info","arguments":[],"context":{"director_uuid":"me"}}');
  });
}

/** The README's test. */
function example(): string {
  const readme = readFileSync(join(project.installed, 'README.md'), 'utf8');
  const [, code] = /<!-- runs in test\/packed -->\n\n```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  if (code === undefined) throw new Error('the README has lost its example');
  return code;
}

test("the README's test runs as JavaScript", async () => {
  writeFileSync(join(project.folder, 'example.js'), example());
  expect(await node('example.js')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test("the README's test fails where it expects what is not so", async () => {
  const wrong = example().replace("'Running'", "'Stopped'");
  expect(wrong).not.toBe(example());
  writeFileSync(join(project.folder, 'wrong.js'), wrong);
  expect(await node('wrong.js')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('AssertionError'),
  });
});

test("the README's test compiles as strict TypeScript", async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  // That the declarations themselves are sound is proved in simulator/library-types.test.ts.
  const strict = ['--strict', '--noEmit', '--pretty', 'false', '--skipLibCheck', '--types', 'node'];
  const flags = [...strict, '--module', 'nodenext', '--target', 'es2023'];
  writeFileSync(join(project.folder, 'example.ts'), example());
  writeFileSync(join(project.folder, 'wrong.ts'), example().replace('seed: 42', "seed: '42'"));
  const { stdout } = await node(tsc, ...flags, 'example.ts', 'wrong.ts');
  expect(stdout).toMatch(/^wrong\.ts\(\d+,\d+\): error TS2322: .*\n$/);
});

test('the programs of the package start', async () => {
  const { bin } = manifest();
  const info = await node(join(project.installed, bin['cloudstack-cpi']!));
  expect(JSON.parse(info.stdout)).toMatchObject({ error: null });
  const simulator = join(project.installed, bin['cloudstack-simulator']!);
  const said = await node(
    simulator,
    '--port',
    '0',
    'exec',
    '--',
    'printenv',
    'CLOUDSTACK_ENDPOINT',
  );
  expect(said.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client\/api\n$/);
  const runner = await node(join(project.installed, bin['bats-runner']!), '--help');
  expect(runner).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: bats-runner') });
});

test('every module and type that the library leads to is there, or comes with a dependency', () => {
  const packed = new Set(packedFiles());
  for (const ending of ['.js', '.d.ts']) {
    const reached = reachedFrom(`dist/simulator/index${ending}`, ending);
    expect(reached.size).toBeGreaterThan(50);
    expect([...reached].filter((path) => !packed.has(path))).toEqual([]);
  }
});

test('no tests, sources or source maps are there, and no file tells of the machine that made it', () => {
  const others = packedFiles().filter(
    (path) =>
      !/^dist\/(bundle\/.*\.(c?js|wasm)|simulator\/.*(\.js|\.d\.ts))$/.test(path) &&
      !/^docs\/(README|proof|ci\/README|(bats-runner|cpi|simulator)\/[a-z-]+)\.(md|json)$/.test(
        path,
      ),
  );
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  const telling = packedFiles().filter((path) =>
    readFileSync(join(project.installed, path), 'utf8').includes(root),
  );
  expect(telling).toEqual([]);
});

function manifest(): { bin: Record<string, string>; dependencies: Record<string, string> } {
  return JSON.parse(readFileSync(join(project.installed, 'package.json'), 'utf8'));
}

function packedFiles(folder = project.installed): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? packedFiles(path) : [relative(project.installed, path)];
  });
}

/** The modules that a module imports, however far around; packages must be depended on. */
function reachedFrom(start: string, ending: string): Set<string> {
  const packages = [...Object.keys(manifest().dependencies), 'msw'];
  const reached = new Set([start]);
  for (const path of reached) {
    if (!existsSync(join(project.installed, path))) continue;
    const text = readFileSync(join(project.installed, path), 'utf8');
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (fileName.startsWith('.')) {
        reached.add(join(dirname(path), fileName).replace(/\.js$/, ending));
      } else if (!fileName.startsWith('node:')) {
        expect(packages, path).toContain(fileName);
      }
    }
  }
  return reached;
}
