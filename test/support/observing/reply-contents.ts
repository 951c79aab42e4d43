// Which fields of the API's response objects an answer carried, and which of the error texts that
// clients know by heart.
import { readFileSync } from 'node:fs';
import { commands } from '../../../simulator/commands/index.js';
import { lookAtError } from './error-texts.js';
import { isSought, tellShown } from './test-in-progress.js';

/** What CloudStack's API has; see the file. */
interface ApiVector {
  readonly commands: Readonly<
    Record<string, { readonly answers?: string; readonly parameters: readonly string[] }>
  >;
  /** The fields of each response class: `name`, or `nic: NicResponse` for objects within. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
}

const api = JSON.parse(
  readFileSync(new URL('../../vectors/api/4.20.json', import.meta.url), 'utf8'),
) as ApiVector;

/** The fields of a response class, with the class of what they hold where that is one. */
const fieldsOf = new Map(
  Object.entries(api.objects).map(([name, fields]) => [
    name,
    new Map(fields.map((field) => field.split(': ') as [string, string | undefined])),
  ]),
);

/** The class of an object by the key under which answers have it. */
const classOfKey = new Map(
  commands.flatMap(({ name, response }) => {
    const answers = api.commands[name]?.answers;
    if (answers === undefined || response.kind === 'success') return [];
    return [[response.object.name, answers] as const];
  }),
);

/** Notes what an answer to `command` carried. */
export function lookAtReply(command: string, body: object): void {
  const content = (Object.values(body)[0] ?? {}) as Record<string, unknown>;
  lookAtError(content['errorcode'], content['errortext']);
  const answers = api.commands[command]?.answers;
  if (answers !== undefined) noteFields(answers, content);
  for (const [key, value] of Object.entries(content)) {
    const name = key === 'jobresult' ? undefined : (answers ?? classOfKey.get(key));
    if (name !== undefined) noteObjects(name, value);
  }
  const result = content['jobresult'];
  if (typeof result !== 'object' || result === null) return;
  const { errorcode, errortext } = result as Readonly<Record<string, unknown>>;
  lookAtError(errorcode, errortext);
  for (const [key, value] of Object.entries(result)) {
    const name = classOfKey.get(key);
    if (name !== undefined) noteObjects(name, value);
  }
}

function noteObjects(name: string, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) noteObjects(name, item);
  else if (typeof value === 'object' && value !== null) {
    noteFields(name, value as Record<string, unknown>);
  }
}

function noteFields(name: string, object: Readonly<Record<string, unknown>>): void {
  const fields = fieldsOf.get(name);
  if (fields === undefined) return;
  for (const [field, value] of Object.entries(object)) {
    if (!fields.has(field) || isEmpty(value)) continue;
    const key = `${name}.${field}`;
    if (isSought('fields', key)) tellShown('fields', key);
    const inner = fields.get(field);
    if (inner !== undefined) noteObjects(inner, value);
  }
}

/** A list or a map that holds nothing is no value. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
