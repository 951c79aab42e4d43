// One call of the CPI as a Director makes it, which may be interrupted at one of its requests.
import type { Transport } from '../../cpi/cloudstack/transport.js';
import { interruptedLine, type Line } from '../crash/interruption.js';
import { errorOf, resultOf } from '../support/director-response.js';
import { BrokenPromise, must } from './promise.js';
import { count } from './sightings.js';
import type { Stage } from './stage.js';
import { interruptionText, isOrder, type AnyInterruption } from './turn-data.js';
import type { Lane } from './virtual-time.js';

export type Answer =
  | { readonly is: 'result'; readonly result: unknown }
  | {
      readonly is: 'error';
      readonly error: BoshFailure;
      /** Whether a request of it reaches the cloud only after it has ended. */
      readonly mayComeLate: boolean;
    }
  /** The process was killed. */
  | { readonly is: 'death' };

export interface BoshFailure {
  readonly type: string;
  readonly message: string;
  readonly ok_to_retry: boolean;
}

/** Makes one call of the CPI, as the Director that it was given to, on its lane unless another is given. */
export type MakeCall = (method: string, args: readonly unknown[], lane?: Lane) => Promise<Answer>;

/** More requests in one call mean that it never ends. */
const mostRequests = 20_000;
/** Longer than all time limits of a call together. */
const longestCallMs = 12 * 3_600_000;
/** So long after it was told to end a process waits for its call to take back what it did. */
const longestEndMs = 20_000;

/** @throws BrokenPromise for an answer that no caller could read, or a call without an end. */
export async function makeCall(
  stage: Stage,
  lane: Lane,
  director: number,
  method: string,
  args: readonly unknown[],
  interruption?: AnyInterruption,
): Promise<Answer> {
  const { signal, end, line, isCut } = cutLine(lane, interruption);
  const options = stage.optionsFor(lane, director);
  const number = stage.lastCall;
  let giveUp: (reason: BrokenPromise) => void = () => undefined;
  const endless = new Promise<never>((_, reject) => (giveUp = reject));
  const asked = `${method} ${JSON.stringify(args)}`;
  const through = (transport: Transport): Transport => {
    const way = stage.planted(line.through(options.through(transport)));
    return {
      close: () => {
        way.close();
      },
      send: (request) => {
        if (line.commands.length > mostRequests) {
          giveUp(new BrokenPromise(`${asked} sends requests without end`));
          return new Promise(() => undefined);
        }
        return way.send(request);
      },
    };
  };
  const startedMs = lane.nowMs();
  const apiVersion = stage.apiVersionOf(director);
  const call = stage.cpi(method, args, { ...options, through, signal, apiVersion });
  const death = Promise.race([line.death, end]).then(() => undefined);
  const text = await Promise.race([call, death, endless]);
  const endedMs = lane.nowMs();
  await line.catchUp();
  must(endedMs - startedMs < longestCallMs, `${asked} takes ${endedMs - startedMs} ms`);
  const mayComeLate = interruption?.how === 'is carried out when nobody waits any more';
  const answer =
    text === undefined
      ? ({ is: 'death' } as const)
      : read({ method, apiVersion, text, mayComeLate });
  count(stage.counts.calls, method);
  if (interruption !== undefined && isCut()) {
    const { how } = interruption;
    const command = line.commands[interruption.request - 1] ?? '';
    count(stage.counts.interruptions, how);
    count(stage.counts.crashPoints, `${method}: ${command} ${how}`);
    stage.trace.push(`${number}: ${command} ${interruptionText(interruption)}`);
  }
  const when = `${new Date(startedMs).toISOString()} + ${endedMs - startedMs} ms`;
  stage.trace.push(`${number}: ${when}: ${method} -> ${answerText(answer)} <- ${asked}`);
  return answer;
}

export function answerText(answer: Answer): string {
  if (answer.is === 'death') return 'killed';
  if (answer.is === 'result') return JSON.stringify(answer.result);
  const { type, message, ok_to_retry: again } = answer.error;
  return `${type}${again ? ', ok to retry' : ''}: ${message}`;
}

interface CutLine {
  readonly line: Line;
  readonly signal: AbortSignal;
  /** Settles when the process has been told to end and gives up. */
  readonly end: Promise<void>;
  readonly isCut: () => boolean;
}

/** A line on which the interruption happens, be it to a request or to the whole call. */
function cutLine(lane: Lane, interruption: AnyInterruption | undefined): CutLine {
  const order = new AbortController();
  let isOver = false;
  let giveUp: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (giveUp = resolve));
  const cut = interruption !== undefined && !isOrder(interruption) ? interruption : undefined;
  const line = interruptedLine(cut);
  const through = (transport: Transport): Transport => {
    const way = line.through(transport);
    return {
      close: () => {
        way.close();
      },
      send: (request) => {
        const isNow = line.commands.length + 1 === interruption?.request;
        if (isNow && isOrder(interruption)) {
          order.abort(new Error('SIGTERM'));
          void lane.sleep(longestEndMs).then(() => {
            isOver = true;
            giveUp();
          });
        }
        return isOver ? new Promise(() => undefined) : way.send(request);
      },
    };
  };
  return {
    line: { ...line, through },
    signal: order.signal,
    end,
    isCut: () => line.commands.length >= (interruption?.request ?? Infinity),
  };
}

function read({
  method,
  apiVersion,
  text,
  mayComeLate,
}: {
  readonly method: string;
  readonly apiVersion: number;
  readonly text: string;
  readonly mayComeLate: boolean;
}): Answer {
  const { error } = JSON.parse(text) as { error: unknown };
  if (error === null) return { is: 'result', result: resultOf(method, apiVersion, text) };
  const failure = errorOf(text);
  must(
    !/fault of the CPI/.test(failure.message),
    `${method} fails by a fault of its own: ${failure.message}`,
  );
  return { is: 'error', error: failure, mayComeLate };
}
