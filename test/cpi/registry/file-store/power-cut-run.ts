// One store through several lives, each ended by a power cut or a kill at any operation, also while
// it starts, recovers, compacts or finds no room, or after the disk has failed to sync; and the look
// at what is left.
import { StoreUnavailable, type SettingsStore } from '../../../../cpi/registry/settings-store.js';
import { powerCutDisk, type Draw, type PowerCutDisk } from './power-cut-disk.js';
import { randomDraw } from '../../../support/random-draw.js';
import { prepareSqlite, storeOn, type StoreOptions } from './store-on-disk.js';

/** What an instance was asked to have; undefined: nothing. Each is told apart from its like. */
interface Wish {
  readonly settings: string | undefined;
}

/** What an instance may have when the power is back: what was acknowledged, or asked for since. */
type Possible = Map<string, readonly Wish[]>;

/** Opens a store on a disk; the real one, unless a test wants to see one found out. */
export type OpenStore = (disk: PowerCutDisk, options: StoreOptions) => Promise<SettingsStore>;

export interface PowerCutResult {
  readonly cuts: number;
  readonly acknowledged: number;
  /** How many syncs the disk has failed to make. */
  readonly failedSyncs: number;
  /** What contradicts the promise; empty if nothing does. */
  readonly problems: readonly string[];
}

/** Several lives of one store, each ended by a power cut or, now and then, by a kill. */
export async function livesWithPowerCuts(
  draw: Draw,
  open: OpenStore = storeOn,
): Promise<PowerCutResult> {
  // Here, as it takes longer than anything that a store does.
  await prepareSqlite();
  let disk = powerCutDisk(draw);
  // Many short journals, or seldom one that a compaction makes superfluous.
  const story = newStory(open, { journalBytesMax: draw(2) === 0 ? 400 : 4_000 });
  const cuts = 2 + draw(5);
  for (let life = 0; life < cuts && story.problems.length === 0; life += 1) {
    // Often while it starts.
    disk.cutAt(disk.operations + 1 + draw(draw(2) === 0 ? 15 : 80));
    await live(disk, story, draw, { rounds: 80, failsToSync: true });
    story.failedSyncs += disk.failed;
    // What the next process reads is not on the disk for that.
    const isKilled = draw(3) < (disk.failed > 0 ? 2 : 1);
    disk = isKilled ? disk.afterKill() : disk.afterCut();
  }
  if (story.problems.length === 0) await live(disk, story, draw, { rounds: 5 });
  return { cuts, ...story };
}

/**
 * A process that is killed at one operation; the next one, which only starts or serves a little,
 * from which the power is taken at one of its own; and what is left. `draw` decides what that is.
 */
export async function killedThenCut(
  at: { readonly killedAt: number; readonly cutAt: number },
  draw: Draw,
): Promise<PowerCutResult & { readonly operations: readonly [first: number, second: number] }> {
  await prepareSqlite();
  const choose = randomDraw(4);
  const first = powerCutDisk(draw);
  const story = newStory(storeOn, {});
  first.cutAt(at.killedAt);
  await live(first, story, choose, { rounds: 4 });
  const second = first.afterKill();
  second.cutAt(at.cutAt);
  await live(second, story, choose, { rounds: at.cutAt === Infinity ? 3 : 0 });
  await live(second.afterCut(), story, choose, { rounds: 0 });
  return { cuts: 1, ...story, operations: [first.operations, second.operations] };
}

interface Story {
  readonly open: (disk: PowerCutDisk) => Promise<SettingsStore>;
  readonly possible: Possible;
  readonly problems: string[];
  acknowledged: number;
  failedSyncs: number;
}

function newStory(open: OpenStore, options: StoreOptions): Story {
  return {
    open: (disk) => open(disk, options),
    possible: new Map(),
    problems: [],
    acknowledged: 0,
    failedSyncs: 0,
  };
}

interface Life {
  readonly rounds: number;
  /** Whether the disk fails now and then to sync a file or a folder, also while it starts. */
  readonly failsToSync?: boolean;
}

/** One life, from the start of the process on, as far as it comes. */
async function live(
  disk: PowerCutDisk,
  story: Story,
  draw: Draw,
  { rounds, failsToSync = false }: Life,
): Promise<void> {
  const { possible, problems } = story;
  const mayFailOneIn = (chances: number): void => {
    if (failsToSync && draw(chances) === 0) disk.fail(draw(3) === 0 ? 'sync folder' : 'sync');
  };
  mayFailOneIn(10);
  const started = await ended(start(disk, story.open));
  if (started === undefined) {
    if (!disk.isCut) problems.push('a start never ended although the power was there');
    return;
  }
  if ('failure' in started) {
    // What the disk failed to sync is told as that: the next start finds out what it has.
    const { message, code } = started.failure;
    if (code !== 'EIO' || disk.failed === 0) problems.push(`it does not start: ${message}`);
    return;
  }
  const { store } = started;
  await compare(store, possible, problems);
  for (let round = 0; round < rounds; round += 1) {
    if (draw(10) === 0) disk.capacityBytes = draw(2) === 0 ? Infinity : 3_000 + draw(5_000);
    mayFailOneIn(30);
    const several = Array.from({ length: 1 + draw(3) }, async (_, one) => {
      if (await change(store, possible, round * 10 + one, draw)) story.acknowledged += 1;
    });
    if ((await ended(Promise.all(several))) === undefined) {
      if (!disk.isCut) problems.push('a change never ended although the power was there');
      return;
    }
  }
  const isClosed = (await ended(store.close().then(() => true))) ?? false;
  if (!isClosed && !disk.isCut) problems.push('a stop never ended although the power was there');
}

async function start(
  disk: PowerCutDisk,
  open: Story['open'],
): Promise<{ readonly store: SettingsStore } | { readonly failure: NodeJS.ErrnoException }> {
  try {
    return { store: await open(disk) };
  } catch (failure) {
    return { failure: failure as NodeJS.ErrnoException };
  }
}

/** Makes what is there now the only possibility from here on. */
async function compare(
  store: SettingsStore,
  possible: Possible,
  problems: string[],
): Promise<void> {
  for (const [instanceId, allowed] of possible) {
    const settings = await store.get(instanceId);
    possible.set(instanceId, [{ settings }]);
    if (allowed.some((wish) => wish.settings === settings)) continue;
    const told = allowed.map((wish) => wish.settings ?? 'nothing');
    problems.push(`${instanceId} has ${settings ?? 'nothing'}, not ${told.join(' or ')}`);
  }
}

/**
 * Whether it was acknowledged. Where there is no room, it is as if nobody had asked; where the disk
 * did not sync, it may be there or not.
 */
async function change(
  store: SettingsStore,
  possible: Possible,
  number: number,
  draw: Draw,
): Promise<boolean> {
  const instanceId = `vm-${draw(5)}`;
  const fill = 'é'.repeat(draw(40));
  const settings =
    draw(4) === 0 ? undefined : `{"n":${number},"life":${draw(1e9)},"fill":"${fill}"}`;
  const wish: Wish = { settings };
  const wishes = (): readonly Wish[] => possible.get(instanceId) ?? [{ settings: undefined }];
  possible.set(instanceId, [...wishes(), wish]);
  try {
    await (settings === undefined ? store.remove(instanceId) : store.put(instanceId, settings));
  } catch (failure) {
    if (!(failure instanceof StoreUnavailable)) throw failure;
    const others = wishes().filter((other) => other !== wish);
    if (failure.message.includes('Nothing was changed')) possible.set(instanceId, others);
    return false;
  }
  // Acknowledged in order: what was possible before this one no longer is.
  possible.set(instanceId, wishes().slice(wishes().indexOf(wish)));
  return true;
}

/** Undefined where it never ends; nothing of the store needs more than a few turns of the loop. */
async function ended<T>(work: Promise<T>): Promise<T | undefined> {
  const turns = async (): Promise<undefined> => {
    for (let turn = 0; turn < 60; turn += 1) await new Promise(setImmediate);
    return undefined;
  };
  return Promise.race([work, turns()]);
}
