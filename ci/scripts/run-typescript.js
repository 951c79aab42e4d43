// Runs a program that is written in TypeScript and not part of the package, such as the benchmark:
// node ci/scripts/run-typescript.js FILE [ARGUMENT…]. It is bundled into dist/scripts/ (see
// script-bundle.js) and becomes visible whole, so that the same program may be started several times
// at once.
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { scriptBundle } from './script-bundle.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [, , file = '', ...rest] = process.argv;
const outfile = join(root, 'dist/scripts', file.replaceAll('/', '-').replace(/\.ts$/, '.js'));
const building = `${outfile}.${process.pid}`;

await build(scriptBundle(join(root, file), building));
await rename(building, outfile);
process.argv = [process.execPath, outfile, ...rest];
await import(pathToFileURL(outfile).href);
