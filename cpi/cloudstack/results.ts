import { isRecord } from './answer.js';
import {
  commands,
  specOf,
  type AsyncCommand,
  type CommandName,
  type ListCommand,
  type ListCommandSpec,
  type ResultOf,
  type SyncCommand,
} from './commands.js';
import { CloudStackError } from './errors.js';

/** What is known as soon as CloudStack has taken an async command. */
export interface Submitted {
  readonly jobId: string;
  /** The new object's id; only for commands that create one. */
  readonly id: string | undefined;
}

/** Some of what a list command finds. */
export interface Found<T> {
  readonly items: T[];
  /** How many there are in all. */
  readonly total: number;
}

/** One page of a list. */
export function readPage<Name extends ListCommand>(
  command: Name,
  answer: Record<string, unknown>,
): Found<ResultOf<Name>> {
  const { resultKey }: ListCommandSpec<unknown> = commands[command];
  const found = answer[resultKey];
  if (found !== undefined && !Array.isArray(found)) {
    throw unexpectedShape(command, `"${resultKey}" is no list`);
  }
  const items = (found ?? []) as ResultOf<Name>[];
  const total = typeof answer['count'] === 'number' ? answer['count'] : items.length;
  return { items, total };
}

/** What a command that answers at once gave. */
export function resultOfCall<Name extends SyncCommand>(
  command: Name,
  answer: Record<string, unknown>,
): ResultOf<Name> {
  const { resultKey } = specOf(command);
  if (String(answer['success']) === 'false') {
    const text = answer['displaytext'];
    throw new CloudStackError({
      kind: 'internal',
      command,
      text: typeof text === 'string' ? text : 'CloudStack answered success: false',
    });
  }
  const found = resultKey === undefined ? answer : answer[resultKey];
  // registerTemplate answers one for each zone that was asked for, of which we ask for one.
  const result: unknown = Array.isArray(found) ? found[0] : found;
  if (!isRecord(result)) throw unexpectedShape(command, `"${resultKey ?? ''}" is missing`);
  return result;
}

/** What CloudStack says when it has taken an async command. */
export function readSubmitted(command: AsyncCommand, answer: Record<string, unknown>): Submitted {
  const { jobid, id } = answer;
  if (typeof jobid !== 'string') throw unexpectedShape(command, 'the job id is missing');
  return { jobId: jobid, id: typeof id === 'string' ? id : undefined };
}

/** A change may have been made although its answer cannot be read. */
function unexpectedShape(command: CommandName, what: string): CloudStackError {
  const kind = specOf(command).effect === 'once' ? 'outcome-unknown' : 'not-cloudstack';
  return new CloudStackError({ kind, command, text: `the answer has another shape: ${what}` });
}
