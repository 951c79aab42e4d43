import type { RandomStreams } from './random.js';

/** Gives out the uuids and the internal (database) ids of new entities; neither ever returns. */
export class Ids {
  readonly #random: RandomStreams;
  readonly #last = new Map<string, number>();

  constructor(random: RandomStreams, last: Readonly<Record<string, number>> = {}) {
    this.#random = random;
    for (const [sequence, value] of Object.entries(last)) this.#last.set(sequence, value);
  }

  /** The last number of each sequence. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#last);
  }

  /** A version 4 uuid. */
  uuid(): string {
    const hex = this.#random.hex('ids', 16);
    const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  }

  /** The next number of a sequence: 1, 2, 3, … as an auto-increment column gives them. */
  next(sequence: string): number {
    const value = this.count(sequence) + 1;
    this.#last.set(sequence, value);
    return value;
  }

  /** How many numbers of a sequence were given out. */
  count(sequence: string): number {
    return this.#last.get(sequence) ?? 0;
  }
}
