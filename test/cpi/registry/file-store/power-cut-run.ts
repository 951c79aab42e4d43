// One life of a file store that ends in a power cut at any operation, and the look at what is left.
import { openFileStore } from '../../../../cpi/registry/file-store/file-store.js';
import { compact } from '../../../../cpi/registry/file-store/compaction.js';
import type { Sqlite } from '../../../../cpi/registry/file-store/settings-table.js';
import type { SettingsStore } from '../../../../cpi/registry/settings-store.js';
import { powerCutFiles, type Draw, type PowerCutFiles } from './power-cut-files.js';

const name = 'registry.sqlite';

/** What an instance may have when the power is back: what was acknowledged, or asked for since. */
type Possible = Map<string, (string | undefined)[]>;

export interface PowerCutResult {
  readonly cuts: number;
  readonly acknowledged: number;
  /** What contradicts the promise; empty if nothing does. */
  readonly problems: readonly string[];
}

/** Several lives of one store, each ended by a power cut or, now and then, by a kill. */
export async function livesWithPowerCuts(sqlite: Sqlite, draw: Draw): Promise<PowerCutResult> {
  let files = powerCutFiles();
  let possible: Possible = new Map();
  const problems: string[] = [];
  let acknowledged = 0;
  const cuts = 1 + draw(4);
  for (let life = 0; life < cuts; life += 1) {
    const store = await openedOrTold(files, sqlite, problems);
    if (store === undefined) break;
    possible = await compared(store, possible, problems);
    files.cutAt(files.operations + 1 + draw(60));
    acknowledged += await work(store, possible, draw);
    if (!files.isCut) problems.push('a change never ended although the power was there');
    // What the next process reads is not on the disk for that.
    files = draw(3) === 0 ? files.afterKill() : files.afterCut(draw);
  }
  const store = await openedOrTold(files, sqlite, problems);
  if (store !== undefined) {
    await compared(store, possible, problems);
    await store.close();
  }
  return { cuts, acknowledged, problems };
}

async function openedOrTold(
  files: PowerCutFiles,
  sqlite: Sqlite,
  problems: string[],
): Promise<SettingsStore | undefined> {
  try {
    return await openFileStore({
      files,
      name,
      sqlite,
      compact: (firstJournal) => compact(files, name, sqlite, firstJournal),
      journalBytesMax: 400,
      log: () => undefined,
    });
  } catch (failure) {
    problems.push(`it does not start: ${(failure as Error).message}`);
    return undefined;
  }
}

/** What is there now, as the only possibility from here on. */
async function compared(
  store: SettingsStore,
  possible: Possible,
  problems: string[],
): Promise<Possible> {
  const found: Possible = new Map();
  for (const [instanceId, allowed] of possible) {
    const settings = await store.get(instanceId);
    found.set(instanceId, [settings]);
    if (allowed.includes(settings)) continue;
    problems.push(`${instanceId} has ${settings ?? 'nothing'}, not ${allowed.join(' or ')}`);
  }
  return found;
}

/** Changes from several clients at once, until nothing ends any more. Answers how many did end. */
async function work(store: SettingsStore, possible: Possible, draw: Draw): Promise<number> {
  let acknowledged = 0;
  const change = async (number: number): Promise<void> => {
    const instanceId = `vm-${draw(5)}`;
    const settings = draw(4) === 0 ? undefined : `{"n":${number},"fill":"${'é'.repeat(draw(40))}"}`;
    const before = possible.get(instanceId) ?? [undefined];
    possible.set(instanceId, [...before, settings]);
    await (settings === undefined ? store.remove(instanceId) : store.put(instanceId, settings));
    acknowledged += 1;
    // Acknowledged in order: what was possible before this one no longer is.
    const now = possible.get(instanceId) ?? [];
    possible.set(instanceId, now.slice(now.indexOf(settings)));
  };
  for (let number = 0; number < 40; number += 1) {
    const several = Array.from({ length: 1 + draw(3) }, (_, one) => change(number * 10 + one));
    if (!(await settled(several))) break;
  }
  return acknowledged;
}

/** Whether all have ended; nothing of the store needs more than a few turns of the event loop. */
async function settled(all: readonly Promise<void>[]): Promise<boolean> {
  const state = { isDone: false };
  void Promise.all(all).then(() => (state.isDone = true));
  for (let turn = 0; turn < 200 && !state.isDone; turn += 1) await new Promise(setImmediate);
  return state.isDone;
}
