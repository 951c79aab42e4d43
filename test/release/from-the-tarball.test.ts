// Proves that the tarball alone is enough: in an empty folder its packages are compiled as
// `bosh create-env` does it, offline; its jobs are rendered; the CPI, started with the environment
// that a Director or the CLI gives it, leads a VM with a disk through its life in a simulated cloud;
// both servers serve. And that the CPI inside is small.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { listen } from '../../simulator/doors/listen.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { blocksOf } from '../docs/page.js';
import { resultOf } from '../support/director-response.js';
import { keysOf } from '../support/simulator-client.js';
import { Installation, barePath, buildRelease, nodes } from './support/installation.js';
import { minimal, withProperties } from './support/property-sets.js';

// One worker builds once.
test.describe.configure({ mode: 'default' });

let folder: string;
let installed: Installation;
test.beforeAll(async () => {
  test.setTimeout(300_000);
  folder = mkdtempSync(join(tmpdir(), 'tarball-'));
  installed = new Installation(await buildRelease(folder), join(folder, 'vcap'));
  for (const { name } of inOrderOfNeed()) installed.compile(name);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packages after those that they need. */
function inOrderOfNeed(): { name: string; dependencies: string[] }[] {
  return installed
    .packages()
    .sort((one, other) => one.dependencies.length - other.dependencies.length);
}

test('the Node inside is the one that is pinned, and has compiled the CPI beforehand', () => {
  const node = join(installed.folder, 'packages/cloudstack_node/bin/node');
  expect(execFileSync(node, ['--version'], { env: barePath }).toString()).toBe(
    `v${nodes.version}\n`,
  );
  const cpi = join(installed.folder, 'packages/cloudstack_cpi');
  const caches = readdirSync(cpi, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.cache'),
  );
  expect(caches).toHaveLength(2);
  for (const name of caches) expect(name).toContain(`.v${nodes.version}-${process.arch}.`);
});

test('the CPI inside has less than 3 MB', () => {
  expect(installed.sizeOf('cloudstack_cpi')).toBeLessThan(3_000_000);
});

test('a Director leads a VM with a disk through its life', async () => {
  await using cloud = await openCloud();
  await installed.render('cloudstack_cpi', cloud.properties, 'director');
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  const call = (method: string, ...args: unknown[]): Promise<unknown> =>
    callCpi(barePath, method, args);

  expect(await call('info')).toMatchObject({ api_version: 3 });
  const stemcell = await call('create_stemcell', image, { name: 'jammy', version: '1' }, {});
  const networks = { default: { type: 'dynamic', cloud_properties: { name: 'NET_CS' } } };
  const resources = {
    compute_offering: 'm1.small',
    disk: 1024,
    ephemeral_disk_offering: 'ephemeral',
  };
  const [vm] = (await call('create_vm', 'agent-1', stemcell, resources, networks, [], {})) as [
    string,
  ];
  await call('set_vm_metadata', vm, { deployment: 'd', job: 'j', index: '0' });
  const disk = await call('create_disk', 2048, { disk_offering: 'shared.custom' }, vm);
  expect(await call('attach_disk', vm, disk)).toMatchObject({
    path: expect.stringMatching(/^\/dev\//),
  });
  expect(await call('has_vm', vm)).toBe(true);
  const running = cloud.simulator.world.vms.all().filter(({ state }) => state === 'Running');
  expect(running.map(({ id }) => id)).toEqual([vm]);
  await call('detach_disk', vm, disk);
  await call('delete_vm', vm);
  expect(await call('has_vm', vm)).toBe(false);
  await call('delete_disk', disk);
  await call('delete_stemcell', stemcell);
});

test('the CLI calls it where it has installed it', async () => {
  await using cloud = await openCloud();
  await installed.render('cloudstack_cpi', cloud.properties, 'create-env');
  const script = join(installed.folder, 'jobs/cloudstack_cpi/bin/cpi');
  writeFileSync(script, readFileSync(script, 'utf8').replaceAll(installed.folder, '/var/vcap'));
  const where = {
    BOSH_PACKAGES_DIR: join(installed.folder, 'packages'),
    BOSH_JOBS_DIR: join(installed.folder, 'jobs'),
  };
  const unknownVm = '00000000-0000-4000-8000-000000000000';
  expect(await callCpi({ ...barePath, ...where }, 'has_vm', [unknownVm])).toBe(false);
});

test('the program runs out of the tarball on any machine, as docs/README.md says', () => {
  const page = readFileSync(new URL('../../docs/README.md', import.meta.url), 'utf8');
  const [block = ''] = blocksOf(page, 'sh');
  const [, name = ''] = /-xzOf (\S+\.tgz) /.exec(block) ?? [];
  const elsewhere = mkdtempSync(join(tmpdir(), 'anywhere-'));
  try {
    symlinkSync(join(folder, 'release.tgz'), join(elsewhere, name));
    const told = execFileSync(
      'bash',
      ['-c', `set -eu\n${block}\ncloudstack-cpi permissions ping`],
      {
        cwd: elsewhere,
        env: { ...barePath, PATH: `${dirname(process.execPath)}:${barePath.PATH}` },
        encoding: 'utf8',
      },
    );
    expect(told).toMatch(/^allow listZones +ping$/m);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

const servers = [
  {
    job: 'cloudstack_registry',
    section: 'registry',
    more: { store: { type: 'file', path: '/var/vcap/store/cloudstack_registry/registry.sqlite' } },
  },
  { job: 'cloudstack_stemcell_server', section: 'stemcell_server', more: {} },
] as const;

for (const { job, section, more } of servers) {
  test(`${job} serves, as bpm starts it and the deployment asks it`, async () => {
    const own = {
      host: '127.0.0.1',
      port: await freePort(),
      username: 'me',
      password: 'p',
      ...more,
    };
    await installed.render(job, { [section]: own }, 'director');
    const bin = join(installed.folder, 'jobs', job, 'bin');
    // What only root on a VM of BOSH may do: the user vcap is not here.
    const preStart = readFileSync(join(bin, 'pre-start'), 'utf8').replace(/^chown.*$/m, '');
    execFileSync('sh', ['-c', preStart], { env: barePath });
    const bpm = parse(readFileSync(join(bin, '../config/bpm.yml'), 'utf8'));
    const { executable, args } = bpm.processes[0] as { executable: string; args: string[] };
    const server = spawn(executable, args, { env: barePath, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(server, 'close');
    try {
      await said(server, '"serving"');
      const health = spawnSync(join(bin, 'post-start'), { env: barePath, encoding: 'utf8' });
      expect(health).toMatchObject({ status: 0, stderr: '' });
    } finally {
      server.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });
}

/** Sends a request to the CPI as it is installed; answers its result. */
async function callCpi(
  env: NodeJS.ProcessEnv,
  method: string,
  args: readonly unknown[],
): Promise<unknown> {
  const child = spawn(join(installed.folder, 'jobs/cloudstack_cpi/bin/cpi'), { cwd: '/', env });
  const context = { director_uuid: 'd', request_id: 'cpi-1', vm: { stemcell: { api_version: 3 } } };
  child.stdin.end(JSON.stringify({ method, arguments: args, context, api_version: 2 }));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(JSON.parse(stdout || 'null'), stderr).toMatchObject({ error: null });
  return resultOf(method, 2, stdout);
}

interface Cloud extends AsyncDisposable {
  readonly simulator: Simulator;
  /** What a manifest says about it. */
  readonly properties: object;
}

async function openCloud(): Promise<Cloud> {
  const simulator = createSimulator({ seed: 1, clock: 'on-poll' });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const { apiKey, secretKey } = keysOf(simulator.userWithRole('User'));
  const cloudstack = {
    endpoint: `${origin}/client/api`,
    api_key: apiKey,
    secret_access_key: secretKey,
    poll: { first_ms: 1, cap_ms: 1 },
  };
  return {
    simulator,
    properties: withProperties(minimal, { cloudstack }),
    [Symbol.asyncDispose]: close,
  };
}

async function said(server: ChildProcess, words: string): Promise<void> {
  let output = '';
  for await (const part of server
    .stderr!.setEncoding('utf8')
    .iterator({ destroyOnReturn: false })) {
    output += part as string;
    if (output.includes(words)) return;
  }
  throw new Error(`it ended without saying ${words}: ${output}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
