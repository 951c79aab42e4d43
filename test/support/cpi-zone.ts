// A simulated zone with the CPI in front of it, both in this process: calls go the way of a
// Director's, only without starting a program, and through msw instead of a port. Time in the zone
// moves with each poll. A zone whose CPI told a secret of its configuration fails when it is closed.
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Finding } from '../../cpi/check/finding.js';
import { inspect, type InspectionOptions } from '../../cpi/check/inspect.js';
import { createNodeTransport } from '../../cpi/cloudstack/transport-node.js';
import {
  TransportError,
  type HttpResponse,
  type Transport,
} from '../../cpi/cloudstack/transport.js';
import { realClock, type Clock } from '../../cpi/flow/clock.js';
import { Aborted } from '../../cpi/flow/errors.js';
import type { Serving } from '../../cpi/serving/serve.js';
import { openImageServer } from '../../cpi/stemcell-server/image-server.js';
import { collect, type Collected, type Collection, type Watcher } from '../../cpi/gc/collect.js';
import { needs } from '../../cpi/permissions/needs.js';
import { rightsOf } from '../../cpi/permissions/role.js';
import { openAccount } from '../../cpi/methods/call/open-account.js';
import type { CallSurroundings } from '../../cpi/methods/call/open-call.js';
import { runCall } from '../../cpi/methods/call/run-call.js';
import { Redactor } from '../../cpi/protocol/redactor.js';
import { TransportFailure } from '../../simulator/api/http.js';
import { inProcess } from '../../simulator/doors/in-process.js';
import { listen } from '../../simulator/doors/listen.js';
import { eventLine } from '../../simulator/kernel/event-log.js';
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../simulator/simulator.js';
import { errorOf, resultOf } from './director-response.js';
import { mockZone } from './mocked-zones.js';
import { SecretWatch } from './secrets-kept.js';
import { TestClient } from './simulator-client.js';

export interface CallOptions {
  apiVersion?: number;
  /** Whose keys the CPI has; the ordinary user may not expunge. */
  as?: 'Admin' | 'User';
  /** Laid over the `cloudstack` section, as a cpi-config's properties are. */
  properties?: object;
  signal?: AbortSignal;
  /** A command that CloudStack carries out, but whose answers never arrive. */
  loseAnswersOf?: string;
  /** The same, but only the first such answer is lost. */
  losesFirstAnswerOf?: string;
  /** A command that CloudStack only carries out when the CPI has long lost its connection. */
  answersAreLate?: string;
  /** What the Date header of answers says; without it they have none, as CloudStack sends none. */
  date?: Date;
  /** Those of the machine that the CPI runs on, which is outside of the cloud unless given. */
  networkInterfaces?: readonly { readonly ip: string; readonly mac: string }[];
  /** A command that the role of the account may not call. */
  refuse?: string;
  /** Unless given, one whose pauses are short. */
  clock?: Clock;
  /** Told of each server that the CPI opens for its stemcells. */
  onServer?: (server: Serving) => void;
  /** Wraps each way to the cloud that the CPI opens. */
  through?: (transport: Transport) => Transport;
}

export interface CpiZone {
  /** The zone itself, for what no caller of its API can see or bring about. */
  simulator: Simulator;
  /** CloudStack as its operator sees it, past the CPI. */
  admin: TestClient;
  user: TestClient;
  /** Calls a CPI method; answers the whole response as text. */
  call(method: string, args: readonly unknown[], options?: CallOptions): Promise<string>;
  /** A call that must succeed, in a form that Directors take. */
  result(method: string, args: readonly unknown[], options?: CallOptions): Promise<unknown>;
  /** A call that must fail. */
  error(
    method: string,
    args: readonly unknown[],
    options?: CallOptions,
  ): Promise<{ type: string; message: string; ok_to_retry: boolean }>;
  /** Looks for what killed calls left, and removes it if it is older than a day. */
  gc(options?: CallOptions & Partial<Collection> & Watcher): Promise<Collected[]>;
  /** Looks whether the zone has what the CPI needs. */
  check(options?: CallOptions & Partial<InspectionOptions>): Promise<Finding[]>;
  /** Everything that the account of the CPI holds, to compare before and after. */
  holdings(as?: 'Admin' | 'User'): Record<string, unknown>;
  /** Lines that the CPI wrote to stderr, without what each begins with. */
  diagnostics: string[];
  /** The same lines as they were written. */
  rawDiagnostics: string[];
  /** Calls back with each such line. */
  onDiagnostic(listener: (line: string) => void): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where the CPI runs unless a test says otherwise. */
const outsideOfTheCloud = { ip: '192.0.2.1', mac: '00:11:22:33:44:55' };

const collectable: Collection = { olderThanMs: 24 * 3_600_000, isToBeDeleted: true };

export const directorUuid = '695b7248-0310-4930-646d-848b66efbaa5';

/**
 * How the CPI reaches the zone: through msw, over a socket as in production, or by calls of functions,
 * which takes least time; images then go through msw.
 */
export type Door = 'msw' | 'socket' | 'direct';

export async function startZone(
  options: SimulatorOptions = {},
  door: Door = 'msw',
  sections: object = {},
): Promise<CpiZone> {
  const simulator = createSimulator({ seed: 1, clock: 'on-poll', ...options });
  const { origin, close } =
    door === 'socket'
      ? await listen(simulator, { port: 0, host: '127.0.0.1' })
      : mockZone(simulator);
  const clients = {
    Admin: new TestClient(simulator, simulator.userWithRole('Admin')),
    User: new TestClient(simulator, simulator.userWithRole('User')),
  };
  const diagnostics: string[] = [];
  const rawDiagnostics: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  let ids = 0;
  const undeclared = new Set<string>();
  const watch = new SecretWatch();
  const surroundings = (method: string, callOptions: CallOptions): CallSurroundings => {
    const { signal } = callOptions;
    return {
      readConfiguration: () => {
        const configuration = {
          ...configurationOf(simulator, `${origin}/client/api`, {
            ...callOptions,
            // Commands of the operator have no request from whose context properties could come.
            properties: isCommand(method) ? (callOptions.properties ?? {}) : {},
          }),
          ...sections,
        };
        const text = JSON.stringify(configuration);
        watch.learn(text);
        watch.learn(callOptions.properties);
        return text;
      },
      createTransport: (transportOptions) => {
        const { through = (transport) => transport } = callOptions;
        const transport = createNodeTransport(transportOptions);
        const reached = door === 'direct' ? directly(simulator, transport) : transport;
        const line = through(withBadLines(callOptions, reached));
        return withDeclaredCommands(method, line, undeclared);
      },
      openImageServer: async (options) => {
        const server = await openImageServer({ ...options, clock: realClock });
        callOptions.onServer?.(server);
        return server;
      },
      clock: callOptions.clock ?? fastClock(door),
      random: () => 0,
      newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
      networkInterfaces: () => callOptions.networkInterfaces ?? [outsideOfTheCloud],
      signal: signal ?? new AbortController().signal,
    };
  };
  const writeDiagnostic = (told: string): void => {
    watch.hear(told);
    rawDiagnostics.push(told);
    const line = told.replace(/^\[[^\]]*\] /, '');
    diagnostics.push(line);
    for (const listener of listeners) listener(line);
  };
  const call: CpiZone['call'] = async (method, args, callOptions = {}) => {
    const { apiVersion = 2, properties = {} } = callOptions;
    watch.learnArguments(args);
    const answer = await runCall({
      ...surroundings(method, callOptions),
      input: JSON.stringify({
        method,
        arguments: args,
        context: { director_uuid: directorUuid, request_id: 'cpi-1', ...properties },
        api_version: apiVersion,
      }),
      writeDiagnostic,
      redactor: new Redactor(),
    });
    watch.hear(answer);
    return answer;
  };
  return {
    simulator,
    admin: clients.Admin,
    user: clients.User,
    call,
    diagnostics,
    rawDiagnostics,
    onDiagnostic: (listener) => void listeners.push(listener),
    result: async (method, args, callOptions) =>
      resultOf(method, callOptions?.apiVersion ?? 2, await call(method, args, callOptions)),
    error: async (method, args, callOptions) => errorOf(await call(method, args, callOptions)),
    gc: (options = {}) => {
      const date = new Date(simulator.kernel.nowMs);
      return openAccount(
        surroundings('gc', { date, ...options }),
        new Redactor(),
        writeDiagnostic,
        (account) => collect(account, { ...collectable, ...options }, options),
      );
    },
    check: (options = {}) =>
      openAccount(
        surroundings('check', options),
        new Redactor(),
        writeDiagnostic,
        async (account) => {
          const findings: Finding[] = [];
          for await (const finding of inspect(account, { networks: [], ...options })) {
            findings.push(finding);
          }
          return findings;
        },
      ),
    holdings: (as = 'User') => holdingsOf(clients[as]),
    [Symbol.asyncDispose]: async () => {
      await close();
      assert.deepEqual([...undeclared], [], 'cpi/permissions/needs.ts does not declare this');
      watch.hear(simulator.kernel.log.after(0).map(eventLine).join(''));
      watch.assertKept();
    },
  };
}

/** What sleeps longer does not pause before another try, but waits for the end of patience. */
const longestPauseMs = 10_000;

/**
 * Pauses before another try last a hundredth. Limits come as slowly as on any clock, so that the
 * seconds in which an interrupted call takes things back suffice on a machine that is busy, too.
 * On the direct way nothing goes on meanwhile that takes time, so there the clock only says that a
 * pause has been: others get their turn, and nobody waits.
 */
function fastClock(door: Door): Clock {
  let skippedMs = 0;
  return {
    nowMs: () => realClock.nowMs() + Math.floor(skippedMs),
    sleep: async (ms, signal) => {
      if (ms > longestPauseMs) return realClock.sleep(ms, signal);
      if (door !== 'direct') return realClock.sleep(ms / 100, signal);
      skippedMs += ms / 100;
      await setImmediate();
      if (signal?.aborted === true) throw new Aborted(signal.reason);
    },
  };
}

/** What the CPI reads of a zone at an endpoint, and of its account there. */
export function configurationOf(
  simulator: Simulator,
  endpoint: string,
  { as = 'User', properties }: Pick<CallOptions, 'as' | 'properties'> = {},
): object {
  const { apiKey, secretKey } = simulator.userWithRole(as);
  return {
    cloudstack: {
      endpoint,
      api_key: apiKey,
      secret_access_key: secretKey,
      default_zone: 'zone1',
      poll: { first_ms: 1, cap_ms: 1 },
      ...properties,
    },
    agent: { mbus: 'nats://nats:bus-password@10.0.0.6:4222', ntp: ['ntp.example.com'] },
  };
}

/**
 * Requests to its API, whatever its host is called, become calls of functions; what is streamed, or
 * for others, goes the other way.
 */
function directly(simulator: Simulator, others: Transport): Transport {
  const answer = inProcess(simulator);
  return {
    close: () => {
      others.close();
    },
    send: async (request) => {
      const { method, url, headers = {}, body = '' } = request;
      const isForApi = new URL(url).pathname === '/client/api';
      if (typeof body !== 'string' || !isForApi) return others.send(request);
      try {
        return await Promise.resolve(answer({ method, url, headers, body }));
      } catch (error) {
        throw error instanceof TransportFailure ? asSeenByClient(error) : error;
      }
    },
  };
}

/** What the CPI's own transport says where a fault plan has no whole reply; no time passes. */
function asSeenByClient(failure: TransportFailure): TransportError {
  const seen = failure.kind === 'no-answer' ? 'timeout' : 'reset';
  return new TransportError(seen, 'maybe', failure.message, failure);
}

function withBadLines(
  { loseAnswersOf, losesFirstAnswerOf, answersAreLate, date, refuse }: CallOptions,
  transport: Transport,
): Transport {
  const reset = (): TransportError =>
    new TransportError('reset', 'maybe', 'the connection was reset');
  const late: (() => Promise<unknown>)[] = [];
  let requests = 0;
  let lostFirst = false;
  return {
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const isOf = (command?: string): boolean =>
        typeof request.body === 'string' && request.body.includes(`command=${String(command)}&`);
      if (isOf(answersAreLate)) {
        requests = 0;
        late.push(() => transport.send(request));
        throw reset();
      }
      if (isOf(refuse)) return forbidden(String(refuse));
      requests += 1;
      const response = await transport.send(request);
      // CloudStack gets to it only after it was asked for something else.
      if (requests === 1) await late.shift()?.();
      if (isOf(loseAnswersOf)) throw reset();
      if (isOf(losesFirstAnswerOf) && !lostFirst) {
        lostFirst = true;
        throw reset();
      }
      return { ...response, headers: { ...response.headers, date: date?.toUTCString() ?? '' } };
    },
  };
}

function isCommand(method: string): boolean {
  return ['gc', 'check'].includes(method);
}

/** Notes what a method asks of CloudStack although it does not declare that it needs it. */
function withDeclaredCommands(
  method: string,
  transport: Transport,
  undeclared: Set<string>,
): Transport {
  const own = needs[method];
  const declared = new Set<string>(own && [...rightsOf(own, 'all'), ...(own.ifAllowed ?? [])]);
  return {
    close: () => {
      transport.close();
    },
    send: (request) => {
      const command = typeof request.body === 'string' ? commandIn(request.body) : undefined;
      if (command !== undefined && !declared.has(command)) undeclared.add(`${method}: ${command}`);
      return transport.send(request);
    },
  };
}

function commandIn(body: string): string | undefined {
  return /(?:^|&)command=(\w+)/.exec(body)?.[1];
}

/** CloudStack's answer to a call that the role does not allow (UnavailableCommandException). */
function forbidden(command: string): HttpResponse {
  const errortext = `The API [${command}] does not exist or is not available for the account user.`;
  const errorresponse = { uuidList: [], errorcode: 432, cserrorcode: 4555, errortext };
  return { status: 432, headers: {}, body: JSON.stringify({ errorresponse }) };
}

/** What stands at a path inside of a JSON value; undefined if the path ends before. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}

function holdingsOf(client: TestClient): Record<string, unknown> {
  const list = (command: string, key: string, values: Record<string, string> = {}): unknown =>
    client.call(command, values)[key] ?? [];
  return {
    vms: list('listVirtualMachines', 'virtualmachine'),
    volumes: list('listVolumes', 'volume'),
    addresses: list('listPublicIpAddresses', 'publicipaddress'),
    affinityGroups: list('listAffinityGroups', 'affinitygroup'),
    loadBalancers: list('listLoadBalancerRules', 'loadbalancerrule'),
    templates: list('listTemplates', 'template', { templatefilter: 'self' }),
  };
}
