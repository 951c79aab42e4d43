/** A stemcell's image file that cannot be used. The message names the file and what is wrong. */
export class ImageError extends Error {
  override readonly name = 'ImageError';

  constructor(
    readonly path: string,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(`stemcell image ${path}: ${reason}`, { cause });
  }

  /** The same error with a message that also says this. */
  noting(hint: string): ImageError {
    return new ImageError(this.path, `${this.reason}; ${hint}`, this.cause);
  }
}
