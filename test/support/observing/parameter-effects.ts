// Whether a parameter matters: the request runs in two copies of the world, in one of them without
// the parameter or with another value, to the end of its job. Where the answer, the result of the
// job or what happened in the world differ, the value decided that.
import { commands } from '../../../simulator/commands/index.js';
import type { Parameter } from '../../../simulator/declare/parameter.js';
import { TransportFailure } from '../../../simulator/api/http.js';
import { createSimulator, Simulator } from '../../../simulator/simulator.js';
import { SnapshotError, type WorldSnapshot } from '../../../simulator/world/world-snapshot.js';
import type { Values } from '../signed-client.js';
import { isSought, takeAttempt, tellShown } from './test-in-progress.js';

export type Send = (
  simulator: Simulator,
  command: string,
  values: Values,
) => { readonly status: number; readonly body: object };

/** Tries for one parameter in one test. */
const ATTEMPTS = 3;
/** Copying takes time; what a large world shows, a small one does. */
const MOST_EVENTS = 4_000;

const declared = new Map(commands.map((command) => [command.name, command]));
let scratch: Simulator | undefined;

/** Before a request is sent: looks which of its parameters matter, in copies of the world. */
export function lookAtParameters(
  simulator: unknown,
  command: string,
  values: Values,
  send: Send,
): void {
  const declaration = declared.get(command);
  if (declaration === undefined || !(simulator instanceof Simulator)) return;
  const names = [...new Set(Object.keys(values).map(parameterName))].filter(
    (name) =>
      Object.hasOwn(declaration.parameters, name) && isSought('parameters', `${command}.${name}`),
  );
  if (names.length === 0 || !isSmall(simulator)) return;
  const tried = names.filter((name) => takeAttempt('parameters', `${command}.${name}`, ATTEMPTS));
  if (tried.length === 0) return;
  for (const name of namesThatMatter(simulator, command, values, tried, send)) {
    tellShown('parameters', `${command}.${name}`);
  }
}

/** Those of the names with which the outcome of a request changes. The world stays as it is. */
export function namesThatMatter(
  simulator: Simulator,
  command: string,
  values: Values,
  names: readonly string[],
  send: Send,
): string[] {
  const parameters = declared.get(command)?.parameters ?? {};
  const snapshot = simulator.save();
  const outcome = outcomeIn(snapshot, command, values, send);
  if (outcome === undefined || outcome.isUnread) return [];
  return names.filter((name) =>
    variations(name, parameters[name]!, values).some((varied) => {
      const other = outcomeIn(snapshot, command, varied, send);
      return other !== undefined && !other.isUnread && other.text !== outcome.text;
    }),
  );
}

interface Outcome {
  readonly text: string;
  /** Refused before the command looked at its parameters. */
  readonly isUnread: boolean;
}

const UNREAD =
  /Unable to execute API command|Invalid value provided for API arg|unable to verify user cred|The API \[/;

function outcomeIn(
  snapshot: WorldSnapshot,
  command: string,
  values: Values,
  send: Send,
): Outcome | undefined {
  scratch ??= createSimulator();
  try {
    scratch.load(snapshot);
    const seq = scratch.kernel.log.lastSeq;
    const { status, body } = send(scratch, command, values);
    scratch.kernel.advanceUntilIdle();
    const jobs = scratch.world.jobs.all().map(({ state: end, result }) => ({ end, result }));
    // A job's row holds the parameters themselves; `seq` counts all events alike.
    const events = scratch.kernel.log
      .after(seq)
      .filter(({ entity }) => entity !== 'asyncjob')
      .map((event) => ({ ...event, seq: 0 }));
    const text = JSON.stringify({ status, body, jobs, events });
    return { text, isUnread: status !== 200 && UNREAD.test(text) };
  } catch (error) {
    // What a test has put together by hand may be no world that can be loaded.
    if (error instanceof TransportFailure || error instanceof SnapshotError) return undefined;
    throw error;
  }
}

/** The request without the parameter, unless it must be there, and with another value. */
function variations(
  name: string,
  { required, type }: Parameter<unknown>,
  values: Values,
): Values[] {
  const own = Object.entries(values).filter(([key]) => parameterName(key) === name);
  const others = Object.entries(values).filter(([key]) => parameterName(key) !== name);
  const changed = own.map(([key, value]) => [key, otherValue(type, String(value))]);
  return [
    ...(required ? [] : [Object.fromEntries(others)]),
    Object.fromEntries([...others, ...(changed as [string, string][])]),
  ];
}

function otherValue(type: Parameter<unknown>['type'], value: string): string {
  switch (type) {
    case 'boolean':
      return value.toLowerCase() === 'true' ? 'false' : 'true';
    case 'integer':
    case 'long':
      return String(Number(value) + 1);
    case 'date':
      return '2001-01-01';
    case 'uuid':
      return anotherId(value) ?? value;
    case 'list':
    case 'map':
    case 'string':
      return anotherId(value) ?? `${value}2`;
  }
}

/** The id of another thing of the same kind, from the copy: nobody else looks at its tables. */
function anotherId(id: string): string | undefined {
  const table = scratch?.world.tables.find((candidate) => candidate.get(id) !== undefined);
  return table?.all().find((row) => row.id !== id)?.id;
}

/** `tags[0].key` is a value of the parameter `tags`. */
function parameterName(key: string): string {
  return key.replace(/\[.*$/, '').toLowerCase();
}

function isSmall({ kernel }: Simulator): boolean {
  return kernel.mode.kind === 'manual' && kernel.log.lastSeq <= MOST_EVENTS;
}
