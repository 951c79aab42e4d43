// Two calls at once, whose requests take turns as a schedule says: all that can come between two
// processes becomes a list of choices, which a test can go through and repeat.
import type { Transport } from '../../cpi/cloudstack/transport.js';

/** Decides which call sends its next request, by the numbers of those that wait to. */
export type Schedule = (waiting: readonly number[]) => number;

/** Wraps the ways of a call to the cloud. */
export type Through = (transport: Transport) => Transport;

/** Makes calls at once, one request at a time; answers their results in the order of the calls. */
export async function interleaved<T>(
  calls: readonly ((through: Through) => Promise<T>)[],
  schedule: Schedule,
): Promise<T[]> {
  const all = calls.map(() => new Turns());
  const results = calls.map(async (call, number) => {
    const turns = all[number]!;
    try {
      return await call(turns.through);
    } finally {
      turns.end();
    }
  });
  for (;;) {
    await Promise.all(all.map((turns) => turns.comeToRest()));
    const waiting = all.flatMap((turns, number) => (turns.isWaiting ? [number] : []));
    if (waiting.length === 0) return Promise.all(results);
    await all[schedule(waiting)]!.letNextGo();
  }
}

/** The other call comes in after so many requests of the first one, and is as good as never held up. */
export function comesInAfter(requests: number): Schedule {
  const patience = 60;
  let ofFirst = 0;
  let ofSecond = 0;
  return (waiting) => {
    const [only] = waiting;
    if (waiting.length === 1 && only !== undefined) return only;
    if (ofFirst < requests) {
      ofFirst += 1;
      return 0;
    }
    // It may wait for something that the first call has in hand.
    ofSecond += 1;
    return ofSecond % patience === 0 ? 0 : 1;
  };
}

/** Draws each turn, the same for the same seed (Lehmer's generator). */
export function drawnBy(seed: number): Schedule {
  let state = seed + 1;
  return (waiting) => {
    state = (state * 48_271) % 2_147_483_647;
    return waiting[state % waiting.length]!;
  };
}

class Turns {
  readonly #queue: (() => Promise<void>)[] = [];
  #hasEnded = false;
  #onChange: () => void = () => undefined;

  get isWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Each request waits for its turn. */
  readonly through: Through = (transport) => ({
    close: () => {
      transport.close();
    },
    send: (request) =>
      new Promise((resolve, reject) => {
        this.#queue.push(() => transport.send(request).then(resolve, reject));
        this.#onChange();
      }),
  });

  end(): void {
    this.#hasEnded = true;
    this.#onChange();
  }

  /** Resolves when the call waits for a turn, or has ended. */
  comeToRest(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = () => {
        if (this.isWaiting || this.#hasEnded) resolve();
      };
      this.#onChange();
    });
  }

  async letNextGo(): Promise<void> {
    await this.#queue.shift()?.();
  }
}
