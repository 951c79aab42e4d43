// Servers in processes of their own, whose CPU time and memory are theirs alone. The benchmark
// starts itself again for them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type {
  Answers,
  BareSpec,
  ExpressSpec,
  FileSpec,
  Ready,
  RegistrySpec,
  SimulatorSpec,
  Spec,
} from './served.js';

export interface Server extends Ready {
  readonly ask: <Name extends keyof Answers>(name: Name) => Promise<Answers[Name]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The first argument of the benchmark when it is to be a server. */
export const SERVE = 'serve';

export function startSimulator(spec: Partial<SimulatorSpec> = {}): Promise<Server> {
  const { world = 'advanced-kvm', clock = 'on-poll', account = 'bosh', deployed = 0 } = spec;
  return start({ kind: 'simulator', world, clock, account, deployed });
}

export function startBare(spec: Omit<BareSpec, 'kind'>): Promise<Server> {
  return start({ kind: 'bare', ...spec });
}

export function startRegistryServer(spec: Omit<RegistrySpec, 'kind'>): Promise<Server> {
  return start({ kind: 'registry', ...spec });
}

export function startExpress(answer: ExpressSpec['answer']): Promise<Server> {
  return start({ kind: 'express', answer });
}

export function startFileServer(spec: FileSpec): Promise<Server> {
  return start(spec);
}

async function start(spec: Spec): Promise<Server> {
  const child = fork(process.argv[1] ?? '', [SERVE, JSON.stringify(spec)], {
    // Without a collection before it, memory would be what happens to lie about.
    execArgv: ['--expose-gc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a server of the benchmark ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  const answer = async (): Promise<unknown> =>
    ((await Promise.race([once(child, 'message'), ended])) as [unknown])[0];
  const ready = (await answer()) as Ready;
  return {
    ...ready,
    ask: async <Name extends keyof Answers>(name: Name) => {
      child.send(name);
      return (await answer()) as Answers[Name];
    },
    [Symbol.asyncDispose]: async () => {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}
