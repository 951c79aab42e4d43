import { BoshError } from './bosh-error.js';
import {
  deepestLevel,
  describeJson,
  isJsonObject,
  isTooDeep,
  type JsonObject,
  type JsonValue,
} from './json-value.js';

/** The CPI API versions this CPI speaks; 3 is 2 with a third argument of create_stemcell. */
export const newestApiVersion = 3;

/** One CPI call as the Director or the CLI wrote it, checked for form only. */
export interface CpiRequest {
  method: string;
  arguments: JsonValue[];
  /** The version that decides the shape of results; a request without one means 1. */
  apiVersion: number;
  context: RequestContext;
}

export interface RequestContext {
  directorUuid: string;
  /** The Director's id of this call; the CLI sends none. */
  requestId?: string;
  /**
   * The API version of the VM's stemcell, in calls on VMs: that of a manifest which has one. The
   * Director takes a stemcell without one for version 1.
   */
  stemcellApiVersion?: number;
  /** What else stood in the context: properties of a CPI configuration of the Director. */
  properties: JsonObject;
}

/**
 * Reads a CPI request: one JSON object with `method`, `arguments`, `context` and `api_version`.
 *
 * @throws BoshError of type CpiError that says what is wrong with the request.
 */
export function parseRequest(text: string): CpiRequest {
  const request = parseObject(text);
  const { method } = request;
  if (typeof method !== 'string' || method === '') {
    throw malformed(`"method" must be the name of a CPI method, got ${describeJson(method)}`);
  }
  if (!Array.isArray(request.arguments)) {
    throw malformed(
      `"arguments" must be an array, even if empty, got ${describeJson(request.arguments)}`,
    );
  }
  return {
    method,
    arguments: request.arguments,
    apiVersion: parseApiVersion(request.api_version),
    context: parseContext(request.context),
  };
}

function parseObject(text: string): JsonObject {
  if (text.trim() === '') {
    throw malformed(
      'the input is empty. Write one JSON object with method, arguments and context to stdin',
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(
      `the input of ${text.length} characters is not valid JSON; it may be cut short. ` +
        'Write one complete JSON object to stdin',
    );
  }
  if (!isJsonObject(value)) throw malformed(`expected a JSON object, got ${describeJson(value)}`);
  if (isTooDeep(value)) {
    throw malformed(`it is nested more than ${deepestLevel} levels deep, as no Director writes it`);
  }
  return value;
}

function parseApiVersion(value: JsonValue | undefined): number {
  if (value === undefined || value === null) return 1;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw malformed(
      `"api_version" must be an integer from 1 to ${newestApiVersion}, got ${describeJson(value)}`,
    );
  }
  if (value > newestApiVersion) {
    throw new BoshError(
      'NotSupported',
      `CPI API version ${value} is not supported: this CPI speaks versions 1 to ` +
        `${newestApiVersion}. Ask "info" for the version to use`,
    );
  }
  return value;
}

function parseContext(value: JsonValue | undefined): RequestContext {
  if (!isJsonObject(value)) {
    throw malformed(
      `"context" must be an object that holds director_uuid, got ${describeJson(value)}`,
    );
  }
  const { director_uuid: directorUuid, request_id: requestId, vm = null, ...properties } = value;
  if (typeof directorUuid !== 'string' || directorUuid === '') {
    throw malformed(
      `"context.director_uuid" must be a non-empty string, got ${describeJson(directorUuid)}`,
    );
  }
  const context: RequestContext = { directorUuid, properties };
  if (typeof requestId === 'string' && requestId !== '') context.requestId = requestId;
  const stemcell = isJsonObject(vm) && isJsonObject(vm.stemcell) ? vm.stemcell : {};
  if (typeof stemcell.api_version === 'number') context.stemcellApiVersion = stemcell.api_version;
  return context;
}

function malformed(problem: string): BoshError {
  return new BoshError('CpiError', `Invalid CPI request: ${problem}`);
}
