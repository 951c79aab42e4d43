// A saved world of which a row lacks a column, or holds in one what it cannot, is refused, whether
// anything reads that column or not: table, id and column are named, and no value is told. Tried
// with each column of each table.
import { deepStrictEqual } from 'node:assert';
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { createSimulator } from '../../../../simulator/simulator.js';
import type { BaseRow } from '../../../../simulator/world/base-row.js';
import { rowShapes } from '../../../../simulator/world/rows/row-shapes.js';
import { isUnion, wrongInShape, type Shape } from '../../../../simulator/world/rows/shape.js';
import { wrongRows } from '../../../../simulator/world/rows/wrong-rows.js';
import type { Tables } from '../../../../simulator/world/world.js';
import type { WorldSnapshot } from '../../../../simulator/world/world-snapshot.js';
import { crampedZone } from '../../../support/fuzz-commands.js';
import { populate } from '../../../support/fuzz-zone.js';
import { testSimulator } from '../../../support/simulator-client.js';

const zone = testSimulator({ world: crampedZone });
populate(zone);
const { simulator } = zone;
const { world } = simulator;
const names = Object.keys(rowShapes) as (keyof Tables)[];

/** Any value of a shape. */
function valueOf(shape: Shape): unknown {
  if (typeof shape === 'string') {
    return { string: 'x', number: 1, boolean: true, null: null, json: {} }[shape];
  }
  if (isUnion(shape)) return valueOf(shape[0]!);
  if ('columns' in shape) {
    return Object.fromEntries(
      Object.entries(shape.columns).map(([name, one]) => [name, valueOf(one)]),
    );
  }
  if ('is' in shape) return shape.is[0];
  return 'list' in shape ? [valueOf(shape.list)] : { x: valueOf(shape.map) };
}

function columnsOf(name: keyof Tables): readonly string[] {
  const shape = rowShapes[name];
  return typeof shape === 'object' && 'columns' in shape ? Object.keys(shape.columns) : [];
}

/** A row of the table; where this world has none, one that may be. */
function rowOf(name: keyof Tables): Record<string, unknown> & { id: string } {
  const row = world[name].everyRow()[0] ?? { ...(valueOf(rowShapes[name]) as object), id: 'x' };
  return JSON.parse(JSON.stringify(row)) as Record<string, unknown> & { id: string };
}

function wrongIn(name: keyof Tables, row: object): readonly string[] {
  return wrongRows(world, { [world[name].entity]: [row as BaseRow] });
}

for (const name of names) {
  test(`${name}: each column must be there, and hold what it can`, () => {
    const row = rowOf(name);
    const what = `${world[name].entity} ${row.id}: `;
    deepStrictEqual(wrongIn(name, row), []);
    deepStrictEqual(wrongIn(name, { ...row, x: 1 }), [`${what}x is no column`]);
    const columns = columnsOf(name).filter((column) => column !== 'id');
    expect(columns.length).toBeGreaterThan(2);
    for (const column of columns) {
      const rest = Object.fromEntries(Object.entries(row).filter(([name]) => name !== column));
      deepStrictEqual(wrongIn(name, rest), [`${what}${column} is missing`]);
      const strange = [[[]], { strange: { x: {} } }].map((value) => ({ ...row, [column]: value }));
      const wrong = strange.flatMap((one) => wrongIn(name, one));
      expect(wrong.length, column).toBeGreaterThan(0);
      for (const line of wrong) expect(line).toContain(`${what}${column}`);
    }
  });
}

test('rows of most tables are looked at as a world has them', () => {
  const empty = names.filter((name) => world[name].everyRow().length === 0);
  expect(empty.length).toBeLessThan(names.length / 2);
});

/** Of each table one row is another, with a checksum that fits. */
function edited(name: keyof Tables, change: (row: object) => object): WorldSnapshot {
  const saved = simulator.save();
  const { entity } = world[name];
  const [first, ...others] = saved.content.tables[entity]!;
  const tables = { ...saved.content.tables, [entity]: [change(first!), ...others] };
  const content = { ...saved.content, tables: tables as typeof saved.content.tables };
  const sha256 = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return { ...saved, sha256, content };
}

test('the world that is to be loaded says which, and the one that was there stays', () => {
  const loaded = createSimulator();
  const before = loaded.save().sha256;
  const user = world.users.all()[0]!;
  const load = (change: (row: object) => object) => (): void => {
    loaded.load(edited('users', change), 'saved.json');
  };
  const told = `saved.json cannot be loaded: it was edited: user ${user.id}: `;
  expect(load(({ ...row }: { timezone?: string }) => (delete row.timezone, row))).toThrow(
    `${told}timezone is missing`,
  );
  expect(load((row) => ({ ...row, createdMs: 'yesterday' }))).toThrow(`${told}createdMs is a text`);
  expect(load((row) => ({ ...row, secretKey: ['s3cret'] }))).toThrow(`${told}secretKey is a list`);
  expect(loaded.save().sha256).toBe(before);
  loaded.load(edited('users', (row) => row));
  expect(loaded.world.users.get(user.id)).toEqual(user);
});

for (const [shape, value, wrong] of [
  ['string', 'x', undefined],
  ['string', 1, 'c is a number'],
  ['json', [{}], undefined],
  [['string', 'null'], null, undefined],
  [['string', 'null'], true, 'c is true or false'],
  [{ is: ['a', 'b'] }, 'b', undefined],
  [{ is: ['a', 'b'] }, 'c', 'c is none of a, b'],
  [{ list: 'number' }, [1, 2], undefined],
  [{ list: 'number' }, [1, '2'], 'c[1] is a text'],
  [{ list: 'number' }, {}, 'c is an object'],
  [{ map: 'number' }, { x: 1 }, undefined],
  [{ map: 'number' }, { x: null }, 'c.x is null'],
  [{ map: 'number' }, [], 'c is a list'],
  [{ columns: { a: { columns: { b: 'null' } } } }, { a: { b: null } }, undefined],
  [{ columns: { a: { columns: { b: 'null' } } } }, { a: {} }, 'c.a.b is missing'],
  [{ columns: { a: 'null' } }, { a: null, b: 1 }, 'c.b is no column'],
  [{ columns: { a: 'null' } }, null, 'c is null'],
] as const) {
  test(`${JSON.stringify(value)} as ${JSON.stringify(shape)}: ${wrong ?? 'fits'}`, () => {
    expect(wrongInShape(shape, value, 'c')).toBe(wrong);
  });
}
