// A create_stemcell which CloudStack downloads for, and which is interrupted at each of its requests to
// the cloud and to the server in turn: nothing may be left that neither the same call, made again,
// nor `gc`, nor the sweep of the stemcell server clears away, be it a template, a tag, an image or a
// server of the CPI's own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { emptyQcow2 } from '../../bats-runner/stemcell/qcow2.js';
import { stemcellDiskMib } from '../../bats-runner/stemcell/stemcell-image.js';
import type { Serving } from '../../cpi/serving/serve.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import {
  secretName,
  startServer,
  user,
  type TestServer,
} from '../cpi/stemcell-server/running-server.js';
import { handMovedClock } from '../cpi/support/virtual-clock.js';
import { startZone, type CallOptions, type CpiZone } from '../support/cpi-zone.js';
import { downloadsEnded } from '../support/template-downloads.js';
import type { CrashRun } from './crash-run.js';
import { failingSteps, hows, interruptedLine, type How } from './interruption.js';
import { differences, possessionsOf } from './possessions.js';

const hourMs = 3_600_000;

interface Way {
  /** What is configured, when the server is this. */
  readonly properties: (server: TestServer) => object;
  /** What the stemcell says besides its name, when `source` has a disk of this name. */
  readonly stemcell?: (source: TestServer, name: string) => object;
  /** What is left of the image, on the server or here. */
  readonly leftovers: (server: TestServer, folder: string) => Promise<string[]>;
}

// No two workers of the tests serve at the same port.
const ownServer = { host: '127.0.0.1', port: 21_000 + (process.pid % 10_000) };

const ways = {
  webdav: {
    properties: ({ url }) => {
      const [username = '', ...password] = user.split(':');
      const server = { url, username, password: password.join(':') };
      return { stemcell: { publish: 'webdav' }, stemcell_server: server };
    },
    leftovers: imagesLeft,
  },
  'create-env': {
    properties: () => ({ stemcell: { publish: 'create-env' }, stemcell_server: ownServer }),
    leftovers: async (_, folder) => {
      const files = readdirSync(folder).filter((name) => name !== 'image');
      return (await isServing()) ? [...files, 'the server'] : files;
    },
  },
  image_url: {
    properties: () => ({}),
    stemcell: ({ url }, name) => ({ image_url: `${url}${name}` }),
    leftovers: () => Promise.resolve([]),
  },
} satisfies Readonly<Record<string, Way>>;

/** A deletion for which the CPI waits no longer, since its pauses take no time, may still go on. */
async function imagesLeft(server: TestServer): Promise<string[]> {
  const untilMs = performance.now() + deletionMsMax;
  while (server.staged().length > 0 && performance.now() < untilMs) await setImmediate();
  return [...server.stored(), ...server.staged()];
}

const deletionMsMax = 10_000;

async function isServing(): Promise<boolean> {
  const socket = connect(ownServer);
  const isThere = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isThere;
}

/** Nothing that publishes an image is done by jobs. */
const howsWithoutJobs = (Object.keys(hows) as How[]).filter(
  (how) => failingSteps[how] === undefined,
);

/** `image` is the path of a stemcell's image, alone in its folder. */
export function publicationRunsIn(image: string): CrashRun[] {
  return (Object.keys(ways) as (keyof typeof ways)[]).flatMap((name) =>
    howsWithoutJobs.map((how) => ({
      subject: 'create_stemcell',
      title: `create_stemcell by ${name}: each request in turn ${how}`,
      run: () => interruptEach(ways[name], how, image),
    })),
  );
}

async function interruptEach(
  { properties, stemcell, leftovers }: Way,
  how: How,
  image: string,
): Promise<number> {
  const clock = handMovedClock(Date.now());
  await using server = await startServer({ clock, imagesOlderThanMs: 24 * hourMs });
  await using source = await startServer();
  await source.asUser('PUT', secretName, { body: emptyQcow2(stemcellDiskMib) });
  const args = [
    image,
    { name: 'jammy', version: '1', hypervisor: 'kvm', ...stemcell?.(source, secretName) },
  ];
  const world = { ...advancedKvm, settings: { 'ssvm.allowLoopback': true } };
  await using zone = await startZone({ world }, 'direct');
  const rewind = zone.simulator.bookmark();
  const before = possessionsOf(zone.simulator);
  const options: CallOptions = { properties: properties(server) };
  const assertNothingLeft = (at: string): void => {
    assert.deepEqual(differences(before, possessionsOf(zone.simulator)), [], at);
  };
  const assertNoImage = async (at: string): Promise<void> => {
    assert.deepEqual(await leftovers(server, dirname(image)), [], at);
  };
  for (let request = 1; ; request += 1) {
    rewind();
    const at = `request ${request}`;
    const called = await interruptedCall(zone, args, options, { request, how });
    if (called.hasTidied) await assertNoImage(`${at}, at once`);
    if (called.hasUndone) assertNothingLeft(`${at}, at once`);
    if (!called.wasInterrupted) {
      assert.ok(request > 5, 'it was interrupted at all');
      return request - 1;
    }
    const cid = called.cid ?? (await zone.result('create_stemcell', args, options));
    await zone.result('delete_stemcell', [cid]);
    await clearAway(zone, server, clock);
    assertNothingLeft(at);
    await assertNoImage(at);
  }
}

interface Interrupted {
  readonly cid: string | undefined;
  readonly wasInterrupted: boolean;
  /** Lived on, and it was not the server that did not hear it: no image may be there. */
  readonly hasTidied: boolean;
  /** Failed, and says of nothing that it stays: no template may be there. */
  readonly hasUndone: boolean;
}

/** Calls on a line that breaks; what the cloud was about to do goes on without the CPI. */
async function interruptedCall(
  zone: CpiZone,
  args: readonly unknown[],
  options: CallOptions,
  interruption: { readonly request: number; readonly how: How },
): Promise<Interrupted> {
  const line = interruptedLine(interruption);
  const servers: Serving[] = [];
  const call = zone.call('create_stemcell', args, {
    ...options,
    through: line.through,
    onServer: (server) => servers.push(server),
  });
  const answer = await Promise.race([call, line.death.then(() => undefined)]);
  // With a process that was killed goes its port.
  if (answer === undefined) for (const server of servers) await server.stop(0);
  await line.catchUp();
  await downloadsEnded(zone);
  zone.simulator.kernel.advanceBy(hourMs);
  const { result } = JSON.parse(answer ?? '{}') as { result?: string | null };
  return {
    cid: result ?? undefined,
    wasInterrupted: line.commands.length >= interruption.request,
    hasTidied: answer !== undefined && line.commands[interruption.request - 1] !== 'the image',
    hasUndone: result === null && answer?.includes('could be undone, look after') === false,
  };
}

/** What nobody asks for is cleared away days later. */
async function clearAway(
  zone: CpiZone,
  server: TestServer,
  clock: ReturnType<typeof handMovedClock>,
): Promise<void> {
  zone.simulator.kernel.advanceBy(3 * 24 * hourMs);
  for (const { outcome } of await zone.gc()) assert.equal(outcome, 'deleted');
  zone.simulator.kernel.advanceBy(hourMs);
  const sweeps = server.swept.length;
  clock.advance(25 * hourMs);
  while (server.swept.length <= sweeps) await setImmediate();
}
