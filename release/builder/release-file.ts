import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file that goes into an archive of a release. */
export interface ReleaseFile {
  /** Its name in the archive. */
  readonly path: string;
  readonly source: string;
  readonly isExecutable: boolean;
  /** Whether its run bit is part of the fingerprint: not for what BOSH itself starts or reads. */
  readonly isModeTold: boolean;
}

/** BOSH knows two modes only, those that git keeps. */
export function releaseFile(path: string, source: string, isModeTold = true): ReleaseFile {
  const isExecutable = (statSync(source).mode & 0o100) !== 0;
  return { path, source, isExecutable, isModeTold };
}

/** The paths of all files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name).slice(folder.length + 1) }))
    .filter(({ entry, path }) => {
      // `bosh create-release` has rules of its own for links, which nothing here needs.
      if (entry.isSymbolicLink()) throw new Error(`${join(folder, path)} is a link: use a file`);
      return entry.isFile();
    })
    .map(({ path }) => path)
    .sort();
}

/** Whether a path is of those that `files` in the spec of a package names. */
export function matchesGlob(path: string, glob: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(?:[^/]+/)*'));
  return new RegExp(`^${pattern}$`).test(path);
}

export function contentOf({ source }: ReleaseFile): Buffer {
  return readFileSync(source);
}
