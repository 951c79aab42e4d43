import { invalidParameter } from './cloud-exception.js';
import type { Chosen } from './table-lookups.js';
import type { BaseRow } from './base-row.js';
import type { Table } from './table.js';

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

/** What else can narrow a list down by an index. */
export interface Narrowing<Row> {
  /** Values that indexed columns must have; an undefined one does not matter. */
  readonly having?: Chosen<Row>;
  /** Rows among which are all that are asked for, where that is known from another table. */
  readonly among?: readonly Row[] | undefined;
  /** Whose rows are asked for, by the id of the owner. */
  readonly isOwned?: (accountId: string) => boolean;
}

interface OwnedRow extends BaseRow {
  readonly accountId: string;
}

/**
 * The rows that a list has to look at: those whose ids were given, without the removed ones, or
 * those that some index narrows it down to; in the order of their creation. Clients ask for
 * something particular nearly always, so that must not go through the whole world.
 */
export function rowsAskedFor<Row extends OwnedRow>(
  table: Pick<Table<Row>, 'all' | 'amongWhich' | 'whereAny'>,
  { id, ids = [] }: AskedFor<Row>,
  { having = {}, among, isOwned }: Narrowing<Row> = {},
): Row[] {
  if (id !== undefined || ids.length > 0) return inOrder(id === undefined ? ids : [id]);
  if (among !== undefined) return inOrder(among);
  const isNarrowed = Object.values(having).some((value) => value !== undefined);
  if (isNarrowed) return table.amongWhich(having);
  return isOwned === undefined ? table.all() : table.whereAny('accountId', isOwned);
}

/** Each of the rows once, without the removed ones, in the order of their creation. */
export function inOrder<Row extends BaseRow>(rows: readonly Row[]): Row[] {
  return [...new Set(rows)]
    .filter((row) => row.removedMs === null)
    .sort((a, b) => a.internalId - b.internalId);
}
