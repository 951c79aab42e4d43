// A server that is talked to by clients that may say anything: each input is a conversation with it
// in the state in which it always begins. What it promises, whoever asks: an answer to each request
// that is one, of a status that it has, which tells nothing of the inside; the connection ends;
// nothing fails in it; and what it holds at the end is what it has acknowledged.
import { inspect } from 'node:util';
import { traceIn } from '../judge.js';
import type { Draw } from '../inputs/damage.js';
import type { Outcome, Subject } from '../inputs/subject.js';
import type { ServerAnswer } from './answers.js';
import { converse } from './converse.js';
import {
  isWhole,
  withEtag,
  type Connection,
  type Conversation,
  type SentRequest,
} from './conversation.js';

export interface TalkedTo<Held> {
  readonly port: number;
  /** What the server told its operator that went wrong. */
  readonly failures: unknown[];
  readonly statuses: ReadonlySet<number>;
  readonly draw: (draw: Draw) => Conversation;
  /** Brings it into the state in which each conversation begins, and tells what it holds then. */
  readonly begin: () => Promise<Held>;
  /** What is wrong with an answer; what it acknowledges is put down in what is held. */
  readonly problemOf: (
    held: Held,
    request: SentRequest,
    answer: ServerAnswer,
  ) => string | undefined;
  /** What is wrong with what is there in the end. */
  readonly atTheEnd: (held: Held) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

export function serverSubject<Held>(server: TalkedTo<Held>): Subject {
  const faults: unknown[] = [];
  const note = (fault: unknown): void => void faults.push(fault);
  const kinds = ['uncaughtException', 'unhandledRejection'] as const;
  for (const kind of kinds) process.on(kind, note);
  return {
    draw: (draw) => {
      const conversation = server.draw(draw);
      const requests = conversation.connections.flatMap((connection) => connection.requests);
      const how = requests.map(({ method, framing }) => `${method} (${framing})`).join(', ');
      return { bytes: Buffer.from(JSON.stringify(conversation)), how };
    },
    take: async (bytes) => {
      const outcome = await outcomeOf(server, JSON.parse(bytes.toString()) as Conversation);
      const [fault] = [...faults.splice(0), ...server.failures.splice(0)];
      if (fault === undefined) return outcome;
      return { kind: 'fault', wrong: `a fault inside: ${inspect(fault)}` };
    },
    [Symbol.asyncDispose]: async () => {
      for (const kind of kinds) process.off(kind, note);
      await server.close();
    },
  };
}

async function outcomeOf<Held>(
  server: TalkedTo<Held>,
  { connections }: Conversation,
): Promise<Outcome> {
  const held = await server.begin();
  let etag = '"none"';
  let kind = 'no answer';
  for (const planned of connections) {
    const connection = withEtag(planned, etag);
    const heard = await converse(server.port, connection);
    if (typeof heard === 'string') return { kind: 'broken', wrong: heard };
    const { answers, isReset } = heard;
    for (const [index, answer] of answers.entries()) {
      const request = connection.requests[index];
      if (request === undefined) break;
      kind = `${request.method} ${answer.status}`;
      const wrong = wrongInAnswer(server, held, request, answer);
      if (wrong !== undefined) return { kind: 'broken', wrong: `${kind}: ${wrong}` };
      etag = answer.headers.get('etag') ?? etag;
    }
    // What was acknowledged may be lost on the way, and nobody can say what is held.
    if (isReset) return { kind: 'reset' };
    const missing = wrongInNumber(connection, answers);
    if (missing !== undefined) return { kind: 'broken', wrong: missing };
  }
  return { kind, wrong: await server.atTheEnd(held) };
}

function wrongInAnswer<Held>(
  { statuses, problemOf }: TalkedTo<Held>,
  held: Held,
  request: SentRequest,
  answer: ServerAnswer,
): string | undefined {
  if (!statuses.has(answer.status)) return 'the status is not documented';
  return traceIn(answer.body.toString('latin1')) ?? problemOf(held, request, answer);
}

/** Each request has its answer, but after one with which the server ends the connection. */
function wrongInNumber(
  { requests, cutAt }: Connection,
  answers: readonly ServerAnswer[],
): string | undefined {
  const isEnded = answers.at(-1)?.headers.get('connection') === 'close';
  const whole = requests.filter(isWhole).length;
  if (cutAt !== null || isEnded || answers.length >= whole) {
    // A request that is none may be answered more than once: what comes behind it is none, either.
    return answers.length > requests.length && whole === requests.length
      ? `${answers.length} answers to ${requests.length} requests`
      : undefined;
  }
  return `${answers.length} answers to ${whole} requests`;
}
