import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** Files of an archive by name, in their order. */
export type ZipFiles = ReadonlyMap<string, Buffer>;

const signatures = { file: 0x04034b50, entry: 0x02014b50, end: 0x06054b50 } as const;
const sizes = { file: 30, entry: 46, end: 22 } as const;
const stored = 0;
const deflated = 8;
/** What a reader must know at least: version 2.0, with deflate. */
const version = 20;
/** Names are UTF-8. */
const flags = 0x0800;

/** Reads a ZIP archive of fewer than 65,536 files and less than 4 GiB. Throws if it is none. */
export function readZip(archive: Buffer): ZipFiles {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf(signatureOf('end'));
  if (end < 0) throw new Error('it is no ZIP archive');
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let number = 0; number < count; number += 1) {
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const nameSize = archive.readUInt16LE(at + 28);
    const moreSize = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    const header = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + sizes.entry, at + sizes.entry + nameSize);
    const start =
      header + sizes.file + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const content = archive.subarray(start, start + size);
    files.set(name, method === stored ? content : inflateRawSync(content));
    at += sizes.entry + nameSize + moreSize;
  }
  return files;
}

/** Makes a ZIP archive. */
export function writeZip(files: ZipFiles): Buffer {
  const contents: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const packed = deflateRawSync(content);
    const fields = fieldsOf(name, content, packed);
    const header = Buffer.concat([signatureOf('file'), fields, Buffer.from(name)]);
    const entry = Buffer.alloc(sizes.entry);
    signatureOf('entry').copy(entry);
    entry.writeUInt16LE(version, 4);
    fields.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    entries.push(entry, Buffer.from(name));
    contents.push(header, packed);
    offset += header.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(sizes.end);
  signatureOf('end').copy(end);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...contents, directory, end]);
}

/** What stands in the header of a file and in its entry of the directory; it tells no time. */
function fieldsOf(name: string, content: Buffer, packed: Buffer): Buffer {
  const fields = Buffer.alloc(sizes.file - 4);
  fields.writeUInt16LE(version, 0);
  fields.writeUInt16LE(flags, 2);
  fields.writeUInt16LE(deflated, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
}

function signatureOf(part: keyof typeof signatures): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signatures[part]);
  return bytes;
}
