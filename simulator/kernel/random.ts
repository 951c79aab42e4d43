/**
 * Randomness from one seed through named streams, so that one more draw in one place does not
 * shift the draws of every other place. The generator is sfc32: small, fast, and its whole state
 * is four integers that can be saved with the world.
 */
export type StreamState = [number, number, number, number];

export class RandomStreams {
  readonly #seed: number;
  readonly #streams = new Map<string, StreamState>();

  constructor(seed: number, streams: Readonly<Record<string, StreamState>> = {}) {
    this.#seed = seed;
    for (const [name, state] of Object.entries(streams)) this.#streams.set(name, [...state]);
  }

  /** Where each stream is, for who wants to go on from there. */
  get states(): Readonly<Record<string, StreamState>> {
    return Object.fromEntries([...this.#streams].map(([name, state]) => [name, [...state]]));
  }

  /** An integer from 0 to `below - 1`. */
  integer(stream: string, below: number): number {
    return Math.floor(this.fraction(stream) * below);
  }

  /** A number from 0 up to, and without, 1. */
  fraction(stream: string): number {
    return this.#next(stream) / 2 ** 32;
  }

  /** `count` random bytes as hexadecimal digits. */
  hex(stream: string, count: number): string {
    let digits = '';
    while (digits.length < count * 2) digits += this.#next(stream).toString(16).padStart(8, '0');
    return digits.slice(0, count * 2);
  }

  #next(stream: string): number {
    let state = this.#streams.get(stream);
    if (state === undefined) {
      state = seededState(`${this.#seed}/${stream}`);
      this.#streams.set(stream, state);
    }
    return sfc32(state);
  }
}

function sfc32(state: StreamState): number {
  const [a, b, c, counter] = state;
  const result = (a + b + counter) | 0;
  state[3] = (counter + 1) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + result) | 0;
  return result >>> 0;
}

/** FNV-1a over the name, then a few rounds so that similar names give unrelated streams. */
function seededState(name: string): StreamState {
  let hash = 0x811c9dc5;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  const state: StreamState = [hash, hash ^ 0x9e3779b9, Math.imul(hash, 0x85ebca6b), 1];
  for (let round = 0; round < 16; round += 1) sfc32(state);
  return state;
}
