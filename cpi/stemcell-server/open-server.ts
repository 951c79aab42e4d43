import { isOfAnyAddress } from '../config/property.js';
import type { Clock } from '../flow/clock.js';
import type { AccessLine } from '../serving/access-log.js';
import type { Credentials } from '../serving/credentials.js';
import { lock } from '../serving/process-lock.js';
import { serve, type ListenOptions, type Serving } from '../serving/serve.js';
import { DownloadLimit } from './download-limit.js';
import { ImageFolder, type FolderOptions } from './image-folder.js';
import { RunningDownloads } from './running-downloads.js';
import { stemcellServerApp } from './stemcell-server-app.js';
import { sweep, type Swept } from './sweep.js';

export interface OpenServerOptions extends Pick<
  ListenOptions,
  'host' | 'port' | 'tls' | 'onUnreadable'
> {
  /** Where the images lie; it is made where there is none. */
  readonly directory: string;
  readonly users: readonly Credentials[];
  readonly publicUrl?: string | undefined;
  readonly downloadsMax: number;
  readonly imageBytesMax: number;
  /** How long nothing may move on a connection, in ms. */
  readonly idleTimeoutMs: number;
  /** How old images of the CPI may become, in ms; undefined keeps them. */
  readonly imagesOlderThanMs?: number | undefined;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly onAccess: (line: AccessLine) => void;
  readonly onFailure: (failure: unknown) => void;
  readonly onRecovery?: (() => void) | undefined;
  readonly onSwept: (swept: Swept) => void;
  readonly files?: FolderOptions['files'];
}

export interface StemcellServer extends Serving {
  /** Where readers reach it; undefined where it listens at all addresses and is not told. */
  readonly publicUrl: string | undefined;
}

const headerTimeoutMs = 30_000;
const waitForPlaceMs = 60_000;
const sweepEveryMs = 3_600_000;

/**
 * Opens the stemcell server on a folder, which no other process may serve. It sweeps at once and
 * then every hour.
 *
 * @throws Locked; what Node says of the folder or the port.
 */
export async function openStemcellServer(options: OpenServerOptions): Promise<StemcellServer> {
  const { directory, clock, downloadsMax, idleTimeoutMs, onFailure } = options;
  const folder = await ImageFolder.open(directory, options);
  const held = await lock(directory, 'images', directory);
  const downloads = new RunningDownloads();
  const limit = new DownloadLimit({ most: downloadsMax, waitMs: waitForPlaceMs, clock });
  const sweepOnce = async (): Promise<void> => {
    const { imagesOlderThanMs, onSwept } = options;
    const nowMs = clock.nowMs();
    onSwept(await sweep({ folder, downloads, nowMs, imagesOlderThanMs, onFailure }));
  };
  const app = stemcellServerApp({
    ...options,
    folder,
    limit,
    downloads,
    nowMs: () => clock.nowMs(),
  });
  let serving: Serving;
  try {
    await sweepOnce();
    serving = await serve(app, { ...options, requestTimeoutMs: headerTimeoutMs, idleTimeoutMs });
  } catch (failure) {
    await held.release();
    throw failure;
  }
  const stopped = new AbortController();
  const sweeping = again(clock, stopped.signal, () => sweepOnce().catch(onFailure));
  return {
    endpoint: serving.endpoint,
    publicUrl:
      options.publicUrl ?? (isOfAnyAddress(serving.endpoint) ? undefined : serving.endpoint),
    stop: async (withinMs) => {
      stopped.abort();
      await serving.stop(withinMs);
      await sweeping;
      // Uploads that were cut off take away what there is of them.
      await folder.settled();
      await held.release();
    },
  };
}

async function again(clock: Clock, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.sleep(sweepEveryMs, signal);
    } catch {
      return;
    }
    await work();
  }
}
