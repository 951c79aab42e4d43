// Builds the program that Directors start, twice for nearly every call: one CommonJS file, because
// Node's loader of ES modules alone costs a sixth of Node's start-up, and a launcher that knows how
// to start it from compiled code. What the CPI imports lazily is loaded when it gets there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const launcherSource = fileURLToPath(new URL('cpi-launcher.cjs', import.meta.url));

/** Packages that most calls do not need: each is a file of its own, loaded when it is imported. */
const rarelyUsed = ['commander', 'tar-stream'];

/** @param {string} entryPoint @param {string} folder for the bundle @returns {Promise<void>} */
export async function bundleCpi(entryPoint, folder) {
  for (const name of rarelyUsed) {
    const library = await bundled({ stdin: { contents: reexport(name), resolveDir: folder } });
    writeFileSync(join(folder, fileOf(name)), library);
  }
  const program = await bundled({ entryPoints: [entryPoint], plugins: [separate] });
  const bundle = `${prologue}${program.replace(/^#!.*/, '')}})\n`;
  const name = `cloudstack-cpi-${createHash('sha256').update(bundle).digest('hex').slice(0, 12)}`;
  writeFileSync(join(folder, `${name}.cjs`), bundle);
  const launcher = join(folder, 'cloudstack-cpi.cjs');
  const source = readFileSync(launcherSource, 'utf8').replaceAll('BUNDLE', JSON.stringify(name));
  writeFileSync(launcher, `#!/usr/bin/env node\n${source}`, { mode: 0o755 });
  await writeCodeCache(launcher);
}

/** The launcher calls this function; what was an ES module is strict. */
const prologue = `(function (require, module, __filename) {
'use strict';
const bundleUrl = 'file://' + __filename.split('/').map(encodeURIComponent).join('/');
`;

const fileOf = (name) => `cloudstack-cpi-${name}.cjs`;
const reexport = (name) => `module.exports = require('${name}');`;

const separate = {
  name: 'rarely used packages are files of their own',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[a-z]/ }, ({ path }) =>
      rarelyUsed.includes(path) ? { path: `./${fileOf(path)}`, external: true } : undefined,
    );
  },
};

/** @param {import('esbuild').BuildOptions} options @returns {Promise<string>} */
async function bundled(options) {
  const { outputFiles } = await build({
    ...options,
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
  return outputFiles[0].text;
}

/** Has a call answered that does what nearly all calls do, so that its functions are compiled. */
async function writeCodeCache(launcher) {
  const answer = { listvirtualmachinesresponse: { count: 1, virtualmachine: [{ id: 'vm' }] } };
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'cpi-build-'));
  try {
    const config = join(folder, 'cpi.json');
    writeFileSync(config, JSON.stringify(configurationFor(server.address().port)));
    const call = spawn(process.execPath, [launcher, '--write-code-cache', '--config', config], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const context = { director_uuid: 'build' };
    call.stdin.end(JSON.stringify({ method: 'has_vm', arguments: ['vm'], context }));
    const [response] = await Promise.all([text(call.stdout), once(call, 'close')]);
    if (JSON.parse(response).error !== null) throw new Error(`the CPI fails: ${response}`);
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

function configurationFor(port) {
  return {
    cloudstack: {
      endpoint: `http://127.0.0.1:${port}/client/api`,
      api_key: 'build-api-key',
      secret_access_key: 'build-secret-key',
      default_zone: 'zone1',
    },
    agent: { mbus: 'nats://nats:build-password@127.0.0.1:4222' },
  };
}
