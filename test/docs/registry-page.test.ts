// Proves that the commands of docs/cpi/registry.md run as they stand there, against the registry as it
// is built: settings are read and put by hand, a backup of either kind brings them back, also from
// files that were written to since, and the configuration for HTTPS serves HTTPS.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../bats-runner/contract/loopback-tls.js';
import {
  asUser,
  registryFolder,
  registryUser,
  startRegistry,
  type RegistryProcess,
} from '../support/registry-process.js';
import { blocksOf, readPage, sectionOf } from './page.js';
import { runShell } from './shell.js';

const page = readPage('docs/cpi/registry.md');
const blocks = (heading: string): string[] => blocksOf(sectionOf(page, heading), 'sh');

test.beforeEach(() => {
  const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
  test.skip(!['curl', 'jq'].every(has), 'needs curl and jq');
});

/** Runs a block, which has to end well; answers its output, and the files that it leaves. */
async function ran(
  script: string,
  { env = {}, files = {} }: { env?: Record<string, string>; files?: Record<string, string> },
  look: (folder: string) => Promise<void> | void = () => undefined,
): Promise<string> {
  await using done = await runShell(script, { env, files });
  expect(done.status, done.output).toBe(0);
  await look(done.folder);
  return done.output;
}

const access = ({ endpoint }: RegistryProcess): Record<string, string> => ({
  REGISTRY: endpoint,
  USER_OF_REGISTRY: registryUser.username,
  PASSWORD_OF_REGISTRY: registryUser.password,
});

async function put({ endpoint }: RegistryProcess, name: string, body: string): Promise<void> {
  expect((await asUser(endpoint, name, { method: 'PUT', body })).status).toBe(200);
}

async function settingsOf({ endpoint }: RegistryProcess, name: string): Promise<unknown> {
  return ((await (await asUser(endpoint, name)).json()) as { settings?: string }).settings;
}

async function stopped({ child, ended }: RegistryProcess): Promise<void> {
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}

test('settings are put, read and removed by hand', async () => {
  using folder = registryFolder();
  const registry = await startRegistry(folder.path);
  await put(registry, 'vm-2', '{}');
  const [byHand = ''] = blocks('By hand');
  const settings = '{"agent_id":"a"}';
  const output = await ran(byHand, {
    env: access(registry),
    files: { 'settings.json': settings },
  });
  expect(output).toContain('{"status":"ok"}{"status":"ok","instances":["vm-2"]}{"status":"ok"}');
  expect(output).toContain('{\n  "agent_id": "a"\n}\n{"status":"ok"}');
  expect(await settingsOf(registry, 'vm-1')).toBeUndefined();
  await stopped(registry);
});

test('the configuration for HTTPS is made of PEM files, and serves HTTPS', async () => {
  const [, forHttps = ''] = blocks('By hand');
  const files = { 'cert.pem': loopbackTls.cert, 'key.pem': loopbackTls.key };
  let configuration: { registry: object } = { registry: {} };
  await ran(forHttps, { files }, (made) => {
    const text = readFileSync(join(made, 'registry.json'), 'utf8');
    configuration = JSON.parse(text) as typeof configuration;
  });
  using folder = registryFolder();
  const registry = await startRegistry(folder.path, { ...configuration.registry, ...registryUser });
  const [line = ''] = /`(curl --cacert cert\.pem) https:\/\/[^`]+`/.exec(page)?.slice(1) ?? [];
  expect(await ran(`${line} -fsS ${registry.endpoint}/health`, { files })).toBe('{"status":"ok"}');
  await stopped(registry);
});

test('a backup of the settings is put into another registry', async () => {
  using folder = registryFolder();
  using other = registryFolder();
  const registry = await startRegistry(folder.path);
  const settings = { 'vm-1': '{"é":"\\"quoted\\" \\u00e4"}', 'vm.2:x': '{ "a": [1] }' };
  for (const [name, text] of Object.entries(settings)) await put(registry, name, text);
  const [save = '', restore = ''] = blocks('Backup');
  const saved: Record<string, string> = {};
  await ran(save, { env: access(registry) }, (made) => {
    for (const name of Object.keys(settings)) {
      saved[`backup/${name}.json`] = readFileSync(join(made, 'backup', `${name}.json`), 'utf8');
    }
  });
  await stopped(registry);
  const empty = await startRegistry(other.path, { store: { type: 'memory' } });
  await ran(restore, { env: access(empty), files: saved });
  for (const [name, text] of Object.entries(settings)) {
    expect(await settingsOf(empty, name)).toBe(text);
  }
  await stopped(empty);
});

test('a backup of the files brings back what there was, and nothing of what came after it', async () => {
  using folder = registryFolder();
  const [, , save = '', restore = ''] = blocks('Backup');
  const env = { STORE: folder.path };
  const first = await startRegistry(folder.path);
  await put(first, 'vm-1', '{"before":1}');
  await stopped(first);
  await using kept = await runShell(save, { env });
  expect(kept.status, kept.output).toBe(0);
  expect(existsSync(join(kept.folder, 'files', 'registry.sqlite'))).toBe(true);
  // More than a journal holds: the files are others by then.
  const second = await startRegistry(folder.path, { settings_max_kib: 10_000 });
  await put(second, 'vm-1', '{"after":1}');
  await put(second, 'vm-2', JSON.stringify({ fill: 'x'.repeat(5 * 1024 * 1024) }));
  await put(second, 'vm-3', '{}');
  await stopped(second);
  await ran(`cd ${kept.folder}\n${restore}`, { env });
  const third = await startRegistry(folder.path);
  expect(await settingsOf(third, 'vm-1')).toBe('{"before":1}');
  for (const name of ['vm-2', 'vm-3']) expect(await settingsOf(third, name)).toBeUndefined();
  await stopped(third);
});
