import type { Clock } from '../flow/clock.js';
import { jobPoll, latePoll, momentPoll, templatePoll, type Poll } from '../flow/waiter.js';
import { isRecord } from './answer.js';
import {
  isMomentary,
  type AsyncCommand,
  type ListCommand,
  type ResultOf,
  type SyncCommand,
} from './commands.js';
import { CloudStackError } from './errors.js';
import {
  exchange,
  type ExchangeContext,
  type Log,
  type ObserveRequest,
  type Owner,
} from './exchange.js';
import { resultOfJob, waitForJob, type JobWait } from './jobs.js';
import type { Parameters } from './parameters.js';
import { readPage, readSubmitted, resultOfCall, type Found, type Submitted } from './results.js';
import type { Retry } from './retry.js';
import type { ApiKeys } from './signing.js';
import { timeMs } from './time.js';
import type { Transport } from './transport.js';

export interface ClientOptions {
  /** Ends in `/client/api`. */
  readonly endpoint: string;
  readonly keys: ApiKeys;
  /** Who owns what the client works with; unless given, the account of the keys. */
  readonly owner?: Owner;
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number from 0 up to, but not, 1: spreads what is tried again. */
  readonly random: () => number;
  /** One line per request and per noteworthy event; never holds secrets or user data. */
  readonly log: Log;
  readonly onRequest?: ObserveRequest;
  /** Interrupts requests and waits. */
  readonly signal?: AbortSignal | undefined;
  /** How often to look; overrides the defaults for jobs and for templates. */
  readonly poll?: Partial<Poll>;
  /** How long a job may take when `run` is not told. */
  readonly jobDeadlineMs: number;
  /** How long jobs of single commands may take, whatever `run` is told. */
  readonly jobDeadlinesMs?: Readonly<Record<string, number>>;
  readonly retry?: Partial<Retry>;
}

export interface RunOptions {
  /** For people, in messages: `deployment of VM vm-…`. */
  readonly what: string;
  readonly deadlineMs?: number;
  /** Until when CloudStack may take the request, in ms of its clock; unless given, for minutes. */
  readonly validUntilMs?: number;
  /** Called before the wait for the job begins. */
  readonly onSubmitted?: (submitted: Submitted) => void;
}

/**
 * CloudStack's API for one account. Every method throws CloudStackError, or Aborted when the
 * signal interrupts it.
 */
export interface CloudStackClient {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
  /** How often to look at jobs, for what may come late, and at templates. */
  readonly poll: Readonly<Record<'job' | 'late' | 'template', Poll>>;
  /**
   * The cloud's own clock at its last answer, in ms; undefined where answers carry no Date header:
   * CloudStack's server sends none (ServerDaemon.start), a proxy before it mostly does.
   */
  dateMs(): number | undefined;
  /**
   * The latest time that the cloud is known to have reached, in ms: that of its clock or, as far as
   * its answers carry no Date header, of the newest creation that they tell of.
   */
  latestMs(): number | undefined;
  /** Calls a command that answers at once. */
  call<Name extends SyncCommand>(command: Name, parameters?: Parameters): Promise<ResultOf<Name>>;
  /** Everything that a list command finds; empty when it finds nothing. */
  list<Name extends ListCommand>(command: Name, parameters?: Parameters): Promise<ResultOf<Name>[]>;
  /** At most the first `itemsMax` that a list command finds, and how many there are. */
  listFirst<Name extends ListCommand>(
    command: Name,
    parameters: Parameters,
    itemsMax: number,
  ): Promise<Found<ResultOf<Name>>>;
  /** Submits an async command and waits until its job is done. */
  run<Name extends AsyncCommand>(
    command: Name,
    parameters: Parameters,
    options: RunOptions,
  ): Promise<ResultOf<Name>>;
  /** Waits for the end of a job that another call has submitted, however it ends. */
  awaitJob(command: AsyncCommand, jobId: string, options: RunOptions): Promise<void>;
  /** The same client under another signal; for undoing after an interruption. */
  withSignal(signal: AbortSignal): CloudStackClient;
}

/** A client that talks to `options.endpoint` through `options.transport`. */
export function createCloudStackClient(options: ClientOptions): CloudStackClient {
  return clientOf(options, {});
}

/** What answers have told of the cloud's time. */
interface SeenTimes {
  dateMs?: number;
  newestMs?: number | undefined;
}

function clientOf(options: ClientOptions, seen: SeenTimes): CloudStackClient {
  const remember = (items: readonly unknown[]): void => {
    seen.newestMs = latestOf([seen.newestMs, ...items.map(createdMsOf)]);
  };
  const context: ExchangeContext = {
    ...options,
    retry: { ...defaultRetry, ...options.retry },
    onDate: (dateMs) => (seen.dateMs = dateMs),
  };
  const poll = {
    job: { ...jobPoll, ...options.poll },
    late: { ...latePoll, ...options.poll },
    template: { ...templatePoll, ...options.poll },
  };
  return {
    clock: options.clock,
    log: options.log,
    signal: options.signal,
    poll,
    dateMs: () => seen.dateMs,
    latestMs: () => latestOf([seen.dateMs, seen.newestMs]),
    call: (command, parameters = {}) =>
      naming(parameters, async () =>
        resultOfCall(command, await exchange(context, command, parameters)),
      ),
    list: (command, parameters = {}) =>
      naming(parameters, async () => {
        const items = await listAll(context, command, parameters);
        remember(items);
        return items;
      }),
    listFirst: (command, parameters, itemsMax) =>
      naming(parameters, async () => {
        const page = { ...parameters, page: 1, pagesize: itemsMax };
        return readPage(command, await exchange(context, command, page));
      }),
    run: (command, parameters, run) => naming(parameters, () => runJob(command, parameters, run)),
    awaitJob: async (command, jobId, run) => {
      await waitForJob(context, jobWait(command, jobId, run));
    },
    withSignal: (signal) => clientOf({ ...options, signal }, seen),
  };

  async function runJob<Name extends AsyncCommand>(
    command: Name,
    parameters: Parameters,
    run: RunOptions,
  ): Promise<ResultOf<Name>> {
    const answer = await exchange(context, command, parameters, run.validUntilMs);
    const submitted = readSubmitted(command, answer);
    run.onSubmitted?.(submitted);
    const job = await waitForJob(context, jobWait(command, submitted.jobId, run));
    return resultOfJob(command, submitted.jobId, job);
  }

  function jobWait(command: AsyncCommand, jobId: string, run: RunOptions): JobWait {
    return {
      command,
      jobId,
      what: run.what,
      deadlineMs: options.jobDeadlinesMs?.[command] ?? run.deadlineMs ?? options.jobDeadlineMs,
      poll: isMomentary(command) ? { ...momentPoll, ...options.poll } : poll.job,
    };
  }
}

function latestOf(timesMs: readonly (number | undefined)[]): number | undefined {
  return timesMs.reduce((latest, ms) =>
    latest === undefined || (ms !== undefined && ms > latest) ? ms : latest,
  );
}

function createdMsOf(item: unknown): number | undefined {
  const created = isRecord(item) ? item['created'] : undefined;
  return typeof created === 'string' ? timeMs(created) : undefined;
}

/** Whatever fails tells what it was about. */
async function naming<T>(parameters: Parameters, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    throw failure instanceof CloudStackError ? failure.naming(subjectsOf(parameters)) : failure;
  }
}

/** The parameters that say what a command is about. Nothing secret can stand in them. */
const subjects = [
  'id',
  'nicid',
  'volumeid',
  'ipaddressid',
  'resourceids',
  'virtualmachineid',
  'virtualmachineids',
] as const;

/** A thing that is to be made has no id yet, but mostly a name. */
function subjectsOf(parameters: Parameters): string[] {
  const ids = subjects
    .filter((subject) => parameters[subject] !== undefined)
    .map((subject) => `${subject} ${textOf(parameters[subject])}`);
  if (ids.length > 0) return ids;
  return typeof parameters['name'] === 'string' ? [`name ${parameters['name']}`] : [];
}

function textOf(value: Parameters[string]): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const defaultRetry: Retry = { attempts: 5, firstMs: 250, factor: 2, capMs: 5000 };

/** No zone has more of anything; a server that pages for ever is broken. */
const pagesMax = 1000;

async function listAll<Name extends ListCommand>(
  context: ExchangeContext,
  command: Name,
  parameters: Parameters,
): Promise<ResultOf<Name>[]> {
  const first = readPage(command, await exchange(context, command, parameters));
  if (first.items.length === 0 || first.items.length >= first.total) return first.items;
  // CloudStack refuses larger pages than it makes by itself (`default.page.size`).
  const pageSize = first.items.length;
  const items: ResultOf<Name>[] = [];
  for (let page = 1; page <= pagesMax; page += 1) {
    const paged = { ...parameters, page, pagesize: pageSize };
    const next = readPage(command, await exchange(context, command, paged));
    items.push(...next.items);
    if (next.items.length === 0 || items.length >= next.total) return items;
  }
  throw new CloudStackError({
    kind: 'not-cloudstack',
    command,
    text: `the list did not end after ${pagesMax} pages`,
  });
}
