// Archives as tests look into them.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

export interface ArchiveMember {
  readonly name: string;
  readonly type: string;
  /** As `ls` shows it, in octal. */
  readonly mode: string;
  readonly content: Buffer;
  /** Whose it is and of when, as `ls -n` shows it. */
  readonly origin: string;
}

/** The members of a tar.gz, in their order. */
export async function readArchive(archive: Buffer): Promise<ArchiveMember[]> {
  const members: ArchiveMember[] = [];
  const tar = extract();
  Readable.from([archive]).pipe(createGunzip()).pipe(tar);
  for await (const entry of tar) {
    const { name, type, mode, uid, gid, uname, gname, mtime } = entry.header;
    const content = await buffer(entry);
    const origin = `${uid} ${gid} ${uname} ${gname} ${mtime.toISOString()}`;
    members.push({ name, type, mode: mode.toString(8), content, origin });
  }
  return members;
}

/** The content of one of them. */
export function memberOf(members: readonly ArchiveMember[], name: string): Buffer {
  const found = members.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}: ${members.map((m) => m.name).join(' ')}`);
  return found.content;
}
