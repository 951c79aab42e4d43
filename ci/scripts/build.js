// Builds dist/: one JavaScript file per TypeScript file (what tests and coverage run on), and one
// bundle per program in dist/bundle/, which the `bin` entries point to. What a program imports
// lazily is a chunk beside it. The CPI is bundled in a way of its own: see cpi-bundle.js. Nothing is
// done if dist/ is up to date already.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isUpToDate, stamp } from './build-stamp.js';
import { bundleCpi } from './cpi-bundle.js';
import { writeExamples } from './examples.js';
import { writeIndexes } from './indexes.js';
import { writePages } from './pages.js';
import { writeReleaseJobs } from './release-jobs.js';
import { writeRowShapes } from './row-shapes.js';

const root = new URL('../..', import.meta.url).pathname;
const dist = join(root, 'dist');
const programs = {
  'cloudstack-registry': 'cpi/bin/cloudstack-registry',
  'registry-compaction': 'cpi/bin/registry-compaction',
  'cloudstack-stemcell-server': 'cpi/bin/cloudstack-stemcell-server',
  'cloudstack-simulator': 'simulator/bin/cloudstack-simulator',
  'bats-runner': 'bats-runner/bin/bats-runner',
};

if (isUpToDate(root, dist)) process.exit(0);
process.stderr.write('building dist/ …\n');
writeIndexes(root);
writeExamples(root);
await writeRowShapes(root);
rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
try {
  execFileSync(process.execPath, [tsc, '-p', root], { stdio: 'inherit' });
} catch {
  process.exit(1);
}
await writePages(root);
await writeReleaseJobs(root);

const entryPoints = Object.fromEntries(
  Object.entries(programs).map(([name, source]) => {
    const entry = join(dist, `${source}.js`);
    if (!existsSync(entry)) throw new Error(`${name}: ${source}.ts does not exist`);
    return [name, entry];
  }),
);
const bundles = join(dist, 'bundle');
await build({
  entryPoints,
  outdir: bundles,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  banner: {
    // CommonJS packages inside an ES module bundle call require(), and ask where they lie.
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
    ].join('\n'),
  },
});
for (const name of Object.keys(programs)) chmodSync(join(bundles, `${name}.js`), 0o755);
copyFileSync(
  createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'),
  join(bundles, 'sql-wasm.wasm'),
);
await bundleCpi(join(dist, 'cpi/bin'), bundles);
stamp(root, dist);
