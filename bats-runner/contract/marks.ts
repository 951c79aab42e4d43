import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import type { ApiRequest, ApiWitness } from './api-door.js';

/**
 * With this every id begins that cases make up, for Directors, agents, and the names of what they
 * make themselves: what a CPI makes for them carries one of these in its name, tags or description.
 */
const prefix = 'ba75ba75';

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** An id with the mark of a run (four hexadecimal digits), made of one that is new. */
export function markedId(run: string, id: string): string {
  return `${prefix}-${run}${id.slice(prefix.length + 1 + run.length)}`;
}

/** The mark of a run, made of an id that is new. */
export function runOf(id: string): string {
  return id.slice(0, 4);
}

/** Whether a text has an id with the mark of this run, or of any. */
export function isMarked(text: string, run?: string): boolean {
  return new RegExp(`${prefix}-${run ?? '[0-9a-f]{4}'}-`).test(text);
}

/**
 * What was asked for that may carry no mark yet: some CPIs make a thing first and mark it then, and
 * may be ended in between. Ids, names that nobody else gives (they hold a UUID), and public
 * addresses; by them it is found again.
 */
export interface MadeThings extends ApiWitness {
  readonly has: (idOrName: string) => boolean;
}

const makes = /^(create|deploy|register|getUploadParams|associate)/i;

/** Keeps them in memory, and in a file, if one is named, that outlives this process. */
export function rememberMade(file?: string): MadeThings {
  const seen = new Set<string>();
  const keep = (text: string): void => {
    if (text === '' || seen.has(text)) return;
    seen.add(text);
    if (file !== undefined) appendFileSync(file, `${text}\n`, { mode: 0o600 });
  };
  return {
    has: (text) => seen.has(text),
    asked: ({ command, parameters }: ApiRequest) => {
      if (!makes.test(command)) return;
      const name = parameters.get('name') ?? '';
      if (uuid.test(name)) keep(name);
      if (command === 'associateIpAddress') keep(parameters.get('ipaddress') ?? '');
    },
    answered: ({ command }, body) => {
      if (!makes.test(command) || command === 'createTags') return;
      for (const id of idsIn(body)) keep(id);
    },
  };
}

/** `{"createvolumeresponse": {"id": …}}`, `{"registertemplateresponse": {"template": [{"id": …}]}}` */
function idsIn(body: string): string[] {
  let content: JsonValue | undefined;
  try {
    content = Object.values(JSON.parse(body) as JsonObject)[0];
  } catch {
    return [];
  }
  const parts = isObject(content) ? [content, ...Object.values(content).flat()] : [];
  return parts.flatMap((part) => (isObject(part) ? [textOf(part['id'])] : []));
}

/** The file of what a run asked for, in an output folder. */
export function madeFile(output: string, run: string): string {
  const folder = join(output, 'made');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${run}.txt`);
}

/** What runs asked for that have left such files: all of them, or the one that is named. */
export function readMade(output: string, run?: string): ReadonlySet<string> {
  return new Set(
    madeFiles(output, run).flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        // The last line may be half a one.
        .slice(0, -1)
        .filter((line) => line !== ''),
    ),
  );
}

/** Removes these files, when all that they name is gone. */
export function forgetMade(output: string, run?: string): void {
  for (const file of madeFiles(output, run)) rmSync(file, { force: true });
}

function madeFiles(output: string, run?: string): string[] {
  const folder = join(output, 'made');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((file) => run === undefined || file === `${run}.txt`)
    .map((file) => join(folder, file));
}
