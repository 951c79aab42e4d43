// Runs a program that is written in TypeScript and not part of the package, such as the benchmark:
// node ci/scripts/run-typescript.js FILE [ARGUMENT…]. It is bundled (see script-bundle.js) into a
// folder of its own in dist/scripts/, so that the same program may be started several times at once,
// and what it imports lazily is loaded when it gets there.
import { rmSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { scriptBundle } from './script-bundle.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [, , file = '', ...rest] = process.argv;
const outdir = join(root, 'dist/scripts', String(process.pid));
process.on('exit', () => rmSync(outdir, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) {
  // One that the program does not listen for ends it, after all that is to be done at the exit.
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
  });
}

await build({ ...scriptBundle(join(root, file)), outdir, splitting: true });
const program = join(outdir, basename(file).replace(/\.ts$/, '.js'));
process.argv = [process.execPath, program, ...rest];
await import(pathToFileURL(program).href);
