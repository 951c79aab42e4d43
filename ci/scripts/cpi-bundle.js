// Builds the program that Directors start, twice for nearly every call: one CommonJS file, because
// Node's loader of ES modules alone costs a sixth of Node's start-up, and a launcher that knows how
// to start it from compiled code. What the CPI imports lazily is loaded when it gets there.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeCodeCache } from './code-cache.js';

const launcherSource = fileURLToPath(new URL('cpi-launcher.cjs', import.meta.url));

/** What is bundled by itself, because most calls or `info` can do without: file by what it is. */
const separate = {
  './serve-call.js': 'serve-call.cjs',
  './operator-command-line.js': 'operator-command-line.cjs',
  './check-command.js': 'check-command.cjs',
  './gc-command.js': 'gc-command.cjs',
  './permissions-command.js': 'permissions-command.cjs',
  '../stemcell-server/image-server.js': 'image-server.cjs',
  commander: 'commander.cjs',
  'tar-stream': 'tar-stream.cjs',
};

/**
 * @param {string} programs the folder of the compiled programs
 * @param {string} folder where the launcher goes, and beside it the folder of the bundles
 * @returns {Promise<void>}
 */
export async function bundleCpi(programs, folder) {
  const bundles = { 'start.cjs': await bundled(`import './cloudstack-cpi.js';`, programs) };
  for (const [name, file] of Object.entries(separate)) {
    // Modules that are required rather than imported would each get a function around them.
    const contents = isOwn(name)
      ? `export * from '${name}';`
      : `module.exports = require('${name}');`;
    bundles[file] = await bundled(contents, programs, name);
  }
  const hash = createHash('sha256').update(Object.values(bundles).join('')).digest('hex');
  const bundleFolder = `cloudstack-cpi-${hash.slice(0, 12)}`;
  mkdirSync(join(folder, bundleFolder), { recursive: true });
  for (const [file, text] of Object.entries(bundles)) {
    writeFileSync(join(folder, bundleFolder, file), text);
  }
  const launcher = join(folder, 'cloudstack-cpi.cjs');
  const source = readFileSync(launcherSource, 'utf8');
  const named = source.replaceAll('FOLDER', JSON.stringify(bundleFolder));
  writeFileSync(launcher, `#!/usr/bin/env node\n${named}`, { mode: 0o755 });
  await writeCodeCache(launcher);
}

/** Whether it is a module of ours, an ES module. @param {string} name */
function isOwn(name) {
  return name.startsWith('.');
}

/** @returns {Promise<string>} the text of a function that the launcher calls */
async function bundled(contents, resolveDir, name) {
  const others = {
    name: 'bundles of their own',
    setup: ({ onResolve }) => {
      onResolve({ filter: /./ }, ({ path }) =>
        path !== name && Object.hasOwn(separate, path)
          ? { path: `./${separate[path]}`, external: true }
          : undefined,
      );
    },
  };
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    plugins: [others],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Even import() of a module of Node would load Node's loader of ES modules.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'bundleUrl' },
    logLevel: 'warning',
  });
  return `(function (require, module, __filename) {
${name === undefined || isOwn(name) ? "'use strict'; // as ES modules are" : ''}
const bundleUrl = 'file://' + __filename.split('/').map(encodeURIComponent).join('/');
${outputFiles[0].text}})
`;
}
