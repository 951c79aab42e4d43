// A world that lives through a random workload, and is saved and loaded into a fresh simulator at
// random points of it, has in the end the same events, byte for byte, as one that was never
// interrupted; clients see no difference. All kinds of resources are on their way while it happens:
// VMs, volumes, snapshots, rules, pools in maintenance, uploads; downloads begin again by themselves.
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import type { FetchImage } from '../../simulator/ssvm/fetch-image.js';
import { assertProperty } from '../support/property.js';
import { answerTo, eventsOf } from '../support/saved-worlds.js';
import { receivedImage } from '../support/received-image.js';
import { keysOf, type Keys } from '../support/simulator-client.js';
import { assertSound } from '../support/sound-world.js';
import { anyOperation, beginning, requestOf, type Operation } from '../support/workload.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25);

type Step =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'deliver' }
  | { readonly kind: 'upload'; readonly good: boolean }
  | { readonly kind: 'save' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: anyOperation.map((operation) => ({ kind: 'operation' as const, operation })),
  },
  { weight: 8, arbitrary: fc.nat(9_000).map((ms) => ({ kind: 'advance' as const, ms })) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'advance', ms: 90_000_000 }) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'deliver' }) },
  { weight: 2, arbitrary: fc.boolean().map((good) => ({ kind: 'upload' as const, good })) },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'save' }) },
);

test('a world that is saved and loaded again and again goes on like one that is not', async () => {
  const seen = new Set<string>();
  await assertProperty(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const [steady, restless] = [new Life(), new Life()];
      for (const operation of beginning) await takeBoth({ kind: 'operation', operation });
      for (const next of steps) await takeBoth(next);
      await takeBoth({ kind: 'deliver' });
      await takeBoth({ kind: 'advance', ms: 600_000 });
      strictEqual(eventsOf(restless.simulator), eventsOf(steady.simulator));
      deepStrictEqual(restless.simulator.save(), steady.simulator.save());
      assertSound(steady.simulator);
      for (const { entity } of steady.simulator.kernel.log.after(0)) seen.add(entity);

      async function takeBoth(next: Step): Promise<void> {
        if (next.kind === 'save') restless.saveAndLoad();
        else strictEqual(await restless.take(next), await steady.take(next));
      }
    }),
    RUNS,
  );
  for (const entity of RESOURCES) ok(seen.has(entity), `no run had a ${entity}`);
});

const RESOURCES = [
  'virtualmachine',
  'volume',
  'snapshot',
  'snapshotstore',
  'snapshotpolicy',
  'vmsnapshot',
  'template',
  'templatezone',
  'publicipaddress',
  'firewallrule',
  'portforwardingrule',
  'loadbalancerrule',
  'tag',
  'asyncjob',
];

/** A zone with those who use it, and with what it waits for from outside. */
class Life {
  simulator: Simulator;
  readonly #keys: Readonly<Record<'admin' | 'user', Keys>>;
  #awaited: Fetch[] = [];

  constructor() {
    this.simulator = this.#create();
    this.#keys = {
      admin: keysOf(this.simulator.userWithRole('Admin')),
      user: keysOf(this.simulator.userWithRole('User')),
    };
  }

  /** Goes on in another simulator, which is told nothing but what was saved. */
  saveAndLoad(): void {
    const saved = JSON.stringify(this.simulator.save());
    this.#awaited = [];
    this.simulator = this.#create();
    this.#awaited = [];
    this.simulator.load(JSON.parse(saved));
  }

  /** Takes a step; answers all that a client sees of it. */
  async take(next: Exclude<Step, { kind: 'save' }>): Promise<string> {
    switch (next.kind) {
      case 'advance':
        this.simulator.kernel.advanceBy(next.ms);
        return '';
      case 'deliver':
        return this.#deliver();
      case 'upload':
        return this.#upload(next.good);
      case 'operation': {
        const request = requestOf(this.simulator, next.operation);
        if (request === undefined) return 'nothing to do';
        return answerTo(this.simulator, this.#keys[request.by], request.command, request.values);
      }
    }
  }

  /** All images that are being fetched arrive, or fail, as their URLs say. */
  async #deliver(): Promise<string> {
    const awaited = this.#awaited.filter(({ signal }) => !signal.aborted);
    this.#awaited = [];
    awaited.sort((one, other) => one.url.localeCompare(other.url));
    for (const { url, onProgress, arrive } of awaited) {
      onProgress(1_024, 4_096);
      arrive(url.endsWith('-0.qcow2') ? FAILED : { kind: 'file', ...receivedImage });
      await settled();
    }
    return awaited.map(({ url }) => url).join(' ');
  }

  /** Somebody posts an image, or breaks off. */
  #upload(good: boolean): string {
    const { world } = this.simulator;
    const reply = answerTo(this.simulator, this.#keys.user, 'getUploadParamsForTemplate', {
      name: 'posted',
      format: 'QCOW2',
      hypervisor: 'KVM',
      zoneid: world.zones.all()[0]!.id,
      ostypeid: world.osTypes.all()[0]!.id,
    });
    const { body } = JSON.parse(reply) as { body: string };
    const { postuploadtemplateresponse: answer } = JSON.parse(body) as UploadAnswer;
    const params = answer.getuploadparams;
    if (params === undefined) return reply;
    const begun = this.simulator.upload({
      kind: 'begun',
      uploadId: params['id']!,
      method: 'POST',
      signature: params['signature']!,
      metadata: params['metadata']!,
      expires: params['expires']!,
      host: new URL(params['postURL']!).host,
      contentLength: 4_096,
    });
    const outcome = good
      ? ({ kind: 'file', ...receivedImage } as const)
      : ({ kind: 'aborted' } as const);
    const ended = this.simulator.upload({ kind: 'ended', uploadId: params['id']!, outcome });
    return `${begun.status} ${ended.status}`;
  }

  #create(): Simulator {
    const fetchImage: FetchImage = ({ url }, { signal, onProgress }) =>
      new Promise((arrive) => this.#awaited.push({ url, signal, onProgress, arrive }));
    return createSimulator({
      seed: 1,
      clock: 'manual',
      fetchImage,
      world: 'several-clusters',
      hostNowMs: () => Date.parse('2026-05-01T10:00:00Z'),
      settings: { 'ssvm.allowLoopback': true, 'kvm.snapshot.enabled': true, 'expunge.delay': 60 },
    });
  }
}

type Outcome = Awaited<ReturnType<FetchImage>>;

/** An image that is being fetched. */
interface Fetch {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly onProgress: (receivedBytes: number, expectedBytes: number | null) => void;
  readonly arrive: (outcome: Outcome) => void;
}

interface UploadAnswer {
  readonly postuploadtemplateresponse: {
    readonly getuploadparams?: Readonly<Record<string, string>>;
  };
}

const FAILED = { kind: 'failed', errorText: 'the server is gone' } as const;

/** What waits for a promise that is resolved has had its turn. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) await Promise.resolve();
}
