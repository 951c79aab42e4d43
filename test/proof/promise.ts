// A promise of the CPI or of the simulator that was seen broken.

export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** @throws BrokenPromise that names the promise, with the things that it is about. */
export function must(isKept: boolean, promise: string): asserts isKept {
  if (!isKept) throw new BrokenPromise(promise);
}
