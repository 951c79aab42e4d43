import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../json.js';
import { UsageError } from '../usage-error.js';

/** One request of the CPI, and what the cloud answered, without what differs from run to run. */
export interface Exchange {
  readonly command: string;
  readonly parameters: JsonObject;
  /** Of HTTP. */
  readonly status: number;
  readonly answer: JsonObject;
}

const manifest = z.object({
  format: z.literal(1),
  target: z.enum(['simulator', 'cloud']),
  /** The version that the cloud tells. */
  cloudstack: z.string(),
  hypervisor: z.string(),
  /** What things are called in this cloud, by what they are for: they stand in texts of errors. */
  names: z.record(z.string(), z.string()),
});

/** On which cloud a recording was made. */
export type Manifest = z.output<typeof manifest>;

/** A folder of transcripts: one for each case in each API version. */
export interface Recording {
  readonly manifest: Manifest;
  /** By case and version, such as `DSK-01.2`. */
  readonly transcripts: ReadonlyMap<string, readonly Exchange[]>;
}

const manifestFile = 'recording.json';
const ending = '.jsonl';

/** The name of a transcript. */
export function transcriptName(caseId: string, apiVersion: number): string {
  return `${caseId}.${apiVersion}`;
}

/** The ids of the cases of a recording. */
export function casesOf({ transcripts }: Recording): string[] {
  return [...new Set([...transcripts.keys()].map((name) => name.split('.')[0] ?? name))];
}

/** Throws UsageError where transcripts of two runs would get mixed up. */
export function assertNoRecording(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new UsageError(`${folder} has files already: name another folder for the recording`);
}

export function writeManifest(folder: string, about: Manifest): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, manifestFile), `${JSON.stringify(about, null, 2)}\n`);
}

export function writeTranscript(
  folder: string,
  name: string,
  exchanges: readonly Exchange[],
): void {
  const lines = exchanges.map((exchange) => `${JSON.stringify(exchange)}\n`);
  writeFileSync(join(folder, `${name}${ending}`), lines.join(''));
}

const exchangeLine = z.object({
  command: z.string(),
  parameters: z.record(z.string(), z.json()),
  status: z.number(),
  answer: z.record(z.string(), z.json()),
});

/** Reads a recording. Throws UsageError that names the file which is not as it should be. */
export function readRecording(folder: string): Recording {
  const about = readFileOf(join(folder, manifestFile), (text) => manifest.parse(JSON.parse(text)));
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort();
  const transcripts = names.map((file) => {
    const lines = readFileOf(join(folder, file), (text) => text.split('\n').slice(0, -1).map(read));
    return [file.slice(0, -ending.length), lines] as const;
  });
  return { manifest: about, transcripts: new Map(transcripts) };
}

function read(line: string): Exchange {
  return exchangeLine.parse(JSON.parse(line));
}

function readFileOf<Content>(file: string, parse: (text: string) => Content): Content {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new UsageError(`${file} is not of a recording: ${reason}`);
  }
}
