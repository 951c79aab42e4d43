/** The user has ended the program before its end; the message says how things are left. */
export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Interrupted';
  }
}

/** Does work that the signal ends. Throws Interrupted with the message if it has. */
export async function unlessInterrupted<Result>(
  signal: AbortSignal,
  message: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work();
    if (!signal.aborted) return result;
  } catch (failure) {
    if (!signal.aborted) throw failure;
  }
  throw new Interrupted(message);
}
