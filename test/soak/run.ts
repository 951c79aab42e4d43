// A simulator lives through hours of its time over HTTP, with Directors at work in it all the time.
import type { ChildProcess } from 'node:child_process';
import { createNodeTransport } from '../../cpi/cloudstack/transport-node.js';
import { realClock, type Clock } from '../../cpi/flow/clock.js';
import { collect } from '../../cpi/gc/collect.js';
import { openAccount } from '../../cpi/methods/call/open-account.js';
import { Redactor } from '../../cpi/protocol/redactor.js';
import { startCloud, type Cloud } from '../kills/cloud.js';
import { callInProcess } from '../support/call-in-process.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { signedQuery } from '../support/signed-client.js';
import { homes, listings, liveOnce, weather } from './goings-on.js';
import { goneRows, leftIn } from './left.js';
import { ask, startProbed } from './probed-program.js';
import { problemsOf, type Report, type Sample } from './report.js';

export interface SoakOptions {
  /** Of the simulator's time. */
  readonly hours: number;
  /** How many times as fast as ours that passes. */
  readonly speed: number;
  readonly seed: number;
  /** The path of a stemcell's image. */
  readonly image: string;
  /** Where files go. */
  readonly folder: string;
  readonly progress: (text: string) => void;
}

const HOUR_MS = 3_600_000;
const SAMPLES_AN_HOUR = 4;
const LOOK_EVERY_MS = 100;

/** So that a few hours have all that comes and goes: jobs and destroyed things are forgotten soon. */
const settings = { 'job.expire.minutes': 30, 'expunge.delay': 600, 'expunge.interval': 300 };

export async function runSoak(options: SoakOptions): Promise<Report> {
  const { hours, speed, seed, folder } = options;
  let child: ChildProcess | undefined;
  await using cloud = await startCloud({
    ...{ seed, folder, clock: `scaled:${speed}`, mayExpunge: true, settings },
    start: (args) => (child = startProbed(args)),
  });
  const before = await cloud.look();
  const soak = new Soak(options, cloud, child!);
  await soak.live();
  await cloud.advance(expungedAfterMs);
  await soak.collectGarbage();
  await cloud.advance(expungedAfterMs);
  const after = await cloud.look();
  const report = {
    ...{ hours, speed, seed },
    ...{ lives: soak.lives, calls: soak.calls, listings: soak.listings, samples: soak.samples },
    ...{ requests: after.kernel.ids.count('request'), events: after.kernel.log.lastSeq },
    goneRows: goneRows(after),
  };
  return {
    ...report,
    problems: [...problemsOf(report), ...leftIn(before, after), ...(await cloud.violations())],
  };
}

class Soak {
  lives = 0;
  calls = 0;
  listings = 0;
  readonly samples: Sample[] = [];
  readonly #options: SoakOptions;
  readonly #cloud: Cloud;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #startMs = realClock.nowMs();

  constructor(options: SoakOptions, cloud: Cloud, child: ChildProcess) {
    this.#options = options;
    this.#cloud = cloud;
    this.#child = child;
    this.#clock = fasterClock(options.speed);
  }

  get #hour(): number {
    return ((realClock.nowMs() - this.#startMs) * this.#options.speed) / HOUR_MS;
  }

  get #isOver(): boolean {
    return this.#hour >= this.#options.hours;
  }

  async live(): Promise<void> {
    await this.#control('faults', 'PUT', weather);
    await ask(this.#child, 'stall');
    await Promise.all([
      this.#sample(),
      this.#lookAround(),
      ...homes.map((_, at) => this.#direct(at)),
    ]);
    await this.#control('faults', 'PUT', []);
  }

  async #direct(at: number): Promise<void> {
    const { image } = this.#options;
    const configuration = JSON.stringify(this.#configuration());
    while (!this.#isOver) {
      await liveOnce(image, homes[at]!, async (request) => {
        this.calls += 1;
        const { stdout } = await callInProcess(request, () => configuration, this.#clock);
        return stdout;
      });
      this.lives += 1;
    }
  }

  /** Somebody lists everything, reads the events as they come, and leaves in the middle of it. */
  async #lookAround(): Promise<void> {
    const { origin, user } = this.#cloud;
    while (!this.#isOver) {
      for (const [command, values] of listings) {
        const query = signedQuery(user, command, values);
        await fetch(`${origin}/client/api?${query}`).then((response) => response.text());
        this.listings += 1;
      }
      await this.#control('clock');
      await this.#followEvents();
      await realClock.sleep(LOOK_EVERY_MS);
    }
  }

  async #followEvents(): Promise<void> {
    const { lastEvent } = (await this.#control('health')) as { lastEvent: number };
    const response = await fetch(`${this.#cloud.control}/events?after=${lastEvent - 1}`, {
      headers: { accept: 'text/event-stream' },
    });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
  }

  async #sample(): Promise<void> {
    const { hours, speed, progress } = this.#options;
    for (let number = 1; number <= hours * SAMPLES_AN_HOUR; number += 1) {
      const leftMs = (number / SAMPLES_AN_HOUR - this.#hour) * HOUR_MS;
      await realClock.sleep(Math.max(0, leftMs) / speed);
      const { ms: stallMs, atWorkMs } = await ask(this.#child, 'stall');
      const memory = await ask(this.#child, 'memory');
      const { lastEvent } = (await this.#control('health')) as { lastEvent: number };
      const [hour, lives] = [number / SAMPLES_AN_HOUR, this.lives];
      const sample = { hour, lives, events: lastEvent, ...memory, stallMs, atWorkMs };
      this.samples.push(sample);
      progress(
        `${sample.hour.toFixed(2)} of ${hours} hours, ${lives} lives, ${lastEvent} events, ` +
          `${Math.round(memory.heapMiB)} of ${Math.round(memory.rssMiB)} MiB, longest stall ` +
          `${Math.round(stallMs)} ms, ${Math.round(atWorkMs)} of it at work`,
      );
    }
  }

  /** What calls that failed have left. */
  async collectGarbage(): Promise<void> {
    const surroundings = {
      readConfiguration: () => JSON.stringify(this.#configuration()),
      openImageServer: () => Promise.reject(new Error('nothing is served')),
      createTransport: createNodeTransport,
      clock: realClock,
      random: () => 0,
      newId: () => crypto.randomUUID(),
      networkInterfaces: () => [],
      signal: new AbortController().signal,
    };
    const collection = { olderThanMs: 24 * HOUR_MS, isToBeDeleted: true };
    await openAccount(
      surroundings,
      new Redactor(),
      () => undefined,
      (account) => collect(account, collection),
    );
  }

  #configuration(): object {
    const { origin, user } = this.#cloud;
    return {
      cloudstack: {
        endpoint: `${origin}/client/api`,
        api_key: user.apiKey,
        secret_access_key: user.secretKey,
        default_zone: 'zone1',
      },
      agent: { mbus: 'nats://nats:bus@10.0.0.6:4222' },
    };
  }

  async #control(path: string, method = 'GET', body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#cloud.control}/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** The CPI lives as fast as the cloud, so that its pauses and its limits are what they always are. */
function fasterClock(speed: number): Clock {
  const startMs = realClock.nowMs();
  return {
    nowMs: () => Math.floor(startMs + (realClock.nowMs() - startMs) * speed),
    sleep: (ms, signal) => realClock.sleep(ms / speed, signal),
  };
}
