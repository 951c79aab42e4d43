// A registry that is killed again and again while several clients write to it and remove from it.
// What it had acknowledged is there when it starts again.
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
  /** What contradicts the promise; empty if nothing does. */
  readonly problems: readonly string[];
}

/** The settings that each instance may have: the last acknowledged ones, or later ones. */
type Possible = Map<string, (string | undefined)[]>;

const clients = 4;

/** Small, so that there is always something to compact. */
const settingsBytes = 60_000;

/**
 * Starts the registry on the files of a folder, kills it (SIGKILL) after some acknowledged writes
 * or removals while others are under way, and again, `kills` times or until something is wrong.
 */
export async function killedRegistry(options: Kills): Promise<KillResult> {
  const { folder, kills, draw, onKill, start = startRegistry } = options;
  const possible: Possible = new Map();
  const problems: string[] = [];
  let acknowledged = 0;
  for (let kill = 1; kill <= kills + 1 && problems.length === 0; kill += 1) {
    try {
      const registry = await start(folder);
      const isLast = kill > kills;
      problems.push(...(await contradictions(registry.endpoint, possible, kill)));
      const changes = isLast ? undefined : await changesUntilKilled(registry, possible, kill, draw);
      problems.push(...(changes?.problems ?? []));
      acknowledged += changes?.acknowledged ?? 0;
      if (isLast) registry.child.kill('SIGTERM');
      const [due, how] = [isLast ? 0 : 'SIGKILL', await registry.ended];
      if (how !== due)
        problems.push(`start ${kill} ended with ${String(how)}: ${registry.output()}`);
    } catch (failure) {
      problems.push(`start ${kill}: ${(failure as Error).message}`);
    }
    if (kill <= kills) onKill?.(kill);
  }
  return { acknowledged, problems };
}

/** What several clients come to until the process is killed; it is not the first to end. */
async function changesUntilKilled(
  { endpoint, child }: RegistryProcess,
  possible: Possible,
  kill: number,
  draw: Kills['draw'],
): Promise<KillResult> {
  const problems: string[] = [];
  let acknowledged = 0;
  let left = 5 + draw(60);
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
      if (left === 0) child.kill('SIGKILL');
    }
  };
  const untilItEnds = async (client: number): Promise<void> => {
    await write(client).catch((failure: unknown) => {
      if (left <= 0) return;
      const { message, cause } = failure as Error & { readonly cause?: Error };
      problems.push(`start ${kill}: a change failed: ${message} (${cause?.message ?? 'no more'})`);
      left = 0;
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
    if (!allowed.includes(settings)) {
      problems.push(`start ${start}: ${instanceId} has lost what was acknowledged`);
    }
    possible.set(instanceId, [settings]);
  }
  return problems;
}
