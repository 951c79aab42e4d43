// The event log numbers what it is given, hands out what came after a number, tells its listeners,
// and keeps no more than the last 100,000 events in memory.
import { expect, test } from '@playwright/test';
import { EventLog, eventLine, type Event } from '../../../simulator/kernel/event-log.js';

const change: Omit<Event, 'seq'> = {
  time: '2026-01-01T00:00:00.000Z',
  cause: 'world',
  entity: 'volume',
  id: 'some-id',
  from: null,
  to: 'Allocated',
  data: { name: 'a' },
};

function logOf(count: number): EventLog {
  const log = new EventLog();
  for (let index = 0; index < count; index += 1) log.append(change);
  return log;
}

const numbersOf = (events: readonly Event[]): number[] => events.map((event) => event.seq);

test('events are numbered from 1, and those after a number are handed out', () => {
  const log = logOf(5);
  expect(numbersOf(log.after(0))).toEqual([1, 2, 3, 4, 5]);
  expect(numbersOf(log.after(3))).toEqual([4, 5]);
  expect(log.after(5)).toEqual([]);
  expect(log.after(99)).toEqual([]);
  expect(log.lastSeq).toBe(5);
  expect(new EventLog().after(0)).toEqual([]);
});

test('the last 100,000 stay in memory, also after the oldest are dropped', () => {
  for (const count of [100_000, 109_999, 110_000, 250_001]) {
    const kept = logOf(count).after(0);
    expect([kept.length, kept[0]?.seq, kept.at(-1)?.seq]).toEqual([100_000, count - 99_999, count]);
  }
});

test('it tells how many of those asked for are lost', () => {
  const log = logOf(100_010);
  expect([0, 4, 10, 11, 200_000].map((seq) => log.lostAfter(seq))).toEqual([10, 6, 0, 0, 0]);
  expect(logOf(5).lostAfter(0)).toBe(0);
  expect(new EventLog({ seq: 7, events: [{ seq: 7, ...change }] }).lostAfter(2)).toBe(4);
});

test('a log goes on from where another one stopped', () => {
  const log = logOf(3);
  const next = new EventLog(log.state);
  log.append(change);
  next.append(change);
  expect(next.after(0)).toEqual(log.after(0));
});

test('a listener is told of each event until it stops listening', () => {
  const log = new EventLog();
  const heard: number[] = [];
  log.append(change);
  const stop = log.subscribe((event) => heard.push(event.seq));
  log.append(change);
  log.append(change);
  stop();
  log.append(change);
  expect(heard).toEqual([2, 3]);
});

test('a line of an event file is one JSON document', () => {
  const line = eventLine({ seq: 1, ...change, data: { text: 'two\nlines' } });
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({ seq: 1, ...change, data: { text: 'two\nlines' } });
});
