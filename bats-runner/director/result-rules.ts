import { isObject, type JsonValue } from '../json.js';
import type { CpiRequest } from './recording.js';
import type { Caller } from './scenarios.js';

/** The version of the result's shape: a request without one is of version 1. */
type Rule = (result: JsonValue, apiVersion: number, caller: Caller) => string | undefined;

/**
 * What a caller reads of a successful result; a method that is not here has a result that nobody
 * reads. Sources: external_cpi_response_wrapper.rb and the steps of the Director, cloud.go of the
 * CLI.
 */
const rules: Readonly<Record<string, Rule>> = {
  info: infoRule,
  create_stemcell: cid,
  create_vm: (result, apiVersion) => (apiVersion < 2 ? cid(result) : vmAndNetworks(result)),
  has_vm: trueOrFalse,
  has_disk: trueOrFalse,
  create_disk: cid,
  attach_disk: (result, apiVersion) => (apiVersion < 2 ? undefined : diskHint(result)),
  snapshot_disk: cid,
  update_disk: (result) => (result === null ? undefined : cid(result)),
  get_disks: (result) => (isListOfStrings(result) ? undefined : 'is no list of CIDs'),
  calculate_vm_cloud_properties: (result) => (isObject(result) ? undefined : 'is no object'),
  create_network: networkRule,
  current_vm_id: cid,
};

/** A sentence for each way in which a successful result would be refused or misread. */
export function resultComplaints(caller: Caller, request: CpiRequest, result: JsonValue): string[] {
  const complaint = rules[request.method]?.(result, request.api_version ?? 1, caller);
  if (complaint === undefined) return [];
  return [`the result of ${request.method} ${complaint}: ${JSON.stringify(result).slice(0, 120)}`];
}

function cid(result: JsonValue): string | undefined {
  return typeof result === 'string' && result !== '' ? undefined : 'is no CID (a string)';
}

function trueOrFalse(result: JsonValue): string | undefined {
  return typeof result === 'boolean' ? undefined : 'is neither true nor false';
}

/** The Director takes result[0] for the CID, even of a string. */
function vmAndNetworks(result: JsonValue): string | undefined {
  if (!Array.isArray(result)) return 'is no list of CID and networks';
  if (cid(result[0] ?? null) !== undefined) return 'has no CID as its first item';
  return isObject(result[1]) ? undefined : 'has no networks as its second item';
}

/** A hint that is nil or empty is an error to the Director; other types crash it. */
function diskHint(result: JsonValue): string | undefined {
  if (typeof result === 'string' && result !== '') return undefined;
  if (isObject(result) && Object.keys(result).length > 0) return undefined;
  return 'is no disk hint (a string or an object that is not empty)';
}

function infoRule(result: JsonValue, _: number, caller: Caller): string | undefined {
  if (!isObject(result)) return 'is no object';
  const { stemcell_formats: formats, api_version: version } = result;
  const isMissing = formats === undefined && caller === 'bosh-director';
  if (!isMissing && !isListOfStrings(formats)) return 'has no stemcell_formats (a list of strings)';
  return version === undefined || typeof version === 'number'
    ? undefined
    : 'has an api_version that is no number';
}

function networkRule(result: JsonValue): string | undefined {
  if (!Array.isArray(result)) return 'is no list';
  if (cid(result[0] ?? null) !== undefined) return 'has no CID as its first item';
  return isObject(result[1]) && isObject(result[2])
    ? undefined
    : 'does not hold addresses and cloud_properties';
}

function isListOfStrings(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
