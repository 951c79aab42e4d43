// Where a chapter's requests go in: a function of this process, or a socket.
import type { Simulator } from '../../simulator/simulator.js';
import type { Answer } from './judge.js';
import type { RawRequest } from './raw-request.js';

/** An answer, and what it was an answer to. */
export interface Answered extends Answer {
  readonly method: string;
  /** Whether the HTTP server may have answered in the API's place. */
  readonly mayBeHttp: boolean;
}

export interface Door {
  /** Sends a request, in a form that the number picks; tells the form and what was answered. */
  readonly send: (raw: RawRequest, salt: number) => Promise<Exchanged> | Exchanged;
  readonly close: () => Promise<void>;
}

export interface Exchanged {
  /** How it was sent, such as `in process` or `chunked`. */
  readonly form: string;
  readonly answers: readonly Answered[];
  /** What went wrong on the way, such as a connection that ended without an answer. */
  readonly wrong?: string;
}

export type OpenDoor = (simulator: Simulator) => Promise<Door> | Door;

/** Through the API as a function; a request reaches it as a door would read it. */
export const inProcessDoor: OpenDoor = (simulator) => ({
  send: (raw) => {
    const outcome = simulator.dispatch({ ...raw, hostNowMs: simulator.hostNowMs });
    if (outcome.kind !== 'reply') {
      return { form: 'in process', answers: [], wrong: `the outcome is ${outcome.kind}` };
    }
    const { status, body } = outcome.response;
    return {
      form: 'in process',
      answers: [{ status, body, method: raw.method, mayBeHttp: false }],
    };
  },
  close: () => Promise.resolve(),
});
