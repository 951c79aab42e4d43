import { responseObject, type ResponseObject } from '../../declare/response.js';
import { invalidParameter } from '../../world/cloud-exception.js';

/** How much listAccounts and listDomains tell (ApiConstants.DomainDetails). */
export type DetailLevel = 'all' | 'min';

/** A row as a list shows it. */
export interface WithLevel<Row> {
  readonly row: Row;
  readonly level: DetailLevel;
}

const levels: readonly string[] = ['all', 'resource', 'min'];

/** `min` leaves out limits and totals; `resource` is the same as all. */
export function detailLevelOf(names: readonly string[] | undefined): DetailLevel {
  const wrong = names?.find((name) => !levels.includes(name));
  if (wrong !== undefined) {
    throw invalidParameter(
      'The details parameter contains a non permitted value. ' +
        `The allowed values are [${levels.join(', ')}]`,
    );
  }
  if (names === undefined || names.length === 0) return 'all';
  return names.some((name) => name !== 'min') ? 'all' : 'min';
}

/** A response whose rows say themselves how much of it they show. */
export function leveledResponse<Row>(
  full: ResponseObject<Row>,
  minimal: ResponseObject<Row>,
): ResponseObject<WithLevel<Row>> {
  return responseObject(
    full.name,
    Object.fromEntries(
      Object.entries(full.fields).map(([name, field]) => [
        name,
        {
          ...field,
          value: ({ row, level }, view) =>
            level === 'all' || Object.hasOwn(minimal.fields, name)
              ? field.value(row, view)
              : undefined,
        },
      ]),
    ),
  );
}
