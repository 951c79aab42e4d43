// What a Director and the bosh CLI accept as the answer to a CPI call, written anew from their
// rules and stricter than either: a response that passes here is understood by both.
import assert from 'node:assert/strict';

/** The error types that a Director knows; it fails the task on any other. */
const errorTypes = [
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
].map((name) => `Bosh::Clouds::${name}`);

export interface CpiResponse {
  result: unknown;
  error: { type: string; message: string; ok_to_retry: boolean } | null;
  log: string;
}

/** Parses stdout of a CPI call; fails unless it is exactly one well-formed response. */
export function parseResponse(stdout: string): CpiResponse {
  const response = JSON.parse(stdout) as CpiResponse;
  assert.deepEqual(Object.keys(response).sort(), ['error', 'log', 'result']);
  assert.equal(typeof response.log, 'string');
  const { error, result } = response;
  if (error === null) return response;
  assert.equal(result, null, 'an error comes with a result');
  assert.deepEqual(Object.keys(error).sort(), ['message', 'ok_to_retry', 'type']);
  assert.ok(errorTypes.includes(error.type), `unknown error type ${error.type}`);
  assert.equal(typeof error.message, 'string');
  assert.notEqual(error.message.trim(), '');
  assert.equal(typeof error.ok_to_retry, 'boolean');
  return response;
}

/** The result of a call that must have succeeded, checked by what callers do with it. */
export function resultOf(method: string, apiVersion: number, stdout: string): unknown {
  const { error, result } = parseResponse(stdout);
  assert.equal(error, null, `${method} failed: ${JSON.stringify(error)}`);
  checkResult(method, apiVersion, result);
  return result;
}

/** The error of a call that must have failed. */
export function errorOf(stdout: string): { type: string; message: string; ok_to_retry: boolean } {
  const { error } = parseResponse(stdout);
  assert.ok(error, 'the call succeeded');
  return error;
}

function checkResult(method: string, apiVersion: number, result: unknown): void {
  const check = checks[method] ?? checkNothing;
  check(result, apiVersion);
}

const checks: Readonly<Record<string, (result: unknown, apiVersion: number) => void>> = {
  info: checkInfo,
  create_vm: (result, apiVersion) => (apiVersion >= 2 ? checkVmAndNetworks : checkCid)(result),
  attach_disk: (result, apiVersion) => (apiVersion >= 2 ? checkHint : checkNothing)(result),
  create_stemcell: checkCid,
  create_disk: checkCid,
  snapshot_disk: checkCid,
  has_vm: checkBoolean,
  has_disk: checkBoolean,
};

function checkNothing(result: unknown): void {
  assert.equal(result, null);
}

function checkBoolean(result: unknown): void {
  assert.equal(typeof result, 'boolean');
}

function checkInfo(result: unknown): void {
  const { api_version: version, stemcell_formats: formats } = result as Record<string, unknown>;
  assert.ok(Number.isInteger(version) && Number(version) >= 2, 'info: api_version');
  assert.ok(Array.isArray(formats) && formats.every((format) => typeof format === 'string'));
}

/** A Director takes element 0 of whatever comes: of a bare string that would be a letter. */
function checkVmAndNetworks(result: unknown): void {
  assert.ok(Array.isArray(result) && result.length === 2, 'create_vm: not [cid, networks]');
  checkCid(result[0]);
  const networks: unknown = result[1];
  assert.ok(typeof networks === 'object' && networks !== null && !Array.isArray(networks));
}

/** Directors ask `nil?` and `empty?`; agents cast every value of a hint to a string. */
function checkHint(result: unknown): void {
  if (typeof result === 'string' && result !== '') return;
  assert.ok(typeof result === 'object' && result !== null && !Array.isArray(result), 'no hint');
  const values: unknown[] = Object.values(result);
  assert.ok(values.length > 0 && values.every((value) => typeof value === 'string'));
}

function checkCid(result: unknown): void {
  assert.equal(typeof result, 'string');
  assert.notEqual(result, '');
}
