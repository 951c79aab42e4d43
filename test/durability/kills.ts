// A registry that is killed again and again while several clients write to it and remove from it.
// What it had acknowledged is there when it starts again.
import { asUser, startRegistry } from '../support/registry-process.js';

export interface KillResult {
  readonly acknowledged: number;
  /** What contradicts the promise; empty if nothing does. */
  readonly problems: readonly string[];
}

/** A whole number from 0 to below a limit. */
type Draw = (limit: number) => number;

/** The settings that each instance may have: the last acknowledged ones, or later ones. */
type Possible = Map<string, (string | undefined)[]>;

const clients = 4;

/** Small, so that there is always something to compact. */
const settingsBytes = 60_000;

/**
 * Starts the registry on the files of a folder, kills it (SIGKILL) after some acknowledged writes
 * or removals while others are under way, and again, `kills` times.
 */
export async function killedRegistry(
  folder: string,
  kills: number,
  draw: Draw,
  onKill: (kill: number) => void = () => undefined,
): Promise<KillResult> {
  const possible: Possible = new Map();
  const problems: string[] = [];
  let acknowledged = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const registry = await startRegistry(folder);
    problems.push(...(await contradictions(registry.endpoint, possible, kill)));
    let left = 5 + draw(60);
    const write = async (client: number): Promise<void> => {
      for (let number = 0; ; number += 1) {
        const instanceId = `vm-${client}-${draw(3)}`;
        const isRemoval = draw(4) === 0;
        const fill = 'x'.repeat(draw(settingsBytes));
        const settings = isRemoval ? undefined : JSON.stringify({ kill, number, fill });
        const before = possible.get(instanceId) ?? [undefined];
        possible.set(instanceId, [...before, settings]);
        const { status } = await asUser(
          registry.endpoint,
          instanceId,
          settings === undefined ? { method: 'DELETE' } : { method: 'PUT', body: settings },
        );
        if (status !== 200) problems.push(`kill ${kill}: a change was answered ${status}`);
        possible.set(instanceId, [settings]);
        acknowledged += 1;
        left -= 1;
        if (left === 0) registry.child.kill('SIGKILL');
      }
    };
    const writers = Array.from({ length: clients }, (_, client) => write(client));
    await Promise.allSettled(writers);
    await registry.ended;
    onKill(kill);
  }
  const last = await startRegistry(folder);
  problems.push(...(await contradictions(last.endpoint, possible, kills + 1)));
  last.child.kill('SIGTERM');
  await last.ended;
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
