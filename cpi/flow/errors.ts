/** Work stopped because the caller asked for it (SIGTERM, or an undo that ran out of time). */
export class Aborted extends Error {
  override readonly name = 'Aborted';

  constructor(cause?: unknown) {
    super('the work was interrupted before it was finished', { cause });
  }
}

/** Something that is not taken back, because others may use it by now. */
export class MustStay extends Error {
  override readonly name = 'MustStay';

  /** @param ifLeft what becomes of it, for people. */
  constructor(readonly ifLeft: string) {
    super(`it stays: ${ifLeft}`);
  }
}

/** What a wait was about, and how long it took until it ended. */
export interface WaitedFor {
  /** For people: `deployment of the VM`. */
  readonly what: string;
  readonly id: string;
  readonly afterMs: number;
}

/** The deadline passed while the thing was still on its way. It may still arrive. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(
    readonly waited: WaitedFor,
    /** What was last seen. */
    readonly lastState: string,
    cause?: unknown,
  ) {
    super(
      `${waited.what} (${waited.id}) was not finished after ${seconds(waited.afterMs)}, ` +
        `last seen: ${lastState}`,
      { cause },
    );
  }
}

/** The thing reached a state from which the wanted one will not come. */
export class UnexpectedState extends Error {
  override readonly name = 'UnexpectedState';

  constructor(
    readonly waited: WaitedFor,
    readonly state: string,
    readonly targets: readonly string[],
  ) {
    super(
      `${waited.what} (${waited.id}) ended as "${state}" instead of ` +
        `"${targets.join('" or "')}" after ${seconds(waited.afterMs)}`,
    );
  }
}

/** The thing that was waited for does not exist. */
export class WaitedForMissing extends Error {
  override readonly name = 'WaitedForMissing';

  constructor(readonly waited: WaitedFor) {
    super(`${waited.what} (${waited.id}) does not exist any more after ${seconds(waited.afterMs)}`);
  }
}

/** Looking failed for too long without a break; how the thing itself fares is unknown. */
export class LookingFailed extends Error {
  override readonly name = 'LookingFailed';

  constructor(
    readonly waited: WaitedFor,
    /** How many looks in a row failed, and in what time. */
    readonly blind: { readonly failures: number; readonly blindMs: number },
    cause: unknown,
  ) {
    super(
      `${waited.what} (${waited.id}): looking failed ${blind.failures} times in a row, ` +
        `for ${seconds(blind.blindMs)}, ` +
        `last with: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
