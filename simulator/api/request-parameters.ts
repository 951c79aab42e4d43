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
  const unpacked = new Map<string, string | Groups>();
  for (const [name, value] of parameters) {
    if (name.lastIndexOf('[') <= 0) {
      unpacked.set(name.toLowerCase(), value);
      continue;
    }
    const [, base, index, field] = MAP_ENTRY.exec(name) ?? [];
    if (base === undefined || index === undefined || field === undefined) throw malformedMap(name);
    const group = groupOf(unpacked, base.toLowerCase(), String(Number(index)));
    group.set(field, value);
  }
  return unpacked;
}

/** One pair of brackets around a number, then a dot and the field, which may hold more dots. */
const MAP_ENTRY = /^([^[\].]+)\[([+-]?\d+)\][^[\].]*\.([^[\]]*)$/;

/** The fields of a map parameter, by the number in its brackets. */
type Groups = Map<string, Map<string, string>>;

/** The group of this number, which is added where it is missing; a map takes a plain value's place. */
function groupOf(
  unpacked: Map<string, string | Groups>,
  name: string,
  index: string,
): Map<string, string> {
  const known = unpacked.get(name);
  const isNew = known === undefined || typeof known === 'string';
  const groups: Groups = isNew ? new Map<string, Map<string, string>>() : known;
  const group = groups.get(index) ?? new Map<string, string>();
  groups.set(index, group);
  unpacked.set(name, groups);
  return group;
}
