// Proves that `cloudstack-cpi gc` tells operators what is left over, removes it only when told to, and
// ends with the exit status of what happened: the built program against a simulator on a port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { listen } from '../../../simulator/doors/listen.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { unmeasured } from '../../support/coverage.js';
import { TestClient } from '../../support/simulator-client.js';
import { at } from '../../support/cpi-zone.js';

const program = fileURLToPath(new URL('../../../dist/bundle/cloudstack-cpi.cjs', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: unmeasured,
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, stdout, stderr };
}

/**
 * A zone with a disk that somebody's create_disk left, 30 days ago unless told otherwise, and, where
 * an owner is given, one that is marked as that Director's.
 */
async function withLeftover(
  work: (config: string, client: TestClient) => Promise<void>,
  ageMs = 30 * 24 * 3_600_000,
  owner?: string,
): Promise<void> {
  const simulator = createSimulator();
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const user = simulator.userWithRole('User');
  const client = new TestClient(simulator, user);
  const offering = at(
    client.call('listDiskOfferings', { name: 'shared.custom' }),
    'diskoffering',
    0,
    'id',
  );
  const zoneid = String(at(client.call('listZones'), 'zone', 0, 'id'));
  const sized = { zoneid, diskofferingid: String(offering), size: 1 };
  client.call('createVolume', { ...sized, name: 'disk-00000000-0000-4000-8000-000000000001' });
  if (owner !== undefined) {
    const name = 'disk-00000000-0000-4000-8000-000000000002';
    const resourceids = String(client.call('createVolume', { ...sized, name })['id']);
    client.run('createTags', {
      resourcetype: 'Volume',
      resourceids,
      'tags[0].key': 'bosh-cpi-director',
      'tags[0].value': owner,
    });
  }
  simulator.kernel.advanceBy(ageMs);
  const folder = mkdtempSync(join(tmpdir(), 'gc-'));
  const config = join(folder, 'cpi.json');
  const cloudstack = {
    endpoint: `${origin}/client/api`,
    api_key: user.apiKey,
    secret_access_key: user.secretKey,
    default_zone: 'zone1',
  };
  writeFileSync(config, JSON.stringify({ cloudstack, agent: { mbus: 'nats://10.0.0.6' } }));
  try {
    await work(config, client);
  } finally {
    rmSync(folder, { recursive: true });
    await close();
  }
}

test('it tells first, removes when told to, and then finds nothing', async () => {
  await withLeftover(async (config, client) => {
    const told = await run(['--config', config, 'gc']);
    expect(told).toMatchObject({ status: 0, stderr: '' });
    expect(told.stdout).toMatch(
      /^volume disk-0+-.* \(.*\), 30 days old, of an unknown Director\n {2}found; it was never attached/,
    );
    expect(told.stdout).toMatch(/\n1 found; remove with --delete\.\n$/);
    const json = await run(['--config', config, 'gc', '--delete', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { kind: 'volume', director: null, outcome: 'deleted' },
    ]);
    expect(client.call('listVolumes')).toEqual({});
    expect(await run(['--config', config, 'gc'])).toEqual({
      status: 0,
      stdout: 'Nothing is left over.\n',
      stderr: '',
    });
  });
});

test('what is left for its age is told, with the age that counts, and that less was asked for than a call may take', async () => {
  await withLeftover(async (config, client) => {
    for (const [args, counts, stderr] of [
      [
        ['--older-than', '1m', '--delete'],
        '24 h',
        /^cloudstack-cpi: --older-than 1m is too little, \d+m counts/,
      ],
      [['--older-than', '4h'], '24 h', /^$/],
      [['--older-than', '25h'], '25 h', /^$/],
      [['--older-than', '1441m'], '1441 min', /^$/],
      [['--older-than', '9d'], '9 days', /^$/],
    ] as const) {
      const ended = await run(['--config', config, 'gc', ...args]);
      expect(ended, args.join(' ')).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(
          new RegExp(
            '^volume disk-0+-.* \\(.*\\), 6 h old, of an unknown Director\n' +
              `  left for now: it counts from ${counts} on; it was never attached.*\n` +
              'Nothing is to go\\. 1 left for now: a call may be at work on it, or a Director know of it\\.\n$',
          ),
        ),
        stderr: expect.stringMatching(stderr),
      });
    }
    const json = await run(['--config', config, 'gc', '--delete', '--json']);
    expect(json).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject([
      { kind: 'volume', outcome: 'left for now', reason: 'it counts from 24 h on' },
    ]);
    expect(client.call('listVolumes')).toMatchObject({ count: 1 });
  }, 6 * 3_600_000);
});

test('what is left of another Director is not told where one is asked for', async () => {
  await withLeftover(
    async (config) => {
      const ended = await run(['--config', config, 'gc', '--director', 'mine']);
      expect(ended.stdout).toMatch(/^volume disk-0+-.*2 \(.*of Director mine\n.*\nNothing of/);
      expect(ended.stdout).toContain('Nothing of Director mine is to go. 1 left for now');
    },
    6 * 3_600_000,
    'mine',
  );
});

test('a Director that left nothing: the cloud is not told as clean without saying what is there', async () => {
  await withLeftover(async (config) => {
    const ended = await run(['--config', config, 'gc', '--director', 'nope', '--delete']);
    expect(ended).toEqual({
      status: 0,
      stdout: 'Nothing of Director nope is left over.\n',
      stderr:
        'cloudstack-cpi: nothing that is left over has the mark of Director nope, but 1 of an unknown Director\n',
    });
  });
});

test('what is of an unknown Director is told of where one is asked for, and left alone', async () => {
  await withLeftover(
    async (config, client) => {
      const ended = await run(['--config', config, 'gc', '--director', 'mine', '--delete']);
      expect(ended).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(
          /^volume disk-0+-.*2 \(.*of Director mine\n.*\n1 deleted\.\n$/,
        ),
        stderr:
          'cloudstack-cpi: 1 thing of an unknown Director left alone: gc without --director finds it\n',
      });
      expect(client.call('listVolumes')).toMatchObject({ count: 1 });
    },
    30 * 24 * 3_600_000,
    'mine',
  );
});

for (const [problem, args, status, message] of [
  [
    'an age without a unit',
    ['gc', '--older-than', '24'],
    2,
    /--older-than takes a number and m, h or d/,
  ],
  ['an unknown option', ['gc', '--remove'], 2, /unknown option '--remove'/],
  ['something behind gc', ['gc', 'all'], 2, /too many arguments/],
  ['no configuration', ['--config', '/no/such/file', 'gc'], 3, /\/no\/such\/file/],
] as const) {
  test(`${problem} ends with ${status} and says why`, async () => {
    const ended = await run(args);
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).toMatch(/^cloudstack-cpi: /);
    const hint = '\n(cloudstack-cpi gc --help tells how to use it)\n';
    expect(ended.stderr.endsWith(hint)).toBe(status === 2);
  });
}

test('a cloud that does not answer ends with 3 and no secret', async () => {
  await withLeftover(async (config) => {
    writeFileSync(
      config,
      JSON.stringify({
        cloudstack: {
          endpoint: 'http://127.0.0.1:9/client/api',
          api_key: 'secret-api-key',
          secret_access_key: 'secret-secret-key',
          default_zone: 'zone1',
        },
        agent: { mbus: 'nats://10.0.0.6' },
      }),
    );
    const ended = await run(['--config', config, 'gc']);
    expect(ended).toMatchObject({ status: 3, stdout: '' });
    expect(ended.stderr).toContain('127.0.0.1');
    expect(ended.stderr).not.toContain('secret-');
  });
});

test('a registry that fails ends with 3 when the rest is done, and that is told', async () => {
  const registry = createServer((_request, response) => response.writeHead(401).end());
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const { port } = registry.address() as AddressInfo;
  await withLeftover(async (config, client) => {
    const section = { host: '127.0.0.1', port, username: 'u', password: 'secret-of-registry' };
    const known = JSON.parse(readFileSync(config, 'utf8')) as object;
    writeFileSync(config, JSON.stringify({ ...known, registry: section }));
    const ended = await run(['--config', config, 'gc', '--delete']);
    expect(ended.status).toBe(3);
    expect(ended.stderr).toMatch(/^cloudstack-cpi: The registry at \S+ does not let the user u in/);
    expect(ended.stderr).not.toContain('secret-');
    expect(ended.stdout).toMatch(
      /deleted; it was never attached.*\n1 deleted\. What is left over in the registry is not known\.\n$/s,
    );
    expect(client.call('listVolumes')).toEqual({});
  });
  registry.close();
});

test('--help teaches, and the help of the program names the command', async () => {
  expect((await run(['gc', '--help'])).stdout).toContain('A CPI call that is killed');
  expect((await run(['--help'])).stdout).toContain('gc [options]');
});
