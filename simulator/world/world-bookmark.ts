import type { Kernel } from '../kernel/kernel.js';
import type { KernelState } from '../kernel/kernel-state.js';
import type { BaseRow } from './base-row.js';
import { Settings } from './settings/settings.js';
import { createWorld, type World } from './world.js';

/**
 * A world at one moment, for whoever wants to go back there in this process. What a snapshot writes
 * down and checks again is shared here, as far as it never changes: events, tasks, and what rows
 * hold. Only the rows themselves are copies.
 */
export interface WorldBookmark {
  readonly settings: Settings['changed'];
  readonly kernel: KernelState;
  /** The rows of each table, by the entity. */
  readonly tables: ReadonlyMap<string, readonly BaseRow[]>;
}

/** The world as it is at this moment. */
export function bookmarkOf({ kernel, settings, tables }: World): WorldBookmark {
  return {
    settings: { ...settings.changed },
    kernel: kernel.state,
    tables: new Map(tables.map((table) => [table.entity, copiesOf(table.everyRow())])),
  };
}

/** The world of a bookmark once more, on a kernel that was made of the same. */
export function worldAt(kernel: Kernel, { settings, tables }: WorldBookmark): World {
  const world = createWorld(kernel, new Settings(settings));
  for (const table of world.tables) table.restore(copiesOf(tables.get(table.entity) ?? []));
  return world;
}

function copiesOf(rows: readonly BaseRow[]): BaseRow[] {
  return rows.map((row) => ({ ...row }));
}
