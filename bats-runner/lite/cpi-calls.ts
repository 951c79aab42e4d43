import type { CpiRequest } from '../director/recording.js';
import type { CpiResponse } from '../director/response-rules.js';
import type { Caller } from '../director/scenarios.js';
import type { JsonValue } from '../json.js';
import { PromiseBroken } from '../promise-broken.js';

/** Sends a request to a CPI. Throws if the caller could make no sense of the answer. */
export type Ask = (caller: Caller, request: CpiRequest) => Promise<CpiResponse>;

/** A method of the CPI with its arguments. Throws CpiCallFailed. */
export type CallMethod = (method: string, args: readonly JsonValue[]) => Promise<JsonValue>;

/** The CPI answered an error. */
export class CpiCallFailed extends PromiseBroken {
  constructor(
    readonly method: string,
    /** Without the module that it is in: `VMNotFound`. */
    readonly type: string,
    message: string,
    readonly okToRetry: boolean,
  ) {
    super(`${method} failed with ${type}: ${message}`);
    this.name = 'CpiCallFailed';
  }
}

/** The result of a call that succeeded. Throws CpiCallFailed for one that did not. */
export function resultOf(method: string, { result, error }: CpiResponse): JsonValue {
  if (error === null) return result;
  const type = error.type.replace('Bosh::Clouds::', '');
  throw new CpiCallFailed(method, type, error.message, error.okToRetry);
}

/** The CID in the result of a call that makes something. */
export function cidIn(result: JsonValue): string {
  const cid = Array.isArray(result) ? result[0] : result;
  if (typeof cid === 'string' && cid !== '') return cid;
  throw new PromiseBroken(`the CPI answered no CID, but ${JSON.stringify(result)}`);
}

/** Does what may fail with errors of these types; answers whether it did not. */
export async function tolerating(
  types: readonly string[],
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (failure) {
    if (failure instanceof CpiCallFailed && types.includes(failure.type)) return false;
    throw failure;
  }
}

/** Stands for a caller that will not work with the API version of a CPI. */
export class ApiVersionRefused extends PromiseBroken {
  constructor(version: number, least: number) {
    super(`the CPI speaks API version ${version}; the caller demands at least ${least}`);
    this.name = 'ApiVersionRefused';
  }
}

/** What `info` tells of versions: 1 if it tells nothing (cloud_factory.rb, cloud.go). */
export function versionIn(info: JsonValue): number {
  const version = (info as { api_version?: JsonValue } | null)?.api_version;
  return typeof version === 'number' ? version : 1;
}
