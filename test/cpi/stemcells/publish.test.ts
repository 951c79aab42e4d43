// Proves that a stemcell becomes a template which CloudStack has downloaded: from the stemcell server,
// or from one that the CPI opens; that the image is gone afterwards, in success and in failure; and that
// what goes wrong is told with what to do. The simulated secondary storage VM really downloads.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import type { Clock } from '../../../cpi/flow/clock.js';
import { needsOf, rightsOf } from '../../../cpi/permissions/role.js';
import { openImage } from '../../../cpi/stemcells/image.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import {
  at,
  directorUuid,
  startZone,
  type CallOptions,
  type CpiZone,
} from '../../support/cpi-zone.js';
import { freePort } from '../../support/free-port.js';
import { limitTo } from '../permissions/limited-role.js';
import { hurriedClock } from '../support/virtual-clock.js';
import { ask, startServer, user, type TestServer } from '../stemcell-server/running-server.js';

let folder: string;
let image: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'publish-'));
  image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const stemcell = { name: 'bosh-openstack-kvm-ubuntu-jammy-go_agent', version: '1.1' };

/** A zone whose secondary storage VM takes images from this machine, too. */
function zoneWith(settings = {}): Promise<CpiZone> {
  return startZone({
    world: { ...advancedKvm, settings: { 'ssvm.allowLoopback': true, ...settings } },
  });
}

const [username = '', ...passwordParts] = user.split(':');
const password = passwordParts.join(':');

function byServer({ url }: { url: string }, more = {}): CallOptions {
  const server = { url, username, password, ...more };
  return { properties: { stemcell: { publish: 'webdav' }, stemcell_server: server } };
}

function fromHere(port: number, more = {}): CallOptions {
  const server = { host: '127.0.0.1', port, ...more };
  return { properties: { stemcell: { publish: 'create-env' }, stemcell_server: server } };
}

function templateOf(zone: CpiZone, id: string): unknown {
  const found = zone.user.call('listTemplates', { templatefilter: 'executable', id });
  return at(found, 'template', 0);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of (await openImage(path)).open()) hash.update(chunk);
  return hash.digest('hex');
}

test('webdav: CloudStack downloads the image from the server, checks it, and it goes', async () => {
  await using server = await startServer();
  await using zone = await zoneWith();
  const cid = await zone.result('create_stemcell', [image, stemcell], byServer(server));
  expect(templateOf(zone, String(cid))).toMatchObject({
    isready: true,
    format: 'QCOW2',
    hypervisor: 'KVM',
    displaytext: `${stemcell.name}/1.1 (bosh-cpi-director ${directorUuid})`,
    checksum: await sha256Of(image),
    url: expect.stringMatching(
      new RegExp(`^${server.url}/stemcell-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.qcow2$`),
    ),
    tags: expect.arrayContaining([
      expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'stemcell' }),
    ]),
  });
  expect(server.stored()).toEqual([]);
  expect(server.access.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'OPTIONS 200',
    'PUT 201',
    'HEAD 200',
    'GET 200',
    'DELETE 204',
  ]);
  expect(zone.diagnostics.join('\n')).toMatch(/putting root\.qcow2 .* on the stemcell server/);
  expect(zone.diagnostics.join('\n')).toContain('uploaded 100 %');
  expect(zone.diagnostics.join('\n')).toMatch(/is downloaded by CloudStack from http/);
  expect(zone.diagnostics.join('\n')).toMatch(/is not ready yet: /);
  expect(zone.diagnostics.join('\n')).not.toContain(password);
  await zone.result('delete_stemcell', [cid]);
  expect(templateOf(zone, String(cid))).toBeUndefined();
});

test('create-env: the CPI serves the image as long as CloudStack needs it, and writes nothing', async () => {
  const port = await freePort();
  await using zone = await zoneWith();
  const before = readdirSync(folder);
  const cid = await zone.result('create_stemcell', [image, stemcell], fromHere(port));
  expect(templateOf(zone, String(cid))).toMatchObject({
    isready: true,
    checksum: await sha256Of(image),
    url: expect.stringContaining(`http://127.0.0.1:${port}/stemcell-`),
  });
  await expect(ask(`http://127.0.0.1:${port}`, 'GET', '/')).rejects.toThrow('ECONNREFUSED');
  expect(readdirSync(folder)).toEqual(before);
  expect(zone.diagnostics.join('\n')).toMatch(/127\.0\.0\.1: GET of the image answered 200/);
});

test('an image that is no tar is published as it is', async () => {
  await using server = await startServer();
  await using zone = await zoneWith();
  const disk = join(folder, 'disk');
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await openImage(image)).open()) chunks.push(chunk);
  writeFileSync(disk, Buffer.concat(chunks));
  const cid = await zone.result('create_stemcell', [disk, stemcell], byServer(server));
  expect(templateOf(zone, String(cid))).toMatchObject({
    isready: true,
    checksum: createHash('sha256').update(readFileSync(disk)).digest('hex'),
  });
});

test('one stemcell is one template, in whichever way it is published', async () => {
  await using server = await startServer();
  await using zone = await zoneWith();
  const first = await zone.result('create_stemcell', [image, stemcell], byServer(server));
  expect(await zone.result('create_stemcell', [image, stemcell])).toBe(first);
  const port = await freePort();
  expect(await zone.result('create_stemcell', [image, stemcell], fromHere(port))).toBe(first);
});

test('where CloudStack reaches the server elsewhere, it is told so', async () => {
  await using server = await startServer({ publicUrl: 'http://127.0.0.1:1' });
  await using zone = await zoneWith();
  const told = await zone.error('create_stemcell', [image, stemcell], byServer(server));
  expect(told.message).toContain('Connection refused');
  expect(told.message).toContain('must reach http://127.0.0.1:1');
  const configured = byServer(server, { public_url: `${server.url}/` });
  await zone.result('create_stemcell', [image, stemcell], configured);
  const port = await freePort();
  const another = { ...stemcell, version: '1.2' };
  const own = fromHere(port, { host: '0.0.0.0', public_url: `http://127.0.0.1:${port}` });
  await zone.result('create_stemcell', [image, another], own);
});

interface Failing {
  readonly what: string;
  readonly server?: Parameters<typeof startServer>[0];
  readonly settings?: object;
  readonly options: (server: TestServer, port: number) => CallOptions;
  readonly message: RegExp;
}

const failing: readonly Failing[] = [
  {
    what: 'a wrong password',
    options: (server) => byServer(server, { password: 'wrong' }),
    message:
      /does not let the CPI in \(401\); check stemcell_server\.username.*It says: user name or password is/,
  },
  {
    what: 'a server that is not there',
    options: (_, port) => byServer({ url: `http://127.0.0.1:${port}` }),
    message: /the stemcell server cannot be reached: .*check stemcell_server\.url/,
  },
  {
    what: 'a collection that is not there',
    options: (server) => byServer({ url: `${server.url}/nowhere` }),
    message:
      /\(409\); stemcell_server\.url must lead to a collection.*It says: the collection is not there/,
  },
  {
    what: 'an image that is too large for the server',
    server: { imageBytesMax: 1000 },
    options: (server) => byServer(server),
    message: /\(413\); .* raise its image_max_gib.*It says: the image is larger than image_max_gib/,
  },
  {
    what: 'a zone that takes no image from there',
    settings: { 'ssvm.allowLoopback': false },
    options: (server) => byServer(server),
    message: /registerTemplate.*Illegal host specified in URL/,
  },
  {
    what: 'a public address at which nobody is',
    options: (server, port) => byServer(server, { public_url: `http://127.0.0.1:${port}` }),
    message: /ended as "Connection refused".*must reach http/,
  },
  {
    what: 'a public address of another server',
    options: (server) => byServer(server, { public_url: `${server.url}/elsewhere` }),
    message: /HTTP Server returned 404/,
  },
  {
    what: 'a configuration that says too little for webdav',
    options: () => ({ properties: { stemcell: { publish: 'webdav' } } }),
    message:
      /stemcell_server\.url is missing.*stemcell_server\.username.*stemcell_server\.password/,
  },
  {
    what: 'a configuration that says too little for create-env',
    options: () => ({ properties: { stemcell: { publish: 'create-env' } } }),
    message: /stemcell_server\.host is missing: stemcell\.publish create-env needs it/,
  },
  {
    what: 'an address at which nobody is reached',
    options: (_, port) => fromHere(port, { host: '0.0.0.0' }),
    message: /stemcell_server\.public_url is missing/,
  },
  {
    what: 'a port that is taken',
    options: (server) => fromHere(Number(new URL(server.url).port)),
    message:
      /no server can be opened: cannot listen on 127\.0\.0\.1, port \d+: another .*EADDRINUSE.*check stemcell_server\.host/,
  },
  {
    what: 'an address that is not of this machine',
    options: (_, port) => fromHere(port, { host: '192.0.2.1' }),
    message:
      /cannot listen on 192\.0\.2\.1, port .*: this machine has no such address.*EADDRNOTAVAIL/,
  },
];

for (const { what, server: options = {}, settings, options: of, message } of failing) {
  test(`${what}: the error says what to do, and nothing is left in the cloud or on the server`, async () => {
    await using server = await startServer(options);
    await using zone = await zoneWith(settings);
    const before = zone.holdings();
    const port = await freePort();
    const error = await zone.error('create_stemcell', [image, stemcell], of(server, port));
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('look after');
    expect(error.ok_to_retry).toBe(false);
    expect(zone.holdings()).toEqual(before);
    expect(server.stored()).toEqual([]);
    expect(server.staged()).toEqual([]);
  });
}

test('an account that may not register templates is told so, and no image stays', async () => {
  const rights = rightsOf(needsOf('create_stemcell'), 'all');
  for (const given of [rights, rights.filter((right) => right !== 'registerTemplate')]) {
    await using server = await startServer();
    await using zone = await zoneWith();
    limitTo(zone, given);
    const answer = await zone.call('create_stemcell', [image, stemcell], byServer(server));
    const { error } = JSON.parse(answer) as { error: { message: string } | null };
    if (given === rights) expect(error).toBeNull();
    else expect(error?.message).toContain('registerTemplate');
    expect(server.stored()).toEqual([]);
  }
});

test('a call that is interrupted while CloudStack downloads takes back all of it', async () => {
  for (const way of ['webdav', 'create-env'] as const) {
    await using server = await startServer();
    await using zone = await zoneWith();
    const before = zone.holdings();
    const interrupt = new AbortController();
    zone.onDiagnostic((line) => {
      if (line.includes('is downloaded by CloudStack')) interrupt.abort(new Error('SIGTERM'));
    });
    const options = way === 'webdav' ? byServer(server) : fromHere(await freePort());
    const error = await zone.error('create_stemcell', [image, stemcell], {
      ...options,
      signal: interrupt.signal,
    });
    expect(error.message, way).toMatch(/interrupted/);
    expect(error.message, way).not.toContain('look after');
    expect(zone.holdings(), way).toEqual(before);
    expect(server.stored(), way).toEqual([]);
  }
});

/** A server that answers no DELETE; told of each, it refuses the connection, or is silent. */
function goneServer(
  how: 'refused' | 'silent',
  onDelete: () => void,
): (transport: Transport) => Transport {
  return (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      if (request.method !== 'DELETE') return transport.send(request);
      onDelete();
      if (how === 'refused') throw new TransportError('refused', 'no', 'connection refused');
      return new Promise((_, reject) => {
        request.signal?.addEventListener('abort', () => {
          reject(new TransportError('aborted', 'maybe', 'interrupted'));
        });
      });
    },
  });
}

for (const how of ['refused', 'silent'] as const) {
  test(`a server that is ${how} when the call is undone keeps no template, and its image is named`, async () => {
    await using server = await startServer();
    await using zone = await zoneWith();
    const before = zone.holdings();
    const caller = new AbortController();
    zone.onDiagnostic((line) => {
      if (line.includes('is downloaded by CloudStack')) caller.abort(new Error('SIGTERM'));
    });
    // The time for undoing ends when the image alone is left.
    const { clock, strike } = clockWithLimit(18_000);
    let deletes = 0;
    const through = goneServer(how, () => {
      deletes += 1;
      if (deletes === 2) strike();
    });
    const error = await zone.error('create_stemcell', [image, stemcell], {
      ...byServer(server),
      signal: caller.signal,
      clock,
      through,
    });
    expect(zone.holdings()).toEqual(before);
    expect(error.message).toMatch(
      /look after: put http\S* on the stemcell server \(the sweep of the stemcell server removes it[^()]*\)$/,
    );
    expect(server.stored()).toHaveLength(1);
  });
}

/** A clock on which a limit of this length strikes when it is told to, and pauses take no time. */
function clockWithLimit(limitMs: number): { clock: Clock; strike: () => void } {
  let strike = (): void => undefined;
  const struck = new Promise<void>((resolve) => (strike = resolve));
  const usual = hurriedClock();
  return {
    clock: { ...usual, sleep: (ms, signal) => (ms === limitMs ? struck : usual.sleep(ms, signal)) },
    strike,
  };
}

test('an image that the server does not remove is no failure, and is told', async () => {
  await using server = await startServer();
  await using zone = await zoneWith();
  const cid = await zone.result('create_stemcell', [image, stemcell], {
    ...byServer(server),
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: (request) =>
        request.method === 'DELETE'
          ? Promise.resolve({ status: 500, headers: {}, body: '' })
          : transport.send(request),
    }),
  });
  expect(templateOf(zone, String(cid))).toMatchObject({ isready: true });
  expect(zone.diagnostics.join('\n')).toMatch(/warning: .* could not be removed .*\(500\).*sweep/);
  expect(server.stored()).toHaveLength(1);
});

test('a server that has got another image than was sent is not believed', async () => {
  await using server = await startServer();
  await using zone = await zoneWith();
  const error = await zone.error('create_stemcell', [image, stemcell], {
    ...byServer(server),
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        const response = await transport.send(request);
        if (request.method !== 'PUT') return response;
        return { ...response, headers: { ...response.headers, 'repr-digest': 'sha-256=:AAAA:' } };
      },
    }),
  });
  expect(error.message).toContain('another image than was sent');
  expect(server.stored()).toEqual([]);
});
