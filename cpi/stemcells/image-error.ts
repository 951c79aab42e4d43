/** A stemcell's image file that cannot be used. The message names the file and what is wrong. */
export class ImageError extends Error {
  override readonly name = 'ImageError';

  constructor(
    readonly path: string,
    reason: string,
    cause?: unknown,
  ) {
    super(`stemcell image ${path}: ${reason}`, { cause });
  }
}
