/**
 * The server from which CloudStack is to download a stemcell: it does not take the image, cannot be
 * reached or cannot be opened. The message says what and what to do.
 */
export class StemcellServerError extends Error {
  override readonly name = 'StemcellServerError';
}
