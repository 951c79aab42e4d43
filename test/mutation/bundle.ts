// Test files and what they use as one program, in which the sources that are asked for have all of
// their mutants (mutants.ts), and another runner stands for Playwright's.
import { readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build as buildBundle, type Plugin } from 'esbuild';
import { scriptBundle } from '../../ci/scripts/script-bundle.js';
import { withMutants, type Mutant } from './mutants.js';

export interface Bundle extends Disposable {
  readonly root: string;
  /** The program; see tests-by-name.ts. */
  readonly file: string;
  /** Each at its number. */
  readonly mutants: readonly Mutant[];
}

export async function bundleTests(
  root: string,
  sources: readonly string[],
  tests: readonly string[],
): Promise<Bundle> {
  const mutants: Mutant[] = [];
  const texts = new Map<string, string>();
  for (const path of sources) {
    const mutated = withMutants(path, readFileSync(join(root, path), 'utf8'), mutants.length);
    mutants.push(...mutated.mutants);
    texts.set(path, mutated.text);
  }
  const entry = [
    `import { serve } from './test/mutation/tests-by-name.ts';`,
    'serve({',
    ...tests.map((path) => `  '${path}': () => import('./${path}'),`),
    '});',
  ];
  const options = scriptBundle(
    '',
    async (path) => texts.get(relative(root, path)) ?? (await readFile(path, 'utf8')),
  );
  // Where it finds the packages.
  const file = join(root, `node_modules/.cache/mutation-${process.pid}.mjs`);
  await buildBundle({
    ...options,
    entryPoints: [],
    stdin: { contents: entry.join('\n'), resolveDir: root, loader: 'ts' },
    plugins: [ownRunner(root), ...options.plugins!],
    sourcemap: false,
    outfile: file,
  });
  return {
    root,
    file,
    mutants,
    [Symbol.dispose]: () => {
      rmSync(file, { force: true });
    },
  };
}

function ownRunner(root: string): Plugin {
  const own = join(root, 'test/mutation/declared-tests.ts');
  return {
    name: 'another runner for tests',
    setup: (build) => {
      build.onResolve({ filter: /^@playwright\/test$/ }, ({ path, importer }) =>
        importer === own ? { path, external: true } : { path: own },
      );
    },
  };
}
