import { z } from 'zod';
import type { JsonObject, JsonValue } from '../json.js';

const answer: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** What a running simulator lets its owner do: see docs/simulator/control.md. */
export interface SimulatorControl {
  /** Puts a fault plan into force (docs/simulator/faults.md). */
  readonly setFaults: (rules: readonly JsonObject[]) => Promise<unknown>;
  readonly endFaults: () => Promise<unknown>;
  /** How often each rule of the plan in force has struck, by its name. */
  readonly faultsFired: () => Promise<ReadonlyMap<string, number>>;
  readonly advanceMs: (ms: number) => Promise<unknown>;
  /** What a running VM sees of itself. */
  readonly guest: (vmId: string) => Promise<JsonObject>;
  /** The answer to a request inside of a running VM; undefined if nothing answers there. */
  readonly guestHttp: (vmId: string, url: string) => Promise<string | undefined>;
}

/** Control over a simulator at this address: `http://…/_sim`. */
export function simulatorControl(address: string): SimulatorControl {
  const send = async (path: string, method = 'GET', body?: JsonValue): Promise<JsonObject> => {
    const response = await fetch(`${address}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} of the simulator's control: ${text}`);
    return answer.parse(JSON.parse(text));
  };
  return {
    setFaults: (rules) => send('/faults', 'PUT', [...rules]),
    endFaults: () => send('/faults', 'DELETE'),
    faultsFired: async () => firedOf(await send('/faults')),
    advanceMs: (ms) => send('/clock', 'POST', { advanceMs: ms }),
    guest: (vmId) => send(`/guest/${vmId}`),
    guestHttp: async (vmId, url) => {
      const query = new URLSearchParams({ url }).toString();
      const response = await fetch(`${address}/guest/${vmId}/http?${query}`);
      return response.ok ? response.text() : undefined;
    },
  };
}

const plan = z.object({ faults: z.array(z.object({ name: z.string(), fired: z.number() })) });

function firedOf(body: JsonObject): ReadonlyMap<string, number> {
  return new Map(plan.parse(body).faults.map(({ name, fired }) => [name, fired]));
}
