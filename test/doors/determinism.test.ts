// One seed and one list of requests: two runs give the same answers and the same event log, byte
// for byte; another seed gives other ids. Every such run leaves a world in which all invariants
// hold, and meets no mistake of the simulator itself.
import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { inProcess } from '../../simulator/doors/in-process.js';
import { eventLine } from '../../simulator/kernel/event-log.js';
import type { Simulator } from '../../simulator/simulator.js';
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import { assertProperty } from '../support/property.js';
import {
  intentions,
  prelude,
  requestFor,
  zoneForLogs,
  type Intention,
  type LoggedRequest,
} from '../support/request-log.js';

interface Run {
  readonly requests: LoggedRequest[];
  readonly replies: string[];
  readonly events: string;
}

function eventsOf(simulator: Simulator): string {
  return simulator.kernel.log.after(0).map(eventLine).join('');
}

/** Makes requests of intentions; the world is checked after each. */
function live(sequence: readonly Intention[]): Run {
  const { simulator, faults } = zoneForLogs();
  const send = inProcess(simulator);
  const requests: LoggedRequest[] = [];
  const ask = (request: LoggedRequest): string => {
    requests.push(request);
    const reply = send(request);
    const told = `${request.url}${request.body} -> ${reply.body}`;
    deepStrictEqual(faults.map(String), [], told);
    deepStrictEqual(checkInvariants(simulator.world), [], told);
    return JSON.stringify(reply);
  };
  const replies = prelude(simulator).map(ask);
  for (const intention of sequence) replies.push(ask(requestFor(simulator, intention)));
  return { requests, replies, events: eventsOf(simulator) };
}

function replay(requests: readonly LoggedRequest[], seed?: number): Omit<Run, 'requests'> {
  const { simulator } = zoneForLogs(seed);
  const send = inProcess(simulator);
  const replies = requests.map((request) => JSON.stringify(send(request)));
  return { replies, events: eventsOf(simulator) };
}

test('any sequence of requests gives the same replies and events again', async () => {
  await assertProperty(
    fc.property(intentions, (sequence) => {
      const { requests, replies, events } = live(sequence);
      const again = replay(requests);
      deepStrictEqual(again.replies, replies);
      strictEqual(again.events, events);
    }),
    150,
  );
});

test('after all that is under way has ended, the world is sound and stands still', async () => {
  await assertProperty(
    fc.property(intentions, (sequence) => {
      const { simulator, faults } = zoneForLogs();
      const send = inProcess(simulator);
      for (const request of prelude(simulator)) send(request);
      for (const intention of sequence) send(requestFor(simulator, intention));
      simulator.kernel.advanceUntilIdle();
      deepStrictEqual(faults.map(String), []);
      deepStrictEqual(checkInvariants(simulator.world), []);
      deepStrictEqual(
        simulator.world.jobs.all().filter((job) => job.state === 'pending'),
        [],
      );
    }),
    100,
  );
});

test('another seed gives other ids from the first event on', () => {
  const { simulator } = zoneForLogs(1);
  const other = zoneForLogs(2).simulator;
  notStrictEqual(eventsOf(simulator), eventsOf(other));
  expect(simulator.kernel.log.lastSeq).toBe(other.kernel.log.lastSeq);
});
