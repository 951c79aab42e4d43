// What tests of downloads share: a server that holds images or misbehaves, registration by URL, and
// waiting until the secondary storage VM knows how a download ended.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatorOptions } from '../../simulator/simulator.js';
import { fetchImage } from '../../simulator/ssvm/fetch-image.js';
import { storedImages } from '../../simulator/world/storage/stored-images.js';
import { testSimulator, type Reply, type TestWorld, type Values } from './simulator-client.js';
import { templateValues } from './template-uploads.js';

/** Serves requests on a port of its own as long as `use` needs it. */
export async function whileServing(
  serve: RequestListener,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

/** The default world, whose secondary storage VM really fetches, from this machine, too. */
export function downloadingWorld(settings: Values = {}, options: SimulatorOptions = {}): TestWorld {
  const world = testSimulator({ fetchImage, ...options });
  world.simulator.world.settings.set('ssvm.allowLoopback', true);
  for (const [name, value] of Object.entries(settings)) {
    world.simulator.world.settings.set(name as never, value);
  }
  return world;
}

/** Registers a template; answers it as the reply shows it. */
export function registered(world: TestWorld, url: string, values: Values = {}): Reply {
  const asked = templateValues(world, { url, ...values });
  return (world.user.call('registerTemplate', asked)['template'] as Reply[])[0]!;
}

/** Waits until no download of the world is awaited any more. */
export async function downloadsEnded({ simulator }: Pick<TestWorld, 'simulator'>): Promise<void> {
  const isDone = (): boolean =>
    storedImages(simulator.world).every(
      ({ download }) => download === null || download.end !== null,
    );
  if (isDone()) return;
  await new Promise<void>((resolve) => {
    const unsubscribe = simulator.subscribe(() => {
      if (!isDone()) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Registers, waits for the bytes, and lets the world's time pass until CloudStack knows. */
export async function downloaded(
  world: TestWorld,
  url: string,
  values: Values = {},
): Promise<Reply> {
  const { id } = registered(world, url, values);
  await downloadsEnded(world);
  world.simulator.kernel.advanceUntilIdle();
  const asked = { templatefilter: 'self', id };
  return (world.user.call('listTemplates', asked)['template'] as Reply[])[0]!;
}
