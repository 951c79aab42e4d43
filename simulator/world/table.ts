import type { Json, JsonObject } from '../kernel/json.js';
import type { Kernel } from '../kernel/kernel.js';
import type { BaseRow } from './base-row.js';
import { Lookups, type Chosen, type LookupOptions, type WrongTotal } from './table-lookups.js';
import { UndeclaredTransition, nextState, type StateTable } from './state-table.js';

export type NewRow<Row extends BaseRow> = Omit<Row, keyof BaseRow> & Partial<BaseRow>;

export interface TableOptions<Row extends BaseRow> extends LookupOptions<Row> {
  readonly entity: string;
  readonly states?: StateTable<string, string>;
  /** Columns whose values never appear in the event log. */
  readonly secrets?: readonly (keyof Row & string)[];
}

/**
 * The rows of one kind of entity. Rows are plain data and read-only outside this class, so every
 * change passes through it and writes its line into the event log.
 */
export class Table<Row extends BaseRow, StateEvent extends string = never> {
  readonly entity: string;
  readonly #kernel: Kernel;
  readonly #options: TableOptions<Row>;
  readonly #rows = new Map<string, Row>();
  readonly #live = new Map<string, Row>();
  readonly #byInternalId = new Map<number, Row>();
  readonly #lookups: Lookups<Row>;

  constructor(kernel: Kernel, options: TableOptions<Row>) {
    this.entity = options.entity;
    this.#kernel = kernel;
    this.#options = options;
    this.#lookups = new Lookups(options.entity, options);
  }

  /** Adds a row; id, internal id and creation time are given to it unless it brings them. */
  insert(values: NewRow<Row>): Row {
    const row = {
      id: values.id ?? this.#kernel.ids.uuid(),
      internalId: values.internalId ?? this.#kernel.ids.next(this.entity),
      createdMs: values.createdMs ?? this.#kernel.nowMs,
      removedMs: null,
      ...values,
    } as unknown as Row;
    if (this.#rows.has(row.id)) throw new Error(`${this.entity} ${row.id} exists already`);
    const state = stateOf(row);
    const initial = this.#options.states?.initial;
    if (initial !== undefined && (state === null || !initial.includes(state))) {
      throw new Error(`a ${this.entity} cannot begin as ${state ?? 'nothing'}`);
    }
    this.#enter(row);
    this.#log(row, null, state ?? 'present', this.#loggable(row));
    return row;
  }

  /** Every row, the removed ones included, in the order of their creation. */
  everyRow(): Row[] {
    return [...this.#rows.values()];
  }

  /** Puts rows as another table of this kind had them into this empty one: nothing happens by it. */
  restore(rows: readonly Row[]): void {
    if (this.#rows.size > 0) throw new Error(`the table of ${this.entity} is not empty`);
    for (const row of rows) this.#enter(row);
  }

  /** The row with this id, removed or not. */
  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** The row with this id, which must exist. */
  require(id: string): Row {
    const row = this.#rows.get(id);
    if (row === undefined) throw new Error(`there is no ${this.entity} ${id}`);
    return row;
  }

  /** The row with this database id, removed or not. */
  withInternalId(internalId: number): Row | undefined {
    return this.#byInternalId.get(internalId);
  }

  /** All rows that are not removed, in the order of their creation. */
  all(): Row[] {
    return [...this.#live.values()];
  }

  /** How many rows are not removed. */
  get size(): number {
    return this.#live.size;
  }

  /** The row, not removed, that was entered first. */
  oldest(): Row | undefined {
    return this.#live.values().next().value;
  }

  /** All rows that are removed, in the order of their creation. */
  removed(): Row[] {
    return [...this.#rows.values()].filter((row) => row.removedMs !== null);
  }

  /** The rows, not removed, whose indexed column has this value, in the order of their creation. */
  where<Column extends keyof Row & string>(column: Column, value: Row[Column]): Row[] {
    return this.#lookups.where(column, value);
  }

  /** The same for each value that passes a test: few values are looked at instead of many rows. */
  whereAny<Column extends keyof Row & string>(
    column: Column,
    test: (value: Row[Column]) => boolean,
  ): Row[] {
    return this.#lookups.whereAny(column, test as (value: unknown) => boolean);
  }

  /** How many rows `where` would give. */
  count<Column extends keyof Row & string>(column: Column, value: Row[Column]): number {
    return this.#lookups.count(column, value);
  }

  /**
   * Rows among which are all that have these values in their indexed columns: as few as one index
   * tells, in the order of their creation. The caller looks at all that it asks for.
   */
  amongWhich(chosen: Chosen<Row>): Row[] {
    const column = this.#lookups.narrowest(chosen);
    return column === undefined
      ? this.all()
      : this.#lookups.where(column as string, chosen[column]);
  }

  /** One of the `totals` over the rows, not removed, with this value in a column. */
  total<Column extends keyof Row & string>(
    column: Column,
    value: Row[Column],
    name: string,
  ): number {
    return this.#lookups.total(column, value, name);
  }

  /** The names of those totals that are not 0. */
  totalNames<Column extends keyof Row & string>(column: Column, value: Row[Column]): string[] {
    return this.#lookups.totalNames(column, value);
  }

  /** Those totals that are not the sums of what the rows say. */
  wrongTotals(): WrongTotal[] {
    return this.#lookups.hasTotals ? this.#lookups.wrongTotals(this.all()) : [];
  }

  /** Changes columns other than `state`; a state changes by `move`. */
  change(row: Row, values: Partial<Omit<Row, keyof BaseRow | 'state'>>): void {
    const changed = Object.fromEntries(
      Object.entries(values).filter(([column, value]) => row[column as keyof Row] !== value),
    );
    if (Object.keys(changed).length === 0) return;
    this.#assign(row, changed as Partial<Row>);
    const state = stateOf(row);
    this.#log(row, state, state, this.#loggable(changed as Partial<Row>));
  }

  /** Takes a row to its next state; throws UndeclaredTransition if the table has none. */
  move(
    row: Row,
    event: StateEvent,
    values: Partial<Omit<Row, keyof BaseRow | 'state'>> = {},
  ): void {
    const from = stateOf(row);
    const states = this.#options.states;
    const to = states && from !== null ? nextState(states, from, event) : undefined;
    if (to === undefined) {
      throw new UndeclaredTransition(this.entity, row.id, from ?? 'without state', event);
    }
    this.#assign(row, { ...values, state: to } as unknown as Partial<Row>);
    this.#log(row, from, to, { event, ...this.#loggable(values as Partial<Row>) });
  }

  /** Whether `event` is possible in the row's present state. */
  allows(row: Row, event: StateEvent): boolean {
    const from = stateOf(row);
    const states = this.#options.states;
    return states !== undefined && from !== null && nextState(states, from, event) !== undefined;
  }

  /** Removes a row: it stays known by id, but is in no list any more. */
  remove(row: Row): void {
    if (row.removedMs !== null) throw new Error(`${this.entity} ${row.id} is removed already`);
    this.#lookups.remove(row);
    this.#live.delete(row.id);
    Object.assign(row, { removedMs: this.#kernel.nowMs });
    this.#log(row, stateOf(row) ?? 'present', 'removed', {});
  }

  /** Deletes a row altogether, as CloudStack purges jobs: nothing finds it any more. */
  purge(row: Row): void {
    if (row.removedMs === null) this.#lookups.remove(row);
    this.#live.delete(row.id);
    this.#rows.delete(row.id);
    this.#byInternalId.delete(row.internalId);
    this.#log(row, stateOf(row) ?? 'present', 'purged', {});
  }

  #assign(row: Row, values: Partial<Row>): void {
    const change = (): void => void Object.assign(row, values);
    if (row.removedMs === null) this.#lookups.update(row, Object.keys(values), change);
    else change();
  }

  #enter(row: Row): void {
    this.#rows.set(row.id, row);
    this.#byInternalId.set(row.internalId, row);
    if (row.removedMs !== null) return;
    this.#live.set(row.id, row);
    this.#lookups.add(row);
  }

  #loggable(values: Partial<Row>): JsonObject {
    const secrets: readonly string[] = this.#options.secrets ?? [];
    const data: Record<string, Json> = {};
    for (const [column, value] of Object.entries(values) as [string, Json | undefined][]) {
      if (value === undefined || HIDDEN_COLUMNS.has(column)) continue;
      data[column] = secrets.includes(column) && value !== null ? '(secret)' : value;
    }
    return data;
  }

  #log(row: Row, from: string | null, to: string | null, data: JsonObject): void {
    this.#kernel.log.append({
      time: this.#kernel.nowText,
      cause: this.#kernel.cause,
      entity: this.entity,
      id: row.id,
      from,
      to,
      data,
    });
  }
}

/** Told by the event itself. */
const HIDDEN_COLUMNS = new Set(['id', 'state', 'createdMs', 'removedMs']);

function stateOf(row: BaseRow): string | null {
  return 'state' in row && typeof row.state === 'string' ? row.state : null;
}

/** Whether a row is removed, or was never there. */
export function isGone(row: BaseRow | undefined): boolean {
  return row === undefined || row.removedMs !== null;
}
