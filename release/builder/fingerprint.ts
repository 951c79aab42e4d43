import { createHash } from 'node:crypto';
import { contentOf, type ReleaseFile } from './release-file.js';

/** A digest as BOSH writes it since SHA-1 has gone out of use. */
export function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/**
 * The fingerprint of a part of a release: equal for equal files, and so the same on every machine.
 * FingerprinterImpl of bosh-cli: the version of the algorithm, then name, digest and mode of each
 * file by the order of names, then the dependencies.
 */
export function fingerprintOf(
  files: readonly ReleaseFile[],
  dependencies: readonly string[] = [],
): string {
  const told = inOrder(files).map(
    (file) => `${file.path}${digestOf(contentOf(file))}${file.isModeTold ? modeOf(file) : ''}`,
  );
  const all = ['v2', ...told, [...dependencies].sort().join(',')];
  return digestOf(all.join('')).replace(/^sha256:/, '');
}

/** By bytes, as Go compares. */
export function inOrder(files: readonly ReleaseFile[]): ReleaseFile[] {
  return [...files].sort((one, other) =>
    Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)),
  );
}

function modeOf({ isExecutable }: ReleaseFile): string {
  return isExecutable ? '100755' : '100644';
}
