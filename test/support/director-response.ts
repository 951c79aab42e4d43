// What a CPI answer must look like in our tests: both callers accept it by the rules that the
// replayer judges by, and beyond that it is as tidy as we want it.
import assert from 'node:assert/strict';
import type { CpiRequest } from '../../bats-runner/director/recording.js';
import { judge } from '../../bats-runner/director/response-rules.js';

export interface CpiResponse {
  result: unknown;
  error: { type: string; message: string; ok_to_retry: boolean } | null;
  log: string;
}

/** Parses stdout of a CPI call; fails unless it is exactly one well-formed response. */
export function parseResponse(stdout: string, method = 'delete_vm', apiVersion = 2): CpiResponse {
  const request: CpiRequest = { method, arguments: [], context: {}, api_version: apiVersion };
  for (const caller of ['bosh-director', 'bosh-cli'] as const) {
    assert.deepEqual(judge(caller, request, { stdout, exitCode: 0 }).complaints, [], caller);
  }
  const response = JSON.parse(stdout) as CpiResponse;
  assert.deepEqual(Object.keys(response).sort(), ['error', 'log', 'result']);
  const { error, result } = response;
  if (error === null) return response;
  assert.equal(result, null, 'an error comes with a result');
  assert.deepEqual(Object.keys(error).sort(), ['message', 'ok_to_retry', 'type']);
  assert.ok(error.type.startsWith('Bosh::Clouds::'), `an old error type: ${error.type}`);
  assert.notEqual(error.message.trim(), '');
  return response;
}

/** The result of a call that must have succeeded, checked by what callers do with it. */
export function resultOf(method: string, apiVersion: number, stdout: string): unknown {
  const { error, result } = parseResponse(stdout, method, apiVersion);
  assert.equal(error, null, `${method} failed: ${JSON.stringify(error)}`);
  checkTidiness(method, apiVersion, result);
  return result;
}

/** The error of a call that must have failed. */
export function errorOf(stdout: string): { type: string; message: string; ok_to_retry: boolean } {
  const { error } = parseResponse(stdout);
  assert.ok(error, 'the call succeeded');
  return error;
}

/** Methods whose result nobody reads; it is null, so that no caller ever relies on it. */
const withoutResult = [
  'delete_vm',
  'delete_disk',
  'delete_stemcell',
  'delete_network',
  'detach_disk',
  'set_vm_metadata',
  'set_disk_metadata',
];

function checkTidiness(method: string, apiVersion: number, result: unknown): void {
  if (withoutResult.includes(method)) assert.equal(result, null);
  if (method === 'attach_disk' && apiVersion < 2) assert.equal(result, null);
  if (method === 'info') assert.ok(Number((result as Record<string, unknown>)['api_version']) >= 2);
  // The agent casts every value of a hint to a string, and panics on a number.
  if (method === 'attach_disk' && typeof result === 'object' && result !== null) {
    assert.ok(Object.values(result).every((value) => typeof value === 'string'));
  }
}
