import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { UsageError } from '../usage-error.js';

/** What a stemcell says of itself. */
export interface StemcellManifest {
  readonly name: string;
  readonly version: string;
}

/** Reads `stemcell.MF` of a stemcell's archive. Throws UsageError if there is none. */
export async function readStemcellManifest(file: string): Promise<StemcellManifest> {
  const found = await manifestIn(file).catch((failure: unknown) => {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new UsageError(`${file} is no stemcell: ${reason}`);
  });
  const [name, version] = ['name', 'version'].map((key) => topLevel(found, key));
  if (name !== undefined && version !== undefined) return { name, version };
  throw new UsageError(`${file} is no stemcell: its stemcell.MF has no name or version`);
}

/** As in what `tar -czf FILE .` packs. */
const packedByFolder =
  'the acceptance tests look for stemcell.MF in it, which is called ./stemcell.MF. Pack it anew: ' +
  'mkdir unpacked && tar -xzf FILE -C unpacked && (cd unpacked && tar -czf ../NEW.tgz *)';

async function manifestIn(file: string): Promise<string> {
  const archive = extract();
  const reading = pipeline(createReadStream(file), createGunzip(), archive);
  // Whoever waits for entries hears of what goes wrong.
  reading.catch(() => undefined);
  for await (const entry of archive) {
    if (entry.header.name === 'stemcell.MF') return text(entry);
    // The acceptance tests have `tar` take it out by its name, as it is.
    if (entry.header.name === './stemcell.MF') throw new Error(packedByFolder);
    entry.resume();
  }
  throw new Error('there is no stemcell.MF in it');
}

/** A text at the top of a YAML document, with quotes or without. */
function topLevel(yaml: string, key: string): string | undefined {
  const [, value] = new RegExp(`^${key}: *['"]?([^'"\\n]+?)['"]? *$`, 'm').exec(yaml) ?? [];
  return value;
}
