import type { BaseRow } from '../world/base-row.js';
import type { Table } from '../world/table.js';

/** Why something is as it is at this moment, before its history is told. */
export interface Explanation {
  /** What was asked about, with its name and its id. */
  readonly about: string;
  /** What holds it as it is, which setting decides so, and what ends it: a sentence each. */
  readonly because: readonly string[];
  /** The rows whose events led here. */
  readonly rowIds: readonly string[];
}

/** That there is nothing to explain: the message tells why, and what to ask for instead. */
export class NothingToExplain extends Error {
  override readonly name = 'NothingToExplain';
}

const WORDS: Readonly<Record<string, string>> = {
  virtualmachine: 'VM',
  nic: 'NIC',
  asyncjob: 'job',
};

/** What people call a kind of row. */
export function wordFor(entity: string): string {
  return WORDS[entity] ?? entity;
}

/** Which rows of a table a user can mean, where not all. */
export interface Meant<Row> {
  /** What people call one. */
  readonly word: string;
  readonly isMeant: (row: Row) => boolean;
}

/**
 * The rows that a user means: the one with this id, or those with this name, removed ones only where
 * no other is left. @throws NothingToExplain if there is none.
 */
export function rowsMeant<Row extends BaseRow & { readonly name: string }, Event extends string>(
  table: Table<Row, Event>,
  idOrName: string,
  { word, isMeant }: Meant<Row> = { word: wordFor(table.entity), isMeant: () => true },
): readonly Row[] {
  const byId = table.get(idOrName);
  if (byId !== undefined && isMeant(byId)) return [byId];
  const named = table.everyRow().filter((row) => row.name === idOrName && isMeant(row));
  if (named.length === 0) {
    throw new NothingToExplain(`there is and was no ${word} with the id or the name ${idOrName}`);
  }
  const live = named.filter(({ removedMs }) => removedMs === null);
  return live.length > 0 ? live : named.slice(-1);
}

/** World time as sentences tell it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
