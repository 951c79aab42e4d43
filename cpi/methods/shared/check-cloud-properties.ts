import { checkProperties } from '../../config/check.js';
import { unknownKey } from '../../config/nearest-name.js';
import type { ValuesOf } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { JsonObject } from '../../protocol/json-value.js';
import type { Call } from '../call/call.js';

interface CheckedProperties<Table> {
  /** Complete and right only if there is no problem. */
  readonly values: ValuesOf<Table>;
  /** A sentence that names every one, without a full stop. */
  readonly problem: string | undefined;
  /** Lines for the log about keys that have no effect. */
  readonly ignored: readonly string[];
}

/** Holds cloud_properties of `owner` against their table. */
export function checkCloudProperties<Table extends object>(
  { configuration }: Call,
  table: Table,
  given: JsonObject,
  owner: string,
): CheckedProperties<Table> {
  const { values, problems, unknown } = checkProperties(table, given);
  const { strict_properties: isStrict } = configuration.cloudstack;
  const fate = isStrict ? 'refused' : 'ignored';
  const strangers = unknown.map((key) => unknownKey(key, Object.keys(table), fate));
  const all = isStrict ? [...problems, ...strangers] : problems;
  return {
    values,
    problem:
      all.length === 0 ? undefined : `Invalid cloud_properties of ${owner}: ${all.join('; ')}`,
    ignored: isStrict ? [] : strangers.map((stranger) => `warning: ${owner}: ${stranger}`),
  };
}

/** A table, what was given for it, and whose it is. */
export type OwnedProperties = readonly [table: object, given: JsonObject, owner: string];

/**
 * Checks what is read one after the other before the first is, so that one error tells of all.
 *
 * @throws BoshError of type CpiError that names every problem.
 */
export function assertAllRight(call: Call, all: readonly OwnedProperties[]): void {
  const checked = all.map((one) => checkCloudProperties(call, ...one));
  const problems = checked.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  if (problems.length === 0) return;
  checked.flatMap(({ ignored }) => ignored).forEach((line) => call.log(line));
  throw new BoshError('CpiError', problems.join('. '));
}
