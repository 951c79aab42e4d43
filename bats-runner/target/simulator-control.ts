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
  /** The number of the last event so far. */
  readonly lastEvent: () => Promise<number>;
  /** The events after that number, in JSON; at most as many as one answer holds. */
  readonly events: (after: number) => Promise<string>;
  /** The whole world, in the form that `cloudstack-simulator --load` takes. */
  readonly snapshot: () => Promise<string>;
  readonly advanceMs: (ms: number) => Promise<unknown>;
  /** What a running VM sees of itself. */
  readonly guest: (vmId: string) => Promise<JsonObject>;
  /** Has a running VM write a file to the disk at a path in it. */
  readonly writeFile: (
    vmId: string,
    file: { readonly disk: string; readonly name: string; readonly content: string },
  ) => Promise<unknown>;
  /** The answer to a request inside of a running VM; undefined if nothing answers there. */
  readonly guestHttp: (vmId: string, url: string) => Promise<string | undefined>;
}

/** Control over a simulator at this address: `http://…/_sim`. */
export function simulatorControl(address: string): SimulatorControl {
  const sendRaw = async (path: string, method = 'GET', body?: JsonValue): Promise<string> => {
    const response = await fetch(`${address}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} of the simulator's control: ${text}`);
    return text;
  };
  const send = async (...request: Parameters<typeof sendRaw>): Promise<JsonObject> =>
    answer.parse(JSON.parse(await sendRaw(...request)));
  return {
    setFaults: (rules) => send('/faults', 'PUT', [...rules]),
    endFaults: () => send('/faults', 'DELETE'),
    faultsFired: async () => firedOf(await send('/faults')),
    lastEvent: async () => health.parse(await send('/health')).lastEvent,
    events: (after) => sendRaw(`/events?after=${after}`),
    snapshot: () => sendRaw('/snapshot'),
    advanceMs: (ms) => send('/clock', 'POST', { advanceMs: ms }),
    guest: (vmId) => send(`/guest/${vmId}`),
    writeFile: (vmId, file) => send(`/guest/${vmId}/file`, 'PUT', file),
    guestHttp: async (vmId, url) => {
      const query = new URLSearchParams({ url }).toString();
      const response = await fetch(`${address}/guest/${vmId}/http?${query}`);
      return response.ok ? response.text() : undefined;
    },
  };
}

const health = z.object({ lastEvent: z.number() });

const plan = z.object({ faults: z.array(z.object({ name: z.string(), fired: z.number() })) });

function firedOf(body: JsonObject): ReadonlyMap<string, number> {
  return new Map(plan.parse(body).faults.map(({ name, fired }) => [name, fired]));
}
