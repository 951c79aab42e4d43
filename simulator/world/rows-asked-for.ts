import { invalidParameter } from './cloud-exception.js';
import type { BaseRow, Table } from './table.js';

/** The ids with which a list command can be narrowed, resolved to rows; no ids at all count as none. */
interface AskedFor<Row> {
  readonly id?: Row | undefined;
  readonly ids?: readonly Row[] | undefined;
}

/** Throws for a list that is asked for one id and for several. */
export function assertIdOrIds({ id, ids = [] }: AskedFor<unknown>): void {
  if (id === undefined || ids.length === 0) return;
  throw invalidParameter('Specify either id or ids but not both parameters');
}

/**
 * The rows that a list has to look at: those whose ids were given, without the removed ones, or else
 * all. Clients ask by id for nearly everything, so that must not go through the whole world.
 */
export function rowsAskedFor<Row extends BaseRow>(
  table: Pick<Table<Row>, 'all'>,
  { id, ids = [] }: AskedFor<Row>,
): Row[] {
  if (id === undefined && ids.length === 0) return table.all();
  const asked = new Set(id === undefined ? ids : [id]);
  return [...asked]
    .filter((row) => row.removedMs === null)
    .sort((a, b) => a.internalId - b.internalId);
}
