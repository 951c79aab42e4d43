import type { Json, JsonObject } from '../kernel/json.js';
import type { World } from '../world/world.js';
import { isRootAdmin, type Caller } from './caller.js';

/** What a response is rendered for: the world, and who reads it. */
export interface View {
  readonly world: World;
  readonly caller: Caller;
}

export type FieldType =
  | 'string'
  | 'integer'
  | 'long'
  | 'boolean'
  | 'date'
  | 'list'
  | 'map'
  | 'list of maps'
  /** A response object of any kind under its own name, as in the result of a job. */
  | 'object';

/** One field of a response object; undefined and null leave it out. */
export interface Field<Row> {
  readonly type: FieldType;
  /** What a list consists of, where it consists of response objects. */
  readonly of?: ResponseObject<never>;
  readonly rootOnly?: boolean;
  readonly value: (row: Row, view: View) => Json | undefined;
}

/** A response object of the API: its key in answers, and its fields in their order. */
export interface ResponseObject<Row> {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field<Row>>>;
}

export function responseObject<Row>(
  name: string,
  fields: Readonly<Record<string, Field<Row>>>,
): ResponseObject<Row> {
  return { name, fields };
}

type Getter<Row, Value> = (row: Row, view: View) => Value | null | undefined;

export function stringField<Row>(value: Getter<Row, string>): Field<Row> {
  return { type: 'string', value };
}

export function integerField<Row>(value: Getter<Row, number>): Field<Row> {
  return { type: 'integer', value };
}

export function longField<Row>(value: Getter<Row, number>): Field<Row> {
  return { type: 'long', value };
}

export function booleanField<Row>(value: Getter<Row, boolean>): Field<Row> {
  return { type: 'boolean', value };
}

/** Milliseconds since 1970, rendered as CloudStack renders dates: `2021-10-04T09:24:38+0000`. */
export function dateField<Row>(valueMs: Getter<Row, number>): Field<Row> {
  return {
    type: 'date',
    value: (row, view) => {
      const ms = valueMs(row, view);
      return ms === null || ms === undefined ? undefined : dateText(ms);
    },
  };
}

/** A list of response objects of another kind, empty when there are none; undefined leaves it out. */
export function listField<Row, Item>(
  of: ResponseObject<Item>,
  values: (row: Row, view: View) => readonly Item[] | undefined,
): Field<Row> {
  return {
    type: 'list',
    of,
    value: (row, view) => values(row, view)?.map((item) => render(of, item, view)),
  };
}

/** A list of texts. */
export function textListField<Row>(
  values: (row: Row, view: View) => readonly string[] | undefined,
): Field<Row> {
  return { type: 'list', value: values };
}

/** A list that holds nothing, which CloudStack sends all the same. */
export function emptyListField<Row>(): Field<Row> {
  return { type: 'list', value: () => [] };
}

export function mapField<Row>(value: Getter<Row, JsonObject>): Field<Row> {
  return { type: 'map', value };
}

export function mapListField<Row>(value: Getter<Row, readonly JsonObject[]>): Field<Row> {
  return { type: 'list of maps', value };
}

export function objectField<Row>(value: Getter<Row, JsonObject>): Field<Row> {
  return { type: 'object', value };
}

/** A field that only root admins get. */
export function rootOnly<Row>(field: Field<Row>): Field<Row> {
  return { ...field, rootOnly: true };
}

/** A row as its response object shows it to a caller. */
export function render<Row>(response: ResponseObject<Row>, row: Row, view: View): JsonObject {
  const rendered: Record<string, Json> = {};
  for (const [name, field] of Object.entries(response.fields)) {
    if (field.rootOnly === true && !isRootAdmin(view.caller)) continue;
    const value = field.value(row, view);
    if (value !== undefined && value !== null) rendered[name] = value;
  }
  return rendered;
}

export function dateText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`;
}
