// The types of the library stand on their own: a strict project that has the package and what it
// depends on, but no msw and no types of express or Node, compiles against them without skipLibCheck.
// Handlers for msw have msw's own type where it is installed, and say what is missing where it is not.
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { unmeasured } from '../support/coverage.js';

// One worker compiles all programs of a project at once.
test.describe.configure({ mode: 'default' });

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const handlers = (type: string): string => `
  import { setupServer } from 'msw/node';
  import { createSimulator } from 'bosh-cloudstack-cpi/simulator';
  const simulator = createSimulator();
  setupServer(...simulator.handlers({ origin: 'http://cloudstack.test' })).listen();
  export const info: ${type} = simulator.handlers()[0]!.info.callFrame;
`;

const programs = {
  strict: `
    import { createSimulator, inProcess, listen } from 'bosh-cloudstack-cpi/simulator';
    const simulator = createSimulator({ seed: 42, clock: 'on-poll', onUnsimulatedCommand: () => {} });
    const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
    export const key: string = simulator.userWithRole('User').apiKey;
    export const address: string = origin;
    export const status: number = inProcess(simulator)({ method: 'GET', url: '/' }).status;
    await close();
  `,
  example: exampleOfPage(),
  misspelt: `
    import { createSimulator } from 'bosh-cloudstack-cpi/simulator';
    createSimulator({ sed: 1 });
  `,
  withoutMsw: `
    import { createSimulator } from 'bosh-cloudstack-cpi/simulator';
    export const made = createSimulator().handlers();
  `,
};

const programsWithMsw = { right: handlers('string | undefined'), wrong: handlers('number') };

interface Project extends Disposable {
  readonly folder: string;
  /** What the compiler says about each program; empty if nothing is wrong. */
  readonly told: Readonly<Record<string, string>>;
}

let project: Project;
let withMsw: Project;
test.beforeAll(async () => {
  project = await compiled(programs, []);
  // Beside msw what its own types are written with.
  withMsw = await compiled(programsWithMsw, ['msw', '@types/node', 'undici-types']);
});
test.afterAll(() => {
  project[Symbol.dispose]();
  withMsw[Symbol.dispose]();
});

/** A strict project with these programs and packages. */
async function compiled(
  sources: Readonly<Record<string, string>>,
  packages: readonly string[],
): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-library-'));
  const installed = join(folder, 'node_modules/bosh-cloudstack-cpi');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  cpSync(join(root, 'dist/simulator'), join(installed, 'dist/simulator'), { recursive: true });
  for (const name of ['zod', ...packages]) install(folder, name);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const names = Object.keys(sources);
  for (const name of names) writeFileSync(join(folder, `${name}.ts`), sources[name]!);
  const strict = ['--strict', '--noEmit', '--pretty', 'false'];
  const flags = [...strict, '--module', 'nodenext', '--target', 'es2023'];
  const said = await node(folder, [tsc, ...flags, ...names.map((name) => `${name}.ts`)]);
  return {
    folder,
    told: Object.fromEntries(names.map((name) => [name, toldOf(`${name}.ts`, said, names)])),
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What is said of a program, and of files that are none of the programs. */
function toldOf(file: string, said: string, names: readonly string[]): string {
  const others = names.map((name) => `${name}.ts(`).filter((other) => other !== `${file}(`);
  return said
    .split(/\n(?! )/)
    .filter((message) => !others.some((other) => message.startsWith(other)))
    .join('\n');
}

function install(folder: string, name: string): void {
  mkdirSync(join(folder, 'node_modules', dirname(name)), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
}

/** What Node says in a folder. */
function node(folder: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env: unmeasured }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

/** What a program prints, in a process of its own: what is built never mixes with what is tested. */
function run(name: string, program: string): Promise<string> {
  for (const dependency of ['busboy', 'streamsearch', 'express']) {
    if (!existsSync(join(project.folder, 'node_modules', dependency))) {
      install(project.folder, dependency);
    }
  }
  writeFileSync(join(project.folder, name), program);
  return node(project.folder, [name]);
}

function exampleOfPage(): string {
  const page = readFileSync(join(root, 'docs/simulator/library.md'), 'utf8');
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  return example;
}

test('a strict project compiles against the library', () => {
  expect(project.told['strict']).toBe('');
});

test('the example of the page about the library compiles, and its images are ready', async () => {
  expect(programs.example).toContain('createSimulator');
  expect(project.told['example']).toBe('');
  const { outputText } = transpileModule(programs.example, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2023 },
  });
  writeFileSync(join(project.folder, 'example.mjs'), outputText);
  const told = await run(
    'ready.js',
    `
    import { setImmediate } from 'node:timers/promises';
    import { inProcess, signedUrl } from 'bosh-cloudstack-cpi/simulator';
    import { simulator } from './example.mjs';
    const keys = simulator.userWithRole('User');
    const call = (command, values) => {
      const url = signedUrl('', keys, command, values);
      return Object.values(JSON.parse(inProcess(simulator)({ method: 'GET', url }).body))[0];
    };
    const { zones, osTypes } = simulator.world;
    const { template } = call('registerTemplate', {
      name: 'empty',
      format: 'QCOW2',
      hypervisor: 'KVM',
      url: 'http://images.example/root.qcow2',
      zoneid: zones.all()[0].id,
      ostypeid: osTypes.all()[0].id,
    });
    for (let turn = 0; turn < 10; turn++) {
      await setImmediate();
      simulator.kernel.advanceUntilIdle();
    }
    const id = template[0].id;
    const [{ isready, size }] = call('listTemplates', { templatefilter: 'self', id }).template;
    console.log(JSON.stringify({ isready, size }));
  `,
  );
  expect(JSON.parse(told)).toEqual({ isready: true, size: 1024 ** 3 });
});

test('a misspelt option is an error of the compiler', () => {
  expect(project.told['misspelt']).toContain("'sed'");
});

test.describe('handlers for msw', () => {
  test('have the type of msw', () => {
    expect(withMsw.told['right']).toBe('');
    expect(withMsw.told['wrong']).toContain("'string | undefined'");
  });

  test('can be written down without msw, but not made', async () => {
    expect(project.told['withoutMsw']).toBe('');
    expect(await run('without-msw.js', programs.withoutMsw)).toContain(
      'handlers() needs the package msw: npm install --save-dev msw@2',
    );
  });
});
