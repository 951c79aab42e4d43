import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

export interface Member {
  readonly path: string;
  readonly content: Buffer;
  readonly isExecutable: boolean;
}

/** What never changes, so that equal contents make equal archives. */
const same = {
  mtime: new Date('2000-01-01T00:00:00Z'),
  uid: 0,
  gid: 0,
  uname: 'root',
  gname: 'root',
};

/**
 * A tar.gz of files, and of the folders that they are in, in the order that is given.
 *
 * @param prefix what every name begins with: `bosh create-release` names the members of inner
 * archives `./…`
 */
export async function archive(
  members: readonly Member[],
  { prefix, level }: { prefix: '' | './'; level: number },
): Promise<Buffer> {
  const tar = pack();
  const gzip = tar.pipe(createGzip({ level }));
  const written = buffer(gzip);
  const folders = new Set<string>();
  if (prefix !== '') tar.entry({ ...same, name: prefix, type: 'directory', mode: 0o755 });
  for (const { path, content, isExecutable } of members) {
    for (const folder of foldersOf(path).filter((name) => !folders.has(name))) {
      folders.add(folder);
      tar.entry({ ...same, name: `${prefix}${folder}/`, type: 'directory', mode: 0o755 });
    }
    const mode = isExecutable ? 0o755 : 0o644;
    tar.entry({ ...same, name: `${prefix}${path}`, mode }, content);
  }
  tar.finalize();
  return written;
}

/** `a/b/c` is in `a` and in `a/b`. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
