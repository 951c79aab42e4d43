import type { ImageOwner } from '../world/storage/stored-images.js';

/**
 * What the scripts that install a file which was posted say of the checksum that its owner gave
 * (createtmplt.sh, createvolume.sh); undefined if nothing keeps them from installing it.
 */
export function scriptRefusal(
  { kind }: Pick<ImageOwner, 'kind'>,
  checksum: string | null,
  digest: string,
): string | undefined {
  if (checksum === null) return undefined;
  // That for templates takes a checksum for one more option, and stops reading its arguments there.
  if (kind === 'template') return CREATETMPLT_USAGE;
  if (algorithmByLength(checksum) === undefined) return 'Please provide valid checksum';
  return checksum.toLowerCase() === digest
    ? undefined
    : 'Checksum failed, not proceeding with install';
}

/** The algorithm of a bare checksum, by its name in Node's crypto. */
export function algorithmByLength(checksum: string): string | undefined {
  return algorithms[checksum.length];
}

/** By the number of hexadecimal digits. */
const algorithms: Readonly<Record<number, string>> = {
  32: 'md5',
  40: 'sha1',
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};

const CREATETMPLT_USAGE =
  'Usage: createtmplt.sh: -t <template-fs> -n <templatename> -f <root disk file> -c <md5 cksum> -d <descr> -h  [-u] [-v]';
