import type { BaseRow } from '../base-row.js';
import type { Tables, World } from '../world.js';
import { rowShapes } from './row-shapes.js';
import { wrongInShape } from './shape.js';

/** So many are told; who edits a world mends them one after the other. */
const MOST_TOLD = 5;

/**
 * What is wrong with rows by the entities of their tables, whatever reads them later: a column that
 * a row lacks, has too many, or that holds what it cannot. `zone 0f1e…: dns1 is missing`.
 */
export function wrongRows(
  world: World,
  rows: Readonly<Record<string, readonly BaseRow[]>>,
): readonly string[] {
  const wrong: string[] = [];
  for (const name of Object.keys(rowShapes) as (keyof Tables)[]) {
    const { entity } = world[name];
    for (const row of rows[entity] ?? []) {
      const problem = wrongInShape(rowShapes[name], row);
      if (problem !== undefined) wrong.push(`${entity} ${row.id}: ${problem}`);
      if (wrong.length === MOST_TOLD) return wrong;
    }
  }
  return wrong;
}
