/** What every row of the world has. Times are milliseconds of world time since 1970. */
export interface BaseRow {
  /** The id that the API shows. */
  readonly id: string;
  /** The database id, which some error texts show. */
  readonly internalId: number;
  readonly createdMs: number;
  /** When the row was removed: removed rows are still found by id, as in CloudStack's database. */
  readonly removedMs: number | null;
}
