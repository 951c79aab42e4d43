// The simulator's program in a process that tells what that costs: its memory, and for how long it came
// to nothing else. The soak starts itself again for it.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unmeasured } from '../support/coverage.js';

const program = fileURLToPath(
  new URL('../../dist/bundle/cloudstack-simulator.js', import.meta.url),
);

/** What such a process can be asked for, by name. */
export interface Answers {
  /** What it holds when everything that nobody needs is gone. */
  readonly memory: { readonly rssMiB: number; readonly heapMiB: number };
  /** The longest time since the last such question for which it came to nothing else. */
  readonly stall: {
    readonly ms: number;
    /** How much of it the process was at work: on a busy machine it also waits for its turn. */
    readonly atWorkMs: number;
  };
}

/** The first argument of the soak when it is to be the program. */
export const PROGRAM = 'program';

export function startProbed(args: readonly string[]): ChildProcess {
  return fork(process.argv[1] ?? '', [PROGRAM, ...args], {
    // Without a collection before it, memory would be what happens to lie about.
    execArgv: ['--expose-gc'],
    silent: true,
    env: unmeasured,
  });
}

export async function ask<Name extends keyof Answers>(
  child: ChildProcess,
  name: Name,
): Promise<Answers[Name]> {
  child.send(name);
  const [answer] = (await once(child, 'message')) as [Answers[Name]];
  return answer;
}

/** Is the program, and answers what it is asked. */
export async function runProbed(args: readonly string[]): Promise<void> {
  const stalls = watchStalls();
  const answers: { readonly [Name in keyof Answers]: () => Answers[Name] } = {
    memory: () => {
      globalThis.gc?.();
      stalls.skip();
      const { rss, heapUsed } = process.memoryUsage();
      return { rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 };
    },
    stall: () => stalls.take(),
  };
  process.on('message', (name: keyof Answers) => process.send?.(answers[name]()));
  process.once('disconnect', () => process.exit());
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
}

const LOOK_EVERY_MS = 5;

function watchStalls(): { take(): Answers['stall']; skip(): void } {
  const now = (): { ms: number; cpuMs: number } => ({ ms: performance.now(), cpuMs: cpuMs() });
  const none = { ms: 0, atWorkMs: 0 };
  let last = now();
  let longest = none;
  const look = (): void => {
    const { ms: nowMs, cpuMs } = now();
    const ms = nowMs - last.ms - LOOK_EVERY_MS;
    const atWorkMs = Math.min(ms, cpuMs - last.cpuMs);
    longest = {
      ms: Math.max(longest.ms, ms),
      atWorkMs: Math.max(longest.atWorkMs, atWorkMs),
    };
    last = { ms: nowMs, cpuMs };
  };
  setInterval(look, LOOK_EVERY_MS).unref();
  return {
    take: () => {
      const taken = longest;
      longest = none;
      return taken;
    },
    skip: () => {
      last = now();
    },
  };
}

/** How long the thread of this function has been at work; where nobody tells, the whole process. */
function cpuMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
}
