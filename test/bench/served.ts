// The other end of server.ts: a process that serves one thing, of which alone it loads the code, and
// tells what that costs it.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { openStore as OpenStore } from '../../cpi/bin/registry-store.js';
import { realClock } from '../../cpi/flow/clock.js';
import type { ClockModeText } from '../../simulator/kernel/clock.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { registryUser } from '../support/registry-process.js';
import type { Keys, SignedClient } from '../support/signed-client.js';

/** The same bytes for every request, by nothing but node:http. */
export interface BareSpec {
  readonly kind: 'bare';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A simulated zone, in which the named account may have deployed VMs by the API before. */
export interface SimulatorSpec {
  readonly kind: 'simulator';
  readonly world: string | WorldDescriptionInput;
  readonly clock: ClockModeText;
  readonly account: string;
  readonly deployed: number;
}

/** The registry's application with a store in a file, as the program has it, and entries `vm-N`. */
export interface RegistrySpec {
  readonly kind: 'registry';
  readonly entries: number;
  readonly settings: string;
}

/** The same JSON for every GET, by one route of express. */
export interface ExpressSpec {
  readonly kind: 'express';
  readonly answer: object;
}

/** The file, by a stream over nothing but node:http, or by the stemcell server on its folder. */
export interface FileSpec {
  readonly kind: 'file' | 'stemcells';
  readonly path: string;
}

export type Spec = BareSpec | SimulatorSpec | RegistrySpec | ExpressSpec | FileSpec;

/** What clients need to know. */
export interface Ready {
  readonly origin: string;
  readonly keys: Keys;
  /** One of the account's VMs in the middle of the list; empty texts where it has none. */
  readonly vm: { readonly id: string; readonly name: string };
}

/** What the parent can ask for, by name. */
export interface Answers {
  /** The CPU time so far. */
  readonly cpuUs: number;
  /** What the process holds when everything that nobody needs is gone. */
  readonly memory: {
    readonly rssMiB: number;
    readonly heapMiB: number;
    /** The most that it ever held. */
    readonly peakMiB: number;
  };
}

/** Serves until the parent goes away, and answers it. */
export async function serve(spec: Spec): Promise<void> {
  const ready = await begin(spec);
  process.once('disconnect', () => process.exit());
  process.on('message', (name: keyof Answers) => process.send?.(answers[name]()));
  process.send?.(ready);
}

function begin(spec: Spec): Promise<Ready> {
  switch (spec.kind) {
    case 'bare':
      return serveBare(spec);
    case 'simulator':
      return serveSimulator(spec);
    case 'registry':
      return serveRegistry(spec);
    case 'express':
      return serveExpress(spec);
    case 'file':
      return serveFile(spec);
    case 'stemcells':
      return serveStemcells(spec);
  }
}

const answers: { readonly [Name in keyof Answers]: () => Answers[Name] } = {
  cpuUs: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: () => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const peakMiB = process.resourceUsage().maxRSS / 2 ** 10;
    return { rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20, peakMiB };
  },
};

/** Where there is no account, and nothing that it could have. */
const nobody = { keys: { apiKey: '', secretKey: '' }, vm: { id: '', name: '' } };

async function serveBare({ headers, body }: BareSpec): Promise<Ready> {
  return listening((request, response) => {
    request.resume();
    request.once('end', () => {
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    });
  });
}

async function serveExpress({ answer }: ExpressSpec): Promise<Ready> {
  const { default: express } = await import('express');
  const app = express();
  app.get('/instances/:id/settings', (_, response) => response.json(answer));
  return listening(app);
}

function serveFile({ path }: FileSpec): Promise<Ready> {
  const { size } = statSync(path);
  return listening((_, response) => {
    response.writeHead(200, { 'content-length': size });
    createReadStream(path).pipe(response);
  });
}

async function serveStemcells({ path }: FileSpec): Promise<Ready> {
  const { openStemcellServer } = await import('../../cpi/stemcell-server/open-server.js');
  const { endpoint } = await openStemcellServer({
    directory: dirname(path),
    host: '127.0.0.1',
    port: 0,
    users: [],
    downloadsMax: 32,
    imageBytesMax: 2 ** 40,
    idleTimeoutMs: 60_000,
    clock: realClock,
    newId: randomUUID,
    onAccess: () => undefined,
    onFailure: (failure) => {
      throw failure;
    },
    onSwept: () => undefined,
  });
  return { origin: endpoint, ...nobody };
}

async function serveRegistry({ entries, settings }: RegistrySpec): Promise<Ready> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-registry-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true });
  });
  // As it was built, for its worker, which puts journals into the file now and then.
  const built = new URL('../../dist/cpi/bin/registry-store.js', import.meta.url).href;
  const { openStore } = (await import(built)) as { openStore: typeof OpenStore };
  const store = await openStore({ type: 'file', path: join(folder, 'registry.sqlite') }, () => {
    // Nobody reads it.
  });
  const { registryApp } = await import('../../cpi/registry/registry-app.js');
  const names = Array.from({ length: entries }, (_, number) => `vm-${number}`);
  await Promise.all(names.map((name) => store.put(name, settings)));
  const app = registryApp({
    store,
    users: [registryUser],
    settingsBytesMax: 2 ** 20,
    nowMs: () => performance.now(),
    onAccess: () => undefined,
    onFailure: (failure) => {
      throw failure;
    },
  });
  return listening(app);
}

async function listening(listener: RequestListener): Promise<Ready> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, ...nobody };
}

async function serveSimulator(spec: SimulatorSpec): Promise<Ready> {
  const { world, clock, account, deployed } = spec;
  const { createSimulator } = await import('../../simulator/simulator.js');
  const { listen } = await import('../../simulator/doors/listen.js');
  const simulator = createSimulator({ world, clock });
  const { accounts, users, vms } = simulator.world;
  const owner = accounts.all().find(({ name }) => name === account);
  const user = users.all().find(({ accountId }) => accountId === owner?.id);
  const { apiKey = null, secretKey = null } = user ?? {};
  if (owner === undefined || apiKey === null || secretKey === null) {
    throw new Error(`the account ${account} has no user with keys`);
  }
  const { SignedClient } = await import('../support/signed-client.js');
  const client = new SignedClient(simulator, { apiKey, secretKey });
  for (let count = 0; count < deployed; count += 1) deploy(simulator, client);
  const own = vms.where('accountId', owner.id);
  const { id, name } = own[own.length >> 1] ?? { id: '', name: '' };
  const { origin } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  return { origin, keys: { apiKey, secretKey }, vm: { id, name } };
}

function deploy({ world }: Simulator, client: SignedClient): void {
  const { zones, templates, serviceOfferings } = world;
  const offering = serviceOfferings.all().find(({ name }) => name === 'm1.small');
  client.done('deployVirtualMachine', {
    zoneid: zones.all()[0]?.id ?? '',
    templateid: templates.all()[0]?.id ?? '',
    serviceofferingid: offering?.id ?? '',
  });
}
