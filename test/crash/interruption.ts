// What may come between the CPI and the cloud at one request: the process dies, or the request fails.
import {
  TransportError,
  type HttpRequest,
  type HttpResponse,
  type Transport,
} from '../../cpi/cloudstack/transport.js';

/** How it happens, in words that end a sentence. */
export const hows = {
  'dies before it is sent': 'crash',
  'dies before its answer': 'crash',
  'never arrives': 'failure',
  'is carried out, but its answer is lost': 'failure',
  'is carried out when nobody waits any more': 'failure',
  'is refused': 'failure',
  'is accepted, but its job fails before it has done anything': 'failure',
  'is accepted, but its job fails when it has done all': 'failure',
} as const;

export type How = keyof typeof hows;

/** Before which step of its job a request fails that was accepted; of no other requests. */
export const failingSteps: Partial<Readonly<Record<How, number | 'completion'>>> = {
  'is accepted, but its job fails before it has done anything': 1,
  'is accepted, but its job fails when it has done all': 'completion',
};

/** Less than the looks that the CPI takes for something whose creation it knows nothing of. */
const latenessInRequests = 8;

/** One request of a call, counted from 1 over all the ways that it opens. */
export interface Interruption {
  readonly request: number;
  readonly how: How;
}

export interface Line {
  /** Wraps a way to the cloud. */
  readonly through: (transport: Transport) => Transport;
  /** Settles when the process dies. */
  readonly death: Promise<void>;
  /** What is on its way arrives, at last. */
  readonly catchUp: () => Promise<void>;
  /** The commands that were asked for, in their order. */
  readonly commands: string[];
  /** The numbers of the requests that were answered with a job. */
  readonly accepted: ReadonlySet<number>;
}

/**
 * A line on which the interruption happens; without one it only counts. What dies never settles
 * again, so that no `finally` of the CPI can help, as no code of a killed process runs on.
 * `failJobOf` is told of a request, before it is sent, whose job is to fail.
 */
export function interruptedLine(
  interruption?: Interruption,
  failJobOf: (command: string, step: number | 'completion') => void = () => undefined,
): Line {
  let die: () => void = () => undefined;
  const death = new Promise<void>((resolve) => (die = resolve));
  let dead = false;
  const isDead = (): boolean => dead;
  const commands: string[] = [];
  const accepted = new Set<number>();
  const dying = (): Promise<never> => {
    dead = true;
    die();
    return never();
  };
  let late: { readonly send: () => Promise<unknown>; readonly after: number } | undefined;
  const catchUp = async (): Promise<void> => {
    const arrived = late;
    late = undefined;
    try {
      await arrived?.send();
    } catch (error) {
      // Nobody waits for its answer.
      if (!(error instanceof TransportError)) throw error;
    }
  };
  const send: (transport: Transport) => Transport['send'] = (transport) => async (request) => {
    if (isDead()) return never();
    commands.push(commandOf(request));
    const how = commands.length === interruption?.request ? interruption.how : undefined;
    if (how === 'dies before it is sent') return dying();
    if (how === 'never arrives') return breakOff(transport, request);
    if (how === 'is carried out when nobody waits any more') {
      late = { send: () => transport.send(request), after: commands.length + latenessInRequests };
      throw brokenLine();
    }
    if (how === 'is refused') return refusal;
    const failingStep = how && failingSteps[how];
    if (failingStep !== undefined) failJobOf(commandOf(request), failingStep);
    const number = commands.length;
    const response = await transport.send(request);
    if (isOfJob(commandOf(request), response)) accepted.add(number);
    if (late !== undefined && commands.length >= late.after) await catchUp();
    if (how === 'dies before its answer') return dying();
    if (how === 'is carried out, but its answer is lost') {
      throw brokenLine();
    }
    // Others died while it was on its way.
    return isDead() ? never() : response;
  };
  return {
    through: (transport) => ({
      send: send(transport),
      close: () => {
        transport.close();
      },
    }),
    death,
    commands,
    accepted,
    catchUp,
  };
}

/** Whether a job carries out what was asked for, and is not itself what was asked for. */
function isOfJob(command: string, { body }: HttpResponse): boolean {
  return command !== 'queryAsyncJobResult' && !command.startsWith('list') && /"jobid"/.test(body);
}

/** Of an image, half of it arrives. */
async function breakOff(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
  const { body } = request;
  if (typeof body !== 'object') throw brokenLine();
  const { bytes, stream } = body;
  return transport.send({ ...request, body: { bytes, stream: half(stream, bytes) } });
}

async function* half(stream: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of stream) {
    yield chunk.subarray(0, Math.max(0, bytes / 2 - sent));
    sent += chunk.length;
    if (sent >= bytes / 2) throw brokenLine();
  }
}

function brokenLine(): TransportError {
  return new TransportError('reset', 'maybe', 'the line broke');
}

/** What CloudStack answers ordinary users when something inside of it failed. */
const refusal: HttpResponse = {
  status: 530,
  headers: {},
  body: JSON.stringify({
    errorresponse: {
      uuidList: [],
      errorcode: 530,
      cserrorcode: 9999,
      errortext: 'Internal error executing command, please contact your system administrator',
    },
  }),
};

/** The command of a request; one without a text is an image. */
export function commandOf({ method, url, body }: HttpRequest): string {
  if (url.endsWith('/settings')) return `the registry's ${method}`;
  const command = typeof body === 'string' ? /(?:^|&)command=(\w+)/.exec(body)?.[1] : undefined;
  return command ?? 'the image';
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
