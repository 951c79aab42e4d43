import type { Event } from '../kernel/event-log.js';
import type { Json } from '../kernel/json.js';
import type { World } from '../world/world.js';
import { wordFor } from './explanation.js';

/** One change that led to what is, and what made it happen. */
export interface HistoryStep {
  readonly seq: number;
  readonly time: string;
  readonly what: string;
  /** From the nearest cause to the request, task or control call that all began with. */
  readonly causes: readonly string[];
}

/** What happened to rows, oldest first, as far back as events are kept. */
export function historyOf(world: World, rowIds: readonly string[]): readonly HistoryStep[] {
  const ids = new Set(rowIds);
  const events = world.kernel.log.after(0);
  const beginnings = jobBeginnings(events);
  return events
    .filter(({ id }) => ids.has(id))
    .flatMap((event) => {
      const what = changeText(world, event);
      if (what === undefined) return [];
      const { seq, time, cause } = event;
      return [{ seq, time, what, causes: causesOf(cause, beginnings) }];
    });
}

/** What asked for each job, by the job's id. */
function jobBeginnings(events: readonly Event[]): ReadonlyMap<string, string> {
  return new Map(
    events
      .filter(({ entity, from }) => entity === 'asyncjob' && from === null)
      .filter(({ to }) => to !== null)
      .map(({ id, cause }) => [id, cause]),
  );
}

/** A job is not the last word: somebody asked for it. */
function causesOf(cause: string, beginnings: ReadonlyMap<string, string>): string[] {
  const jobId = /^job:(\S+)/.exec(cause)?.[1];
  const asked = jobId === undefined ? undefined : beginnings.get(jobId);
  return asked === undefined ? [cause] : [cause, asked];
}

/** Undefined for changes that nobody asks about, such as the time of another change. */
function changeText(world: World, { entity, id, from, to, data }: Event): string | undefined {
  const name = `${wordFor(entity)} ${nameOf(world, id) ?? id}`;
  if (from === null && to !== null) {
    const address = entity === 'nic' ? data['ipAddress'] : undefined;
    const having = typeof address === 'string' ? ` with address ${address}` : '';
    return `${name} comes${to === 'present' ? '' : ` as ${to}`}${having}`;
  }
  if (to === 'removed' || to === 'purged') return `${name} is ${to}`;
  const changed = Object.entries(data)
    .filter(([column]) => column !== 'event' && !column.endsWith('Ms'))
    .map(([column, value]) => `${column} ${valueText(world, value)}`);
  const columns = changed.length === 0 ? '' : `: ${changed.join(', ')}`;
  if (from !== to) return `${name} ${from} -> ${to}${columns}`;
  return changed.length === 0 ? undefined : `${name}${columns}`;
}

const LONGEST_VALUE = 60;

function valueText(world: World, value: Json | undefined): string {
  const name = typeof value === 'string' ? nameOf(world, value) : undefined;
  const text = name ?? (typeof value === 'string' ? value : JSON.stringify(value ?? null));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** What people call the row with this id. */
function nameOf(world: World, id: string): string | undefined {
  for (const table of world.tables) {
    const row = table.get(id);
    if (row === undefined) continue;
    if ('name' in row && typeof row.name === 'string') return row.name;
    // A NIC changes its address: what it is called must not.
    if (table.entity === 'nic') return undefined;
    if ('ipAddress' in row && typeof row.ipAddress === 'string') return row.ipAddress;
    return undefined;
  }
  return undefined;
}
