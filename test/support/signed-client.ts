// A CloudStack client that signs by its own code, so that a mistake in the simulator's signing cannot
// hide behind the same mistake here.
import { createHmac } from 'node:crypto';
import { inProcess } from '../../simulator/doors/in-process.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { UserRow } from '../../simulator/world/entities.js';

export type Values = Readonly<Record<string, string | number | boolean>>;
export type Reply = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are looked into freely

export interface Refused {
  readonly httpStatus: number;
  readonly wrapper: string;
  readonly errorcode: number;
  readonly cserrorcode: number | undefined;
  readonly errortext: string;
}

export interface JobOutcome {
  readonly id: string | undefined;
  readonly jobid: string;
  readonly status: number;
  readonly resultcode: number;
  readonly result: Reply;
}

export interface Keys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** The signed query string of a request. */
export function signedQuery(keys: Keys, command: string, values: Values = {}): string {
  const all: Record<string, string> = { command, response: 'json', apiKey: keys.apiKey };
  for (const [name, value] of Object.entries(values)) all[name] = String(value);
  const encode = (value: string): string =>
    encodeURIComponent(value).replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  const signable = Object.keys(all)
    .sort()
    .map((name) => `${name}=${encode(all[name]!)}`)
    .join('&')
    .toLowerCase();
  const signature = createHmac('sha1', keys.secretKey).update(signable).digest('base64');
  const query = Object.entries({ ...all, signature }).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return query.join('&');
}

/** As much of a simulator as a client needs. */
export type Reachable = Pick<Simulator, 'dispatch' | 'hostNowMs' | 'kernel'>;

/** The keys of a user, who must have some. */
export function keysOf({ username, apiKey, secretKey }: UserRow): Keys {
  if (apiKey === null || secretKey === null) throw new Error(`${username} has no keys`);
  return { apiKey, secretKey };
}

export interface Sent {
  readonly status: number;
  readonly body: Reply;
}

/** Sends signed requests into any simulator that knows the keys. */
export function senderOf(
  keys: Keys,
): (simulator: Reachable, command: string, values: Values) => Sent {
  return (simulator, command, values) => {
    const { status, body } = inProcess(simulator)({
      method: 'POST',
      url: '/client/api',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: signedQuery(keys, command, values),
    });
    return { status, body: JSON.parse(body) as Reply };
  };
}

/** Sends signed requests into a simulator of this process, and nothing else. */
export class SignedClient {
  readonly keys: Keys;
  readonly #simulator: Reachable;

  constructor(simulator: Reachable, keys: Keys) {
    this.#simulator = simulator;
    this.keys = keys;
  }

  /** Sends one request; answers the HTTP status and the parsed body. */
  send(command: string, values: Values = {}): Sent {
    return senderOf(this.keys)(this.#simulator, command, values);
  }

  /** A request that must succeed; answers what stands under the response wrapper. */
  call(command: string, values: Values = {}): Reply {
    const { status, body } = this.send(command, values);
    const content = Object.values(body)[0] as Reply;
    if (status !== 200) throw new Error(`${command}: ${String(status)} ${JSON.stringify(content)}`);
    return content;
  }

  /** A request that must be refused. */
  fails(command: string, values: Values = {}): Refused {
    const { status, body } = this.send(command, values);
    if (status === 200) throw new Error(`${command} succeeded: ${JSON.stringify(body)}`);
    const [wrapper, content] = Object.entries(body)[0] as [string, Reply];
    return {
      httpStatus: status,
      wrapper,
      errorcode: content['errorcode'],
      cserrorcode: content['cserrorcode'],
      errortext: content['errortext'],
    };
  }

  /** Submits an asynchronous command and moves the clock until its job has ended. */
  run(command: string, values: Values = {}): JobOutcome {
    const submitted = this.call(command, values);
    const jobid = submitted['jobid'] as string;
    this.#simulator.kernel.advanceUntilIdle();
    return { ...this.job(jobid), id: submitted['id'] };
  }

  /** Submits an asynchronous command whose job must succeed; answers the job's result. */
  done(command: string, values: Values = {}): Reply {
    const outcome = this.run(command, values);
    if (outcome.status === 1) return outcome.result;
    throw new Error(`${command}: ${JSON.stringify(outcome)}`);
  }

  job(jobid: string): JobOutcome {
    const job = this.call('queryAsyncJobResult', { jobid });
    return {
      id: undefined,
      jobid,
      status: job['jobstatus'],
      resultcode: job['jobresultcode'],
      result: job['jobresult'] ?? {},
    };
  }
}
