// The other end of server.ts: a process that serves one thing and tells what that costs it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../../simulator/doors/listen.js';
import type { ClockModeText } from '../../simulator/kernel/clock.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { SignedClient, type Keys } from '../support/signed-client.js';

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

export type Spec = BareSpec | SimulatorSpec;

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
  const ready = spec.kind === 'bare' ? await serveBare(spec) : await serveSimulator(spec);
  process.once('disconnect', () => process.exit());
  process.on('message', (name: keyof Answers) => process.send?.(answers[name]()));
  process.send?.(ready);
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

async function serveBare({ headers, body }: BareSpec): Promise<Ready> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const nobody = { apiKey: '', secretKey: '' };
  return { origin: `http://127.0.0.1:${port}`, keys: nobody, vm: { id: '', name: '' } };
}

async function serveSimulator(spec: SimulatorSpec): Promise<Ready> {
  const { world, clock, account, deployed } = spec;
  const simulator = createSimulator({ world, clock });
  const { accounts, users, vms } = simulator.world;
  const owner = accounts.all().find(({ name }) => name === account);
  const user = users.all().find(({ accountId }) => accountId === owner?.id);
  const { apiKey = null, secretKey = null } = user ?? {};
  if (owner === undefined || apiKey === null || secretKey === null) {
    throw new Error(`the account ${account} has no user with keys`);
  }
  for (let count = 0; count < deployed; count += 1) deploy(simulator, { apiKey, secretKey });
  const own = vms.where('accountId', owner.id);
  const { id, name } = own[own.length >> 1] ?? { id: '', name: '' };
  const { origin } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  return { origin, keys: { apiKey, secretKey }, vm: { id, name } };
}

function deploy(simulator: Simulator, keys: Keys): void {
  const { zones, templates, serviceOfferings } = simulator.world;
  const offering = serviceOfferings.all().find(({ name }) => name === 'm1.small');
  new SignedClient(simulator, keys).done('deployVirtualMachine', {
    zoneid: zones.all()[0]?.id ?? '',
    templateid: templates.all()[0]?.id ?? '',
    serviceofferingid: offering?.id ?? '',
  });
}
