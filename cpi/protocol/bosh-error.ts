/**
 * The error types a BOSH Director knows; any other type it turns into UnknownError, which fails
 * the task whatever the error was (external_cpi.rb, KNOWN_RPC_ERRORS).
 */
export const boshErrorTypes = [
  'CpiError',
  'NotSupported',
  'NotImplemented',
  'CloudError',
  'VMNotFound',
  'NetworkNotFound',
  'NoDiskSpace',
  'DiskNotAttached',
  'DiskNotFound',
  'VMCreationFailed',
] as const;

export type BoshErrorType = (typeof boshErrorTypes)[number];

export interface BoshErrorOptions {
  /** Whether the caller may send the same call again; the Director heeds it in create_vm only. */
  okToRetry?: boolean;
  cause?: unknown;
}

/** A failure as BOSH sees it. The message says what failed, with which id, and what to do next. */
export class BoshError extends Error {
  override readonly name = 'BoshError';
  readonly okToRetry: boolean;

  constructor(
    readonly type: BoshErrorType,
    message: string,
    { okToRetry = false, cause }: BoshErrorOptions = {},
  ) {
    super(message, { cause });
    this.okToRetry = okToRetry;
  }
}
