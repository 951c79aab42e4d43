import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../../kernel/event-log.js';
import type { Json } from '../../kernel/json.js';
import type { BaseRow } from '../base-row.js';
import type { World } from '../world.js';

/**
 * Whether the events lead to the rows: nothing changes without one, none contradicts the one before
 * it, no id returns, no job ends twice. Where the oldest events are no longer in memory, as much as
 * the others tell. Each violation is a sentence; an empty list is a log that tells the truth.
 */
export function checkEventLog(world: World): string[] {
  const { log } = world.kernel;
  const events = log.after(0);
  const isComplete = events.length === log.lastSeq;
  const { told, contradictions } = retell(events);
  return [
    ...contradictions,
    ...world.tables.flatMap((table) =>
      table.everyRow().flatMap((row) => {
        const name = `${table.entity} ${row.id}`;
        const story = told.get(name);
        if (story !== undefined) return differences(name, row, story, isComplete);
        return isComplete ? [`${name} came without an event`] : [];
      }),
    ),
  ];
}

/** What the events say about one row. */
interface Story {
  readonly columns: Map<string, Json>;
  state: string | null;
  end: 'removed' | 'purged' | null;
}

function retell(events: readonly Event[]): {
  readonly told: ReadonlyMap<string, Story>;
  readonly contradictions: readonly string[];
} {
  const told = new Map<string, Story>();
  const contradictions: string[] = [];
  for (const event of events) {
    const key = `${event.entity} ${event.id}`;
    const before = told.get(key);
    contradictions.push(...contradictionsOf(event, before));
    told.set(key, continued(before, event));
  }
  return { told, contradictions };
}

function continued(before: Story | undefined, { from, to, data }: Event): Story {
  const isBeginning = before === undefined || (from === null && to !== null);
  const story: Story = isBeginning ? { columns: new Map(), state: null, end: null } : before;
  if (to === 'removed' || to === 'purged') story.end = to;
  else if (to !== null) story.state = to;
  for (const [column, value] of Object.entries(data)) {
    if (value !== undefined) story.columns.set(column, value);
  }
  return story;
}

function contradictionsOf(event: Event, before: Story | undefined): string[] {
  if (before === undefined) return [];
  const { seq, entity, id, from, to, data } = event;
  const told = (problem: string): string[] => [`event ${seq}: ${entity} ${id} ${problem}`];
  if (from === null && to !== null) {
    // The rules of a fault plan are called as its author likes.
    return entity === 'faultrule' && before.end === 'purged' ? [] : told('comes a second time');
  }
  if (before.end === 'purged') return told('changes after its end');
  // Of a row without states only its beginning tells one, and that may be no longer in memory.
  if (from !== null && before.state !== null && from !== before.state) {
    return told(`was ${before.state} and changes from ${from}`);
  }
  if (entity !== 'asyncjob' || !('status' in data)) return [];
  return before.columns.get('status') === 'pending' ? [] : told('ends a second time');
}

function differences(
  name: string,
  row: BaseRow,
  { columns, state, end }: Story,
  isComplete: boolean,
): string[] {
  const told = (problem: string): string => `${name} ${problem} without an event`;
  const isRemoved = row.removedMs !== null;
  return [
    ...(end === 'purged' ? [told('came back')] : []),
    ...(isRemoved === (end === 'removed') ? [] : [told(isRemoved ? 'was removed' : 'came back')]),
    ...Object.entries(row as object as Readonly<Record<string, Json | undefined>>)
      .filter(([column, value]) => !TOLD_OTHERWISE.has(column) && value !== undefined)
      .filter(([column, value]) => {
        const last = column === 'state' ? state : columns.get(column);
        if (last === undefined) return isComplete;
        return last !== SECRET && !isDeepStrictEqual(last, value);
      })
      .map(([column]) => told(`changed its ${column}`)),
  ];
}

/** An event tells these by what it is. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['id', 'createdMs', 'removedMs']);

/** What stands in an event for a value that is nobody's business. */
const SECRET = '(secret)';
