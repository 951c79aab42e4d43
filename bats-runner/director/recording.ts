import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isObject, mapStrings, type JsonObject, type JsonValue } from '../json.js';
import { expandPem } from './pem-filler.js';

const json: z.ZodType<JsonValue> = z.json();
const jsonObject = z.record(z.string(), json);

const request = z.strictObject({
  method: z.string(),
  arguments: z.array(json),
  context: jsonObject,
  api_version: z.int().optional(),
});

const recording = z.strictObject({
  scenario: z.string(),
  cpi_api_version: z.int(),
  steps: z.array(
    z.strictObject({ command: z.string(), exit_status: z.int(), cpi_calls: z.string() }),
  ),
  calls: z.array(
    z.strictObject({
      caller: z.enum(['bosh-director', 'bosh-cli']),
      request,
      response: z.strictObject({
        result: json,
        error: z
          .strictObject({ type: z.string(), message: z.string(), ok_to_retry: z.boolean() })
          .nullable(),
        log: z.string(),
      }),
      injected_fault: z.literal(true).optional(),
    }),
  ),
});

/** What a caller writes to the CPI's stdin. */
export type CpiRequest = z.output<typeof request>;

/** What a real Director or CLI asked in one situation, and an answer that it was content with. */
export type Recording = z.output<typeof recording>;

export type RecordedCall = Recording['calls'][number];

/**
 * Loads `<scenario>.v<apiVersion>.json` from a folder of recordings, ready to be sent: PEM
 * placeholders expanded to their length, placeholder cloud_properties under the CPI's names.
 * Throws an error that names the file if it is missing or holds something else.
 */
export function loadRecording(folder: string, scenario: string, apiVersion: number): Recording {
  const file = recordingFile(folder, scenario, apiVersion);
  const parsed = recording.safeParse(readJson(file));
  if (!parsed.success) throw new Error(`${file} is no recording: ${z.prettifyError(parsed.error)}`);
  const calls = parsed.data.calls.map((call) => ({
    ...call,
    request: { ...call.request, arguments: sendable(call.request) },
  }));
  return { ...parsed.data, calls };
}

/** The path of a recording. */
export function recordingFile(folder: string, scenario: string, apiVersion: number): string {
  return join(folder, `${scenario}.v${apiVersion}.json`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the recording ${file} cannot be read: ${reason}`, { cause });
  }
}

function sendable(original: CpiRequest): JsonValue[] {
  return original.arguments.map((argument, position) => {
    const expanded = mapStrings(argument, expandPem);
    const isVmProperties = original.method === 'create_vm' && position === 2;
    return isVmProperties && isObject(expanded) ? vmProperties(expanded) : expanded;
  });
}

/** The two properties that were recorded under placeholder names. */
function vmProperties(recorded: JsonObject): JsonObject {
  const { ephemeral_disk: disk, load_balancer: balancer, ...others } = recorded;
  return {
    ...others,
    ...(isObject(disk) && { ephemeral_disk_offering: disk['offering'], disk: disk['size'] }),
    ...(isObject(balancer) && {
      lbs: [
        {
          name: balancer['name'],
          private_port: balancer['port'],
          public_port: balancer['port'],
        },
      ],
    }),
  };
}
