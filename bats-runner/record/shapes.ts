import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import type { Exchange, Recording } from './recording.js';

/** How a request ended. A job's answers belong to the command that began it. */
export type Outcome = 'answered' | 'refused' | 'job pending' | 'job done' | 'job failed';

/** In which cases something was seen. */
export type Seen = Map<string, Set<string>>;

/** What the answers of one command with one outcome have in common: no values but those of states. */
export interface Shape {
  /** The cases that have such an answer. */
  readonly cases: Set<string>;
  /** By path, such as `listvolumesresponse.volume[].size`: the types of its values. */
  readonly fields: Map<string, Seen>;
  /** By path: the values of a field that tells a state. */
  readonly states: Map<string, Seen>;
  /** Status, codes and text of refusals and failed jobs; numbers and ids are left out. */
  readonly errors: Seen;
}

/** By command, then by outcome. */
export type Shapes = ReadonlyMap<string, ReadonlyMap<Outcome, Shape>>;

/** The shapes of the transcripts of these names. */
export function shapesOf(recording: Recording, transcripts: readonly string[]): Shapes {
  const shapes = new Map<string, Map<Outcome, Shape>>();
  for (const name of transcripts) {
    const commands = new Map<string, string>();
    for (const exchange of recording.transcripts.get(name) ?? []) {
      const content = contentOf(exchange.answer);
      const jobId = textOf(content['jobid']);
      // What is asked of a job belongs to the command that the job is of.
      if (jobId !== '' && !isJobQuery(exchange)) commands.set(jobId, exchange.command);
      const command = commandOf(exchange, commands);
      const outcome = outcomeOf(exchange, content);
      const outcomes = shapes.get(command) ?? new Map<Outcome, Shape>();
      shapes.set(command, outcomes);
      const shape = outcomes.get(outcome) ?? newShape();
      outcomes.set(outcome, shape);
      add(shape, exchange, { case: name, names: recording.manifest.names });
    }
  }
  return shapes;
}

function newShape(): Shape {
  return { cases: new Set(), fields: new Map(), states: new Map(), errors: new Map() };
}

function isJobQuery({ command }: Exchange): boolean {
  return command === 'queryAsyncJobResult';
}

function commandOf(exchange: Exchange, commands: ReadonlyMap<string, string>): string {
  if (!isJobQuery(exchange)) return exchange.command;
  return commands.get(textOf(exchange.parameters['jobid'])) ?? exchange.command;
}

function outcomeOf(exchange: Exchange, content: JsonObject): Outcome {
  if (exchange.status !== 200) return 'refused';
  if (!isJobQuery(exchange)) return 'answered';
  if (content['jobstatus'] === 0) return 'job pending';
  return content['jobstatus'] === 2 ? 'job failed' : 'job done';
}

interface Origin {
  readonly case: string;
  readonly names: Readonly<Record<string, string>>;
}

function add(shape: Shape, { status, answer }: Exchange, origin: Origin): void {
  shape.cases.add(origin.case);
  addFields(shape, answer, '', origin.case);
  const content = contentOf(answer);
  const result = content['jobresult'];
  const failure = status === 200 ? (isObject(result) ? result : {}) : content;
  if (status === 200 && failure['errorcode'] === undefined) return;
  const codes = [status, failure['errorcode'], failure['cserrorcode']];
  const told = codes.filter((code) => typeof code === 'number').join('/');
  const text = textOf(failure['errortext'] ?? failure['text'] ?? answer['text']);
  see(shape.errors, `${told}: ${generalised(text, origin.names)}`, origin.case);
}

function addFields(shape: Shape, value: JsonValue, path: string, name: string): void {
  if (path !== '') see(entry(shape.fields, path), typeOf(value), name);
  if (typeof value === 'string' && statePath.test(path)) {
    see(entry(shape.states, path), value.replace(/\d+/g, '#'), name);
  }
  if (Array.isArray(value)) {
    for (const item of value) addFields(shape, item, `${path}[]`, name);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const below = path === '' ? key : `${path}.${key}`;
      if (item !== undefined) addFields(shape, item, below, name);
    }
  }
}

/** `state`, `status`, `powerstate`, `jobinstancetype`; and `type`, by which volumes and networks differ. */
const statePath = /(state|status|(^|[.])type|job\w+type)$/;

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'string') return typeof value;
  const [, reference] = /^<([a-z]+)(?: \d+)?>$/.exec(value) ?? [];
  if (reference === undefined) return 'text';
  return ['date', 'address', 'mac', 'secret'].includes(reference) ? reference : 'id';
}

/** An error text without what belongs to one run or one cloud. */
function generalised(text: string, names: Readonly<Record<string, string>>): string {
  const withoutNames = Object.entries(names)
    .sort(([, a], [, b]) => b.length - a.length)
    .reduce(
      (left, [use, name]) => left.replace(wholeWord(name), `<${use}>`),
      text.replace(/<([a-z]+) \d+>/g, '<$1>'),
    );
  return withoutNames.replace(/\d+/g, '#');
}

function wholeWord(name: string): RegExp {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w<-])${literal}(?![\\w>-])`, 'g');
}

/** What stands under the answer's one key. */
function contentOf(answer: JsonObject): JsonObject {
  const [only] = Object.values(answer);
  return isObject(only) ? only : {};
}

function entry(map: Map<string, Seen>, key: string): Seen {
  const seen = map.get(key) ?? new Map<string, Set<string>>();
  map.set(key, seen);
  return seen;
}

function see(seen: Seen, what: string, name: string): void {
  const cases = seen.get(what) ?? new Set<string>();
  cases.add(name);
  seen.set(what, cases);
}
