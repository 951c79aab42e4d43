// The crash run as one file, in which some sources of the CPI read otherwise.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { context } from 'esbuild';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Bundle extends AsyncDisposable {
  readonly file: string;
  /** Builds it anew with these texts in place of those of the sources, by their paths. */
  build(texts: ReadonlyMap<string, string>): Promise<void>;
}

/** It is built where it finds the packages; only what has changed is read again. */
export async function openBundle(): Promise<Bundle> {
  const file = join(root, `node_modules/.cache/undo-steps-${process.pid}.mjs`);
  let instead: ReadonlyMap<string, string> = new Map();
  const builder = await context({
    entryPoints: [join(root, 'test/crash/undo-steps/runner.ts')],
    outfile: file,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [
      {
        name: 'other texts, and the URLs of the sources',
        setup: (build) => {
          build.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
            loader: 'ts',
            contents: (instead.get(path) ?? (await readFile(path, 'utf8'))).replaceAll(
              // Not as a text, because this source is bundled by the same rule.
              /import\.meta\.url/g,
              JSON.stringify(pathToFileURL(path).href),
            ),
          }));
        },
      },
    ],
  });
  return {
    file,
    build: async (texts) => {
      instead = texts;
      await builder.rebuild();
    },
    [Symbol.asyncDispose]: async () => {
      await builder.dispose();
      await rm(file, { force: true });
    },
  };
}
