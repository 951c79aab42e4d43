// The crash run as one file, in which some sources of the CPI read otherwise.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { scriptBundle } from '../../../ci/scripts/script-bundle.js';

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
  const textOf = async (path: string): Promise<string> =>
    instead.get(path) ?? (await readFile(path, 'utf8'));
  const options = scriptBundle(join(root, 'test/crash/undo-steps/runner.ts'), textOf);
  const builder = await context({ ...options, outfile: file });
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
