// Runs a program that is written in TypeScript and not part of the package, such as the benchmark:
// node ci/scripts/run-typescript.js FILE [ARGUMENT…]. It is bundled into dist/scripts/, where it
// finds the packages; the URLs of its modules stay those of their sources. It becomes visible whole,
// so that the same program may be started several times at once.
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [, , file = '', ...rest] = process.argv;
const outfile = join(root, 'dist/scripts', file.replaceAll('/', '-').replace(/\.ts$/, '.js'));
const building = `${outfile}.${process.pid}`;

const sourceUrls = {
  name: 'import.meta.url is that of the source',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8')).replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
    }));
  },
};

await build({
  entryPoints: [join(root, file)],
  outfile: building,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  plugins: [sourceUrls],
});
await rename(building, outfile);
process.argv = [process.execPath, outfile, ...rest];
await import(pathToFileURL(outfile).href);
