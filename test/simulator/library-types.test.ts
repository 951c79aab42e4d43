// The types of the library stand on their own: a strict project that has the package and what it
// depends on, but no msw and no types of express or Node, compiles against them without skipLibCheck.
// Handlers for msw have msw's own type where it is installed, and say what is missing where it is not.
import { execFile } from 'node:child_process';
import {
  cpSync,
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

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

let project = '';
test.beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'simulator-library-'));
  const installed = join(project, 'node_modules/bosh-cloudstack-cpi');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  cpSync(join(root, 'dist/simulator'), join(installed, 'dist/simulator'), { recursive: true });
  install('zod');
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
});
test.afterEach(() => rmSync(project, { recursive: true, force: true }));

function install(name: string): void {
  mkdirSync(join(project, 'node_modules', dirname(name)), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
}

/** What the compiler says about a program; empty if nothing is wrong. */
async function compile(program: string): Promise<string> {
  writeFileSync(join(project, 'main.ts'), program);
  const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023'];
  const args = [tsc, ...flags, 'main.ts'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: project }, (_error, stdout) => resolve(stdout));
  });
}

/** What a program prints, in a process of its own: what is built never mixes with what is tested. */
async function run(program: string): Promise<string> {
  for (const name of ['busboy', 'streamsearch', 'express']) install(name);
  writeFileSync(join(project, 'main.js'), program);
  return new Promise((resolve) => {
    execFile(process.execPath, ['main.js'], { cwd: project }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

test('a strict project compiles against the library', async () => {
  expect(
    await compile(`
      import { createSimulator, inProcess, listen } from 'bosh-cloudstack-cpi/simulator';
      const simulator = createSimulator({ seed: 42, clock: 'on-poll', onUnsimulatedCommand: () => {} });
      const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
      export const key: string = simulator.userWithRole('User').apiKey;
      export const address: string = origin;
      export const status: number = inProcess(simulator)({ method: 'GET', url: '/' }).status;
      await close();
    `),
  ).toBe('');
});

test('the example of the page about the library compiles, and its images are ready', async () => {
  const page = readFileSync(join(root, 'docs/simulator/library.md'), 'utf8');
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  expect(await compile(example)).toBe('');
  const { outputText } = transpileModule(example, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2023 },
  });
  writeFileSync(join(project, 'example.mjs'), outputText);
  const told = await run(`
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
  `);
  expect(JSON.parse(told)).toEqual({ isready: true, size: 1024 ** 3 });
});

test('a misspelt option is an error of the compiler', async () => {
  const program = "import { createSimulator } from 'bosh-cloudstack-cpi/simulator';";
  expect(await compile(`${program}\ncreateSimulator({ sed: 1 });`)).toContain("'sed'");
});

test.describe('handlers for msw', () => {
  const program = (type: string): string => `
    import { setupServer } from 'msw/node';
    import { createSimulator } from 'bosh-cloudstack-cpi/simulator';
    const simulator = createSimulator();
    setupServer(...simulator.handlers({ origin: 'http://cloudstack.test' })).listen();
    export const info: ${type} = simulator.handlers()[0]!.info.callFrame;
  `;

  test('have the type of msw', async () => {
    install('msw');
    // What msw's own types are written with.
    install('@types/node');
    install('undici-types');
    expect(await compile(program('string | undefined'))).toBe('');
    expect(await compile(program('number'))).toContain("'string | undefined'");
  });

  test('can be written down without msw, but not made', async () => {
    const text = 'export const made = createSimulator().handlers();';
    const main = `import { createSimulator } from 'bosh-cloudstack-cpi/simulator';\n${text}`;
    expect(await compile(main)).toBe('');
    expect(await run(main)).toContain(
      'handlers() needs the package msw: npm install --save-dev msw@2',
    );
  });
});
