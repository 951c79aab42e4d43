// A table: what goes in is found by id and by index, changes only through the table, and each
// change leaves one line in the event log, without secrets.
import { deepStrictEqual, ok } from 'node:assert';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { Kernel } from '../../../simulator/kernel/kernel.js';
import { stateTable } from '../../../simulator/world/state-table.js';
import type { BaseRow } from '../../../simulator/world/base-row.js';
import { Table } from '../../../simulator/world/table.js';
import { assertProperty } from '../../support/property.js';

interface LampRow extends BaseRow {
  readonly name: string;
  readonly room: string | null;
  readonly password: string | null;
  readonly watts: number;
  readonly state: 'Off' | 'On';
}

const lampStates = stateTable<'Off' | 'On', 'Switch'>({
  entity: 'lamp',
  initial: ['Off'],
  transitions: [['Off', 'Switch', 'On']],
});

function situation(): { kernel: Kernel; lamps: Table<LampRow, 'Switch'> } {
  const kernel = new Kernel({
    seed: 1,
    startMs: Date.parse('2026-01-01T00:00:00Z'),
    mode: { kind: 'manual' },
    hostNowMs: () => 0,
  });
  const lamps = new Table<LampRow, 'Switch'>(kernel, {
    entity: 'lamp',
    states: lampStates,
    indexes: ['room'],
    secrets: ['password'],
    nameIndexes: ['name'],
    totals: [
      {
        by: 'room',
        of: ({ state, watts }) => (state === 'On' ? { lit: 1, watts } : { dark: 1 }),
      },
    ],
  });
  return { kernel, lamps };
}

const lamp = { name: 'a', room: 'hall', password: 'hunter2', watts: 5, state: 'Off' } as const;

test('a new row gets an id, a database id and its time, and begins in an initial state', () => {
  const { kernel, lamps } = situation();
  kernel.advanceBy(1_000);
  const row = lamps.insert(lamp);
  expect(row).toMatchObject({ ...lamp, internalId: 1, createdMs: kernel.nowMs, removedMs: null });
  expect(lamps.insert(lamp).internalId).toBe(2);
  expect(() => lamps.insert({ ...lamp, state: 'On' })).toThrow('a lamp cannot begin as On');
  expect(() => lamps.insert({ ...lamp, id: row.id })).toThrow(`lamp ${row.id} exists already`);
  expect(lamps.all()).toHaveLength(2);
});

test('each change leaves a line: who, what, from, to, why, when', () => {
  const { kernel, lamps } = situation();
  const row = kernel.because('request:1 createLamp', () => lamps.insert(lamp));
  kernel.advanceBy(500);
  lamps.change(row, { name: 'b' });
  lamps.move(row, 'Switch', { room: 'kitchen' });
  lamps.remove(row);
  const line = { entity: 'lamp', id: row.id };
  expect(kernel.log.after(0)).toEqual([
    {
      ...line,
      seq: 1,
      time: '2026-01-01T00:00:00.000Z',
      cause: 'request:1 createLamp',
      from: null,
      to: 'Off',
      data: { internalId: 1, name: 'a', room: 'hall', password: '(secret)', watts: 5 },
    },
    {
      ...line,
      seq: 2,
      time: '2026-01-01T00:00:00.500Z',
      cause: 'world',
      from: 'Off',
      to: 'Off',
      data: { name: 'b' },
    },
    {
      ...line,
      seq: 3,
      time: '2026-01-01T00:00:00.500Z',
      cause: 'world',
      from: 'Off',
      to: 'On',
      data: { event: 'Switch', room: 'kitchen' },
    },
    {
      ...line,
      seq: 4,
      time: '2026-01-01T00:00:00.500Z',
      cause: 'world',
      from: 'On',
      to: 'removed',
      data: {},
    },
  ]);
});

test('a change that changes nothing leaves no line', () => {
  const { kernel, lamps } = situation();
  const row = lamps.insert(lamp);
  lamps.change(row, { name: 'a', room: 'hall' });
  expect(kernel.log.lastSeq).toBe(1);
});

test('a secret never reaches the log; that there is none is told', () => {
  const { kernel, lamps } = situation();
  const row = lamps.insert(lamp);
  lamps.change(row, { password: 'correct horse' });
  lamps.change(row, { password: null });
  const log = JSON.stringify(kernel.log.after(0));
  expect(log).not.toContain('hunter2');
  expect(log).not.toContain('correct horse');
  expect(kernel.log.after(2)[0]?.data).toEqual({ password: null });
});

test('an event without a transition is refused, names all three, and changes nothing', () => {
  const { kernel, lamps } = situation();
  const row = lamps.insert(lamp);
  lamps.move(row, 'Switch');
  const before = kernel.log.lastSeq;
  expect(lamps.allows(row, 'Switch')).toBe(false);
  expect(() => lamps.move(row, 'Switch', { name: 'z' })).toThrow(
    `lamp ${row.id} is On: Switch has no transition from there`,
  );
  expect([row.state, row.name, kernel.log.lastSeq]).toEqual(['On', 'a', before]);
});

test('a removed row is found by its ids and in no list', () => {
  const { lamps } = situation();
  const row = lamps.insert(lamp);
  lamps.remove(row);
  expect(lamps.get(row.id)).toBe(row);
  expect(lamps.require(row.id)).toBe(row);
  expect(lamps.withInternalId(row.internalId)).toBe(row);
  expect(lamps.all()).toEqual([]);
  expect(lamps.where('room', 'hall')).toEqual([]);
  expect(() => lamps.remove(row)).toThrow('is removed already');
});

test('a purged row is found nowhere', () => {
  const { kernel, lamps } = situation();
  const row = lamps.insert(lamp);
  lamps.purge(row);
  expect(lamps.get(row.id)).toBeUndefined();
  expect(lamps.withInternalId(row.internalId)).toBeUndefined();
  expect(lamps.where('room', 'hall')).toEqual([]);
  expect(kernel.log.after(1)[0]?.to).toBe('purged');
});

test('what must exist and does not is an error', () => {
  const { lamps } = situation();
  expect(lamps.get('nothing')).toBeUndefined();
  expect(() => lamps.require('nothing')).toThrow('there is no lamp nothing');
  expect(() => lamps.where('watts', 5)).toThrow('lamp has no index on watts');
});

test('names are looked up without regard to case', () => {
  const { lamps } = situation();
  const row = lamps.insert({ ...lamp, name: 'Desk' });
  expect(lamps.where('name', 'dESK')).toEqual([row]);
  lamps.change(row, { name: 'Floor' });
  expect(lamps.where('name', 'desk')).toEqual([]);
  expect(lamps.where('name', 'FLOOR')).toEqual([row]);
  expect(lamps.amongWhich({})).toEqual([row]);
});

test('indexes and totals answer as looking through all rows would, after any changes', async () => {
  const rooms = [null, 'hall', 'kitchen', 'attic'];
  const change = fc.tuple(
    fc.constantFrom('insert', 'change', 'remove', 'purge', 'switch'),
    fc.nat(20),
    fc.constantFrom(...rooms),
  );
  await assertProperty(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const { lamps } = situation();
      for (const [kind, which, room] of changes) {
        const row = lamps.all()[which];
        if (kind === 'insert') lamps.insert({ ...lamp, room, name: which % 2 === 0 ? 'a' : 'b' });
        else if (row === undefined) continue;
        else if (kind === 'change') lamps.change(row, { room, watts: which });
        else if (kind === 'switch' && lamps.allows(row, 'Switch')) lamps.move(row, 'Switch');
        else if (kind === 'remove') lamps.remove(row);
        else if (kind === 'purge') lamps.purge(row);
      }
      for (const room of rooms) {
        const inRoom = lamps.all().filter((row) => row.room === room);
        deepStrictEqual(lamps.where('room', room), inRoom);
        deepStrictEqual(lamps.count('room', room), inRoom.length);
        const named = inRoom.filter((row) => row.name === 'b');
        const among = lamps.amongWhich({ room, name: 'B', watts: undefined });
        deepStrictEqual(
          among.filter((row) => named.includes(row)),
          named,
        );
        ok(among.length <= Math.min(inRoom.length, lamps.count('name', 'b')));
        const lit = inRoom.filter((row) => row.state === 'On');
        deepStrictEqual(
          [
            lamps.total('room', room, 'lit'),
            lamps.total('room', room, 'watts'),
            lamps.total('room', room, 'dark'),
          ],
          [lit.length, lit.reduce((sum, row) => sum + row.watts, 0), inRoom.length - lit.length],
        );
      }
    }),
    200,
  );
});
