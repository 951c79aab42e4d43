// Crash points by method and command: which requests were interrupted, how, and how often.
import type { Numbers } from './tally.js';
import { waysToInterrupt } from '../turn-data.js';

export interface CrashMatrix {
  readonly hows: readonly string[];
  readonly methods: readonly {
    readonly method: string;
    readonly times: number;
    readonly rows: readonly { readonly command: string; readonly counts: readonly number[] }[];
  }[];
}

/** From numbers by `create_vm: createTags never arrives`. */
export function crashMatrix(points: Numbers): CrashMatrix {
  const byMethod = new Map<string, Map<string, number[]>>();
  for (const [point, times] of Object.entries(points)) {
    const { method, command, how } = partsOf(point);
    const commands = byMethod.get(method) ?? new Map<string, number[]>();
    byMethod.set(method, commands);
    const counts = commands.get(command) ?? waysToInterrupt.map(() => 0);
    commands.set(command, counts);
    counts[how] = (counts[how] ?? 0) + times;
  }
  const methods = [...byMethod].sort().map(([method, commands]) => ({
    method,
    times: [...commands.values()].flat().reduce((sum, times) => sum + times, 0),
    rows: [...commands].sort().map(([command, counts]) => ({ command, counts })),
  }));
  return { hows: waysToInterrupt, methods };
}

function partsOf(point: string): { method: string; command: string; how: number } {
  const how = waysToInterrupt.findIndex((one) => point.endsWith(` ${one}`));
  const [method = '', command = ''] = point
    .slice(0, -(waysToInterrupt[how] ?? '').length - 1)
    .split(/: (.*)/);
  return { method, command, how };
}
