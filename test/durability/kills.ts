// A registry that is killed again and again while several clients write to it and remove from it.
// What it had acknowledged is there when it starts again. Every second time it is killed right when
// it has put journals into the database file, otherwise at any moment.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { asUser, startRegistry, type RegistryProcess } from '../support/registry-process.js';

export interface Kills {
  readonly folder: string;
  readonly kills: number;
  /** A whole number from 0 to below a limit. */
  readonly draw: (limit: number) => number;
  readonly onKill?: (kill: number) => void;
  /** The real one, unless a test wants to see one found out. */
  readonly start?: (folder: string) => Promise<RegistryProcess>;
}

export interface KillResult {
  readonly acknowledged: number;
  /** How many database files there were, each in the place of the one before. */
  readonly databases: number;
  /** What contradicts the promise; empty if nothing does. */
  readonly problems: readonly string[];
}

/** The settings that each instance may have: the last acknowledged ones, or later ones. */
type Possible = Map<string, (string | undefined)[]>;

const clients = 4;

/** Of some forty changes a journal is as long as it may be (`journalBytesMax`). */
const settingsBytes = 200_000;

/** After so many a journal has been put into the database file, wherever that works. */
const changesMax = 2_000;

/**
 * Starts the registry on the files of a folder, kills it (SIGKILL) after some acknowledged writes
 * or removals while others are under way, and again, `kills` times or until something is wrong.
 */
export async function killedRegistry(options: Kills): Promise<KillResult> {
  const { folder, kills, draw, onKill, start = startRegistry } = options;
  const possible: Possible = new Map();
  const problems: string[] = [];
  const databases = new Set<string | undefined>();
  let acknowledged = 0;
  for (let kill = 1; kill <= kills + 1 && problems.length === 0; kill += 1) {
    try {
      const registry = await start(folder);
      const isLast = kill > kills;
      problems.push(...(await contradictions(registry.endpoint, possible, kill)));
      const before = databaseIn(folder);
      const isTime = kill % 2 === 1 ? undefined : () => databaseIn(folder) !== before;
      const life = { possible, kill, draw, isTime };
      const changes = isLast ? undefined : await changesUntilKilled(registry, life);
      problems.push(...(changes?.problems ?? []));
      acknowledged += changes?.acknowledged ?? 0;
      if (isLast) registry.child.kill('SIGTERM');
      databases.add(databaseIn(folder));
      const [due, how] = [isLast ? 0 : 'SIGKILL', await registry.ended];
      if (how !== due)
        problems.push(`start ${kill} ended with ${String(how)}: ${registry.output()}`);
    } catch (failure) {
      problems.push(`start ${kill}: ${(failure as Error).message}`);
    }
    if (kill <= kills) onKill?.(kill);
  }
  databases.delete(undefined);
  return { acknowledged, databases: databases.size, problems };
}

/** Tells the database file from any other that was or comes in its place. */
function databaseIn(folder: string): string | undefined {
  const path = join(folder, 'registry.sqlite');
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.ino} ${found.ctimeNs}`;
}

interface Life {
  readonly possible: Possible;
  readonly kill: number;
  readonly draw: Kills['draw'];
  /** Asked after each change, once there were some; without it, it is time then. */
  readonly isTime: (() => boolean) | undefined;
}

/** What several clients come to until the process is killed; it is not the first to end. */
async function changesUntilKilled(
  { endpoint, child }: RegistryProcess,
  { possible, kill, draw, isTime = () => true }: Life,
): Promise<Omit<KillResult, 'databases'>> {
  const problems: string[] = [];
  let acknowledged = 0;
  let left = 5 + draw(60);
  let isKilled = false;
  const write = async (client: number): Promise<void> => {
    for (let number = 0; ; number += 1) {
      const instanceId = `vm-${client}-${draw(3)}`;
      const isRemoval = draw(4) === 0;
      const fill = 'x'.repeat(draw(settingsBytes));
      const settings = isRemoval ? undefined : JSON.stringify({ kill, number, fill });
      possible.set(instanceId, [...(possible.get(instanceId) ?? [undefined]), settings]);
      const method = isRemoval ? 'DELETE' : 'PUT';
      const { status } = await asUser(endpoint, instanceId, { method, body: settings ?? null });
      if (status !== 200) throw new Error(`it was answered ${status}`);
      possible.set(instanceId, [settings]);
      acknowledged += 1;
      left -= 1;
      if (left > 0) continue;
      if (number > changesMax) throw new Error(`no new database in ${acknowledged} changes`);
      isKilled ||= isTime();
      if (isKilled) child.kill('SIGKILL');
    }
  };
  const untilItEnds = async (client: number): Promise<void> => {
    await write(client).catch((failure: unknown) => {
      if (isKilled) return;
      const { message, cause } = failure as Error & { readonly cause?: Error };
      problems.push(`start ${kill}: a change failed: ${message} (${cause?.message ?? 'no more'})`);
      isKilled = true;
      child.kill('SIGKILL');
    });
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => untilItEnds(client)));
  return { acknowledged, problems };
}

/** What is there and should not be; what is there is then all that may be there. */
async function contradictions(
  endpoint: string,
  possible: Possible,
  start: number,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [instanceId, allowed] of possible) {
    const response = await asUser(endpoint, instanceId);
    const { settings } = (await response.json()) as { settings?: string };
    if (response.status !== (settings === undefined ? 404 : 200)) {
      problems.push(`start ${start}: ${instanceId} is answered with ${response.status}`);
      continue;
    }
    if (!allowed.includes(settings)) {
      problems.push(`start ${start}: ${instanceId} has lost what was acknowledged`);
    }
    possible.set(instanceId, [settings]);
  }
  return problems;
}
