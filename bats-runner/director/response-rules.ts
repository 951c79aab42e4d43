import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import type { CpiRequest } from './recording.js';
import { resultComplaints } from './result-rules.js';
import type { Caller } from './scenarios.js';

/** What a caller gets from a CPI process. */
export interface CpiOutput {
  readonly stdout: string;
  /** Null if a signal ended the process. */
  readonly exitCode: number | null;
}

/** A response as both callers read it. */
export type CpiResponse =
  | { readonly result: JsonValue; readonly error: null }
  | { readonly result: JsonValue; readonly error: CpiError };

export interface CpiError {
  readonly type: string;
  readonly message: string;
  readonly okToRetry: boolean;
}

/** The error types that a Director knows (external_cpi.rb, KNOWN_RPC_ERRORS). */
export const knownErrorTypes: ReadonlySet<string> = new Set(
  [
    'CpiError',
    'NotSupported',
    'NotImplemented',
    'CloudError',
    'VMNotFound',
    'NetworkNotFound',
    'NoDiskSpace',
    'DiskNotAttached',
    'DiskNotFound',
    'VMCreationFailed',
  ].map((name) => `Bosh::Clouds::${name}`),
);

/**
 * Judges a CPI's answer as the caller itself does, and gives a sentence for everything that it
 * would refuse or misread; without any there is a `response` that it goes on with.
 *
 * - The Director (external_cpi.rb) ignores the exit code and demands `result`, `error` and `log`,
 *   a `log` that is a string, all three keys of an error, and a type that it knows.
 * - The CLI (cpi_cmd_runner.go) takes a missing key for null, but no exit code other than 0.
 */
export function judge(
  caller: Caller,
  request: CpiRequest,
  output: CpiOutput,
): { complaints: string[]; response: CpiResponse | undefined } {
  const document = parse(output.stdout);
  const complaints = [
    ...(caller === 'bosh-cli' && output.exitCode !== 0
      ? [`the exit code is ${String(output.exitCode)}, not 0`]
      : []),
    ...(typeof document === 'string' ? [document] : shapeComplaints[caller](document)),
  ];
  if (typeof document === 'string' || complaints.length > 0) {
    return { complaints, response: undefined };
  }
  const response = responseOf(document);
  if (response.error !== null) return { complaints, response };
  const refused = resultComplaints(caller, request, response.result);
  return { complaints: refused, response: refused.length === 0 ? response : undefined };
}

/** The one object on stdout, or a sentence on what stands there instead. */
function parse(stdout: string): JsonObject | string {
  let document: JsonValue;
  try {
    document = JSON.parse(stdout) as JsonValue;
  } catch {
    if (stdout.trim() === '') return 'stdout is empty';
    return `stdout is not one JSON document: ${JSON.stringify(stdout.slice(0, 120))}`;
  }
  return isObject(document) ? document : 'stdout holds JSON that is no object';
}

const shapeComplaints: Readonly<Record<Caller, (document: JsonObject) => string[]>> = {
  'bosh-director': directorComplaints,
  'bosh-cli': cliComplaints,
};

function directorComplaints(document: JsonObject): string[] {
  const complaints = ['result', 'error', 'log']
    .filter((key) => !(key in document))
    .map((key) => `the key "${key}" is missing`);
  if ('log' in document && typeof document['log'] !== 'string') {
    complaints.push('"log" is no string');
  }
  const { error } = document;
  if (error === null || error === undefined) return complaints;
  if (!isObject(error)) return [...complaints, '"error" is neither null nor an object'];
  for (const key of ['type', 'message'] as const) {
    if (typeof error[key] !== 'string') complaints.push(`"error.${key}" is no string`);
  }
  if (typeof error['ok_to_retry'] !== 'boolean') {
    complaints.push('"error.ok_to_retry" is neither true nor false');
  }
  const { type, message } = error;
  if (typeof type === 'string' && typeof message === 'string' && !isKnown(type, message)) {
    complaints.push(`the Director does not know the error type ${type}`);
  }
  return complaints;
}

/** Two older spellings of NotImplemented that callers still understand. */
function isKnown(type: string, message: string): boolean {
  if (knownErrorTypes.has(type)) return true;
  return type === 'InvalidCall' && message.startsWith('Method is not known, got');
}

function cliComplaints(document: JsonObject): string[] {
  const { error, log } = document;
  const complaints: string[] = [];
  if (log !== undefined && log !== null && typeof log !== 'string') {
    complaints.push('"log" is no string');
  }
  if (error === undefined || error === null) return complaints;
  if (!isObject(error)) return [...complaints, '"error" is neither null nor an object'];
  const types = { type: 'string', message: 'string', ok_to_retry: 'boolean' };
  for (const [key, type] of Object.entries(types)) {
    const value = error[key];
    if (value !== undefined && value !== null && typeof value !== type) {
      complaints.push(`"error.${key}" is no ${type}`);
    }
  }
  return complaints;
}

function responseOf(document: JsonObject): CpiResponse {
  const { error } = document;
  const result = document['result'] ?? null;
  if (!isObject(error)) return { result, error: null };
  return {
    result,
    error: {
      type: textOf(error['type']),
      message: textOf(error['message']),
      okToRetry: error['ok_to_retry'] === true,
    },
  };
}
