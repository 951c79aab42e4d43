export interface PlacesOptions {
  /** How many there are. */
  readonly atOnce: number;
  /** How many may wait for one. */
  readonly waiting: number;
}

/** Leaves a place; to be called once. */
export type Leave = () => void;

/** So many at a time; the others wait in a row, and each takes the place over of who leaves. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #queue: (() => void)[] = [];
  #taken = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /**
   * Waits for a place.
   *
   * @returns what leaves it; undefined where too many wait already, or `gone` aborts.
   */
  async enter(gone?: AbortSignal): Promise<Leave | undefined> {
    const { atOnce, waiting } = this.#options;
    if (gone?.aborted === true) return undefined;
    if (this.#taken < atOnce) {
      this.#taken += 1;
      return this.#leave;
    }
    if (this.#queue.length >= waiting) return undefined;
    return new Promise((resolve) => {
      const take = (): void => {
        gone?.removeEventListener('abort', giveUp);
        resolve(this.#leave);
      };
      const giveUp = (): void => {
        this.#queue.splice(this.#queue.indexOf(take), 1);
        resolve(undefined);
      };
      gone?.addEventListener('abort', giveUp, { once: true });
      this.#queue.push(take);
    });
  }

  /** The place is taken without a moment in which it is free: whoever asks then has to wait. */
  readonly #leave = (): void => {
    const next = this.#queue.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  };
}
