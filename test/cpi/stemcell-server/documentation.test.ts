// The page about the stemcell server is what its code says, and its commands run as they stand there.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { stemcellServerPage } from '../../../cpi/stemcell-server/documentation.js';
import { readStemcellServerConfiguration } from '../../../cpi/stemcell-server/stemcell-server-configuration.js';
import { blocksOf } from '../../docs/page.js';
import { startServer } from './running-server.js';

const page = stemcellServerPage();
const [, byHand = '', forTls = ''] = blocksOf(page, 'sh');
const [smallest = ''] = blocksOf(page, 'json');

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(script: string): Promise<{ status: number; output: string }> {
  const child = spawn('bash', ['-c', `set -euo pipefail\n${script}`], { cwd: folder });
  const ended = once(child, 'close') as Promise<[number]>;
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await ended;
  return { status, output: stdout + stderr };
}

test('docs/cpi/stemcell-server.md is up to date', () => {
  const written = new URL('../../../docs/cpi/stemcell-server.md', import.meta.url);
  expect(readFileSync(written, 'utf8')).toBe(page);
});

test('what it says to do with curl puts an image, lists, downloads and removes it', async () => {
  test.skip(spawnSync('curl', ['--version']).status !== 0, 'needs curl');
  const { server: configured } = readStemcellServerConfiguration(smallest);
  await using server = await startServer({ users: [configured] });
  writeFileSync(join(folder, 'root.qcow2'), 'image');
  const { status, output } = await run(byHand.replace(/^url=.*$/m, `url=${server.url}`));
  expect(status, output).toBe(0);
  expect(readFileSync(join(folder, 'downloaded.qcow2'), 'utf8')).toBe('image');
  expect(output).toMatch(/<D:href>\/[0-9a-f-]{36}\.qcow2<[^]*{"status":"ok"}/);
  expect(server.stored()).toEqual([]);
  expect(server.access.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'PUT 201',
    'PROPFIND 207',
    'GET 200',
    'DELETE 204',
    'GET 200',
  ]);
});

test('what it says to do for HTTPS makes a configuration with certificate and key', async () => {
  test.skip(spawnSync('jq', ['--version']).status !== 0, 'needs jq');
  const { cert, key } = loopbackTls;
  for (const [name, content] of [
    ['stemcell-server.json', smallest],
    ['server.pem', cert],
    ['server.key', key],
  ] as const)
    writeFileSync(join(folder, name), content);
  const { status, output } = await run(forTls);
  expect(status, output).toBe(0);
  const made = readFileSync(join(folder, 'stemcell-server-tls.json'), 'utf8');
  const { server } = readStemcellServerConfiguration(made);
  expect(server.tls).toEqual({ certificate: cert, private_key: key });
});
