import type { BaseRow } from './base-row.js';

export interface LookupOptions<Row extends BaseRow> {
  /** Columns by which rows are looked up often. */
  readonly indexes?: readonly (keyof Row & string)[];
  /** Columns with names, which are looked up often and compare without regard to case. */
  readonly nameIndexes?: readonly (keyof Row & string)[];
  /**
   * Sums over the rows that have the same value in the column `by`: for what would take too long to
   * add up row by row.
   */
  readonly totals?: readonly {
    readonly by: keyof Row & string;
    readonly of: (row: Row) => Readonly<Partial<Record<string, number>>>;
  }[];
}

/** A total that its rows contradict. */
export interface WrongTotal {
  readonly column: string;
  readonly value: string;
  readonly name: string;
  readonly kept: number;
  readonly sum: number;
}

/** Values of columns that have an index; an undefined one does not matter. */
export type Chosen<Row> = { readonly [Column in keyof Row]?: Row[Column] | undefined };

/** What a table knows about its rows, those that are not removed, without going through them. */
export class Lookups<Row extends BaseRow> {
  readonly #entity: string;
  readonly #options: LookupOptions<Row>;
  readonly #buckets = new Map<string, Map<unknown, Map<string, Row>>>();
  readonly #sums = new Map<string, Map<unknown, Map<string, number>>>();
  readonly #names: ReadonlySet<string>;

  constructor(entity: string, options: LookupOptions<Row>) {
    this.#entity = entity;
    this.#options = options;
    this.#names = new Set(options.nameIndexes);
    for (const column of [...(options.indexes ?? []), ...this.#names]) {
      this.#buckets.set(column, new Map());
    }
    for (const { by } of options.totals ?? []) this.#sums.set(by, new Map());
  }

  add(row: Row): void {
    for (const column of this.#buckets.keys()) this.#file(row, column);
    this.#sumUp(row, 1);
  }

  remove(row: Row): void {
    this.#sumUp(row, -1);
    for (const column of this.#buckets.keys()) this.#unfile(row, column);
  }

  /** Has `change` change these columns of a row that is in here. */
  update(row: Row, columns: readonly string[], change: () => void): void {
    const filed = columns.filter((column) => this.#buckets.has(column));
    this.#sumUp(row, -1);
    for (const column of filed) this.#unfile(row, column);
    change();
    for (const column of filed) this.#file(row, column);
    this.#sumUp(row, 1);
  }

  /** The rows with this value in a column, in the order of their creation. */
  where(column: string, value: unknown): Row[] {
    const rows = [...(this.#bucket(column, value)?.values() ?? [])];
    return rows.sort((a, b) => a.internalId - b.internalId);
  }

  /** The rows whose value in a column passes a test, in the order of their creation. */
  whereAny(column: string, test: (value: unknown) => boolean): Row[] {
    const buckets = [...this.#column(column)].filter(([value]) => test(value));
    const rows = buckets.flatMap(([, bucket]) => [...bucket.values()]);
    return rows.sort((a, b) => a.internalId - b.internalId);
  }

  /** How many rows have this value in a column. */
  count(column: string, value: unknown): number {
    return this.#bucket(column, value)?.size ?? 0;
  }

  /** The column, of those whose value matters, that the fewest rows have; undefined if none does. */
  narrowest(chosen: Chosen<Row>): keyof Row | undefined {
    const columns = (Object.keys(chosen) as (keyof Row & string)[]).filter(
      (column) => chosen[column] !== undefined,
    );
    const counted = columns.map((column) => ({ column, rows: this.count(column, chosen[column]) }));
    return counted.sort((a, b) => a.rows - b.rows)[0]?.column;
  }

  /** One of the totals over the rows with this value in a column. */
  total(column: string, value: unknown, name: string): number {
    return this.#sums.get(column)?.get(value)?.get(name) ?? 0;
  }

  /** The names of the totals over the rows with this value in a column that are not 0. */
  totalNames(column: string, value: unknown): string[] {
    return [...(this.#sums.get(column)?.get(value)?.keys() ?? [])];
  }

  get hasTotals(): boolean {
    return this.#sums.size > 0;
  }

  /** Each total that is not what going through these rows gives. */
  wrongTotals(rows: readonly Row[]): WrongTotal[] {
    return (this.#options.totals ?? []).flatMap(({ by, of }) => {
      const summed = new Map<unknown, Map<string, number>>();
      for (const row of rows) {
        for (const [name, amount = 0] of Object.entries(of(row))) {
          const totals = summed.get(row[by]) ?? new Map<string, number>();
          summed.set(row[by], totals.set(name, (totals.get(name) ?? 0) + amount));
        }
      }
      const values = new Set([...summed.keys(), ...(this.#sums.get(by)?.keys() ?? [])]);
      return [...values].flatMap((value) => {
        const names = [...(summed.get(value)?.keys() ?? []), ...this.totalNames(by, value)];
        return [...new Set(names)]
          .map((name) => ({
            column: by,
            value: String(value),
            name,
            kept: this.total(by, value, name),
            sum: summed.get(value)?.get(name) ?? 0,
          }))
          .filter(({ kept, sum }) => kept !== sum);
      });
    });
  }

  #file(row: Row, column: string): void {
    const buckets = this.#buckets.get(column);
    const key = this.#keyOf(column, row[column as keyof Row]);
    const bucket = buckets?.get(key);
    if (bucket === undefined) buckets?.set(key, new Map([[row.id, row]]));
    else bucket.set(row.id, row);
  }

  #unfile(row: Row, column: string): void {
    const buckets = this.#buckets.get(column);
    const key = this.#keyOf(column, row[column as keyof Row]);
    const bucket = buckets?.get(key);
    bucket?.delete(row.id);
    if (bucket?.size === 0) buckets?.delete(key);
  }

  #bucket(column: string, value: unknown): ReadonlyMap<string, Row> | undefined {
    return this.#column(column).get(this.#keyOf(column, value));
  }

  #column(column: string): ReadonlyMap<unknown, ReadonlyMap<string, Row>> {
    const buckets = this.#buckets.get(column);
    if (buckets !== undefined) return buckets;
    throw new Error(`${this.#entity} has no index on ${column}`);
  }

  #keyOf(column: string, value: unknown): unknown {
    return typeof value === 'string' && this.#names.has(column) ? value.toLowerCase() : value;
  }

  #sumUp(row: Row, sign: 1 | -1): void {
    for (const { by, of } of this.#options.totals ?? []) {
      const sums = this.#sums.get(by);
      const totals = sums?.get(row[by]) ?? new Map<string, number>();
      sums?.set(row[by], totals);
      for (const [name, amount = 0] of Object.entries(of(row))) {
        const total = (totals.get(name) ?? 0) + sign * amount;
        if (total === 0) totals.delete(name);
        else totals.set(name, total);
      }
    }
  }
}
