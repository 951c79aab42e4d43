import { Places } from '../serving/places.js';
import { plainAddress, type MayRead } from './source-address.js';

export interface ReadLimits {
  /** How many questions to CloudStack may be under way. */
  readonly atOnce: number;
  /** How many may wait for that. */
  readonly waiting: number;
  /** How many an address may ask at once, and then in each second. */
  readonly burst: number;
  readonly perSecond: number;
  /** How many addresses are kept in mind. */
  readonly addresses: number;
  readonly nowMs: () => number;
}

/** More is asked than is good for CloudStack: whoever asks may do so again in a second. */
export class TooManyReads extends Error {
  override readonly name = 'TooManyReads';
  /** It is the client's fault. */
  readonly status = 429;
}

/**
 * The same check, within limits: anyone who reaches the registry can make it ask CloudStack, which
 * counts the requests of an account. Nobody's limit is used up by others, as TCP tells addresses
 * truly. Answers are never kept: by the next question the address may be that of another VM.
 *
 * The check rejects with TooManyReads where it is not even asked.
 */
export function limited(mayRead: MayRead, limits: ReadLimits): MayRead {
  const perAddress = new Allowances(limits);
  const places = new Places(limits);
  return async (instanceId, address) => {
    if (!perAddress.take(plainAddress(address)))
      throw new TooManyReads('this address asks too often: ask again in a second');
    const leave = await places.enter();
    if (leave === undefined) throw new TooManyReads('too many ask at once: ask again in a second');
    try {
      return await mayRead(instanceId, address);
    } finally {
      leave();
    }
  };
}

interface Allowance {
  left: number;
  atMs: number;
}

/** What each address may still ask. */
class Allowances {
  readonly #limits: ReadLimits;
  readonly #of = new Map<string, Allowance>();

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  take(address: string): boolean {
    if (!this.#of.has(address) && !this.#hasRoom()) return false;
    const left = this.#left(this.#of.get(address)) - 1;
    if (left < 0) return false;
    this.#of.set(address, { left, atMs: this.#limits.nowMs() });
    return true;
  }

  #left(allowance: Allowance | undefined): number {
    const { burst, perSecond, nowMs } = this.#limits;
    if (allowance === undefined) return burst;
    const seconds = Math.max(0, nowMs() - allowance.atMs) / 1_000;
    return Math.min(burst, allowance.left + seconds * perSecond);
  }

  /** Whoever may ask as much as a newcomer need not be kept in mind. */
  #hasRoom(): boolean {
    if (this.#of.size < this.#limits.addresses) return true;
    for (const [address, allowance] of this.#of) {
      if (this.#left(allowance) >= this.#limits.burst) this.#of.delete(address);
    }
    return this.#of.size < this.#limits.addresses;
  }
}
