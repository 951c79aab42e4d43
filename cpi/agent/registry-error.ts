/**
 * How the registry failed us: it cannot be reached or cannot do it now, it does not take the
 * credentials, or it answers what no registry should.
 */
export type RegistryFailure = 'away' | 'denied' | 'wrong';

/** The registry did not do what was asked. The message names its address, never what was sent. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';

  constructor(
    readonly failure: RegistryFailure,
    /** Whether the registry has certainly not done it, in this try or an earlier one. */
    readonly effect: 'none' | 'unknown',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
