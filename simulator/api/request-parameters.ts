import { malformedMap, type RawParameter } from '../declare/parameter.js';
import type { ApiRequest } from './http.js';

/**
 * The parameters of a request under the names that were sent, query string and form together. The
 * query string wins, and within it the last value of a name; within a form, the first
 * (ApiServlet.utf8Fixup).
 */
export function readParameters(request: ApiRequest): ReadonlyMap<string, string> {
  const isForm =
    request.method === 'POST' &&
    request.contentType.toLowerCase().includes('application/x-www-form-urlencoded');
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(isForm ? request.body : '')) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  for (const [name, value] of new URLSearchParams(request.query)) parameters.set(name, value);
  return parameters;
}

/** The value of a parameter whose name is compared without regard to case. */
export function parameterNamed(
  parameters: ReadonlyMap<string, string>,
  name: string,
): string | undefined {
  const exact = parameters.get(name);
  if (exact !== undefined) return exact;
  for (const [candidate, value] of parameters) {
    if (candidate.toLowerCase() === name.toLowerCase()) return value;
  }
  return undefined;
}

/** Lower-cases names and gathers `name[i].field` into maps (ParamUnpackWorker). */
export function unpackParameters(
  parameters: ReadonlyMap<string, string>,
): ReadonlyMap<string, RawParameter> {
  const unpacked = new Map<string, RawParameter>();
  for (const [name, value] of parameters) {
    if (name.lastIndexOf('[') <= 0) {
      unpacked.set(name.toLowerCase(), value);
      continue;
    }
    const [, base, index, field] = MAP_ENTRY.exec(name) ?? [];
    if (base === undefined || index === undefined || field === undefined) throw malformedMap(name);
    addField(unpacked, base.toLowerCase(), String(Number(index)), field, value);
  }
  return unpacked;
}

/** One pair of brackets around a number, then a dot and the field, which may hold more dots. */
const MAP_ENTRY = /^([^[\].]+)\[([+-]?\d+)\][^[\].]*\.([^[\]]*)$/;

function addField(
  unpacked: Map<string, RawParameter>,
  name: string,
  index: string,
  field: string,
  value: string,
): void {
  const known = unpacked.get(name);
  const groups = new Map(known === undefined || typeof known === 'string' ? [] : known);
  groups.set(index, new Map([...(groups.get(index) ?? []), [field, value]]));
  unpacked.set(name, groups);
}
