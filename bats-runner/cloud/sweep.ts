import type { Cloud } from './cloud.js';
import { removeHeld, takeInventory } from './inventory.js';
import { oursIn } from './ours.js';

export interface SweepOptions {
  /** The account that the CPI worked in. */
  readonly cloud: Cloud;
  /** Deletes what that account may not: the cases have a VPC made by an operator. */
  readonly operator?: Cloud | undefined;
  /** Whether a text about a thing (its id, name, address, description or tag) says it is ours. */
  readonly isOurText: (text: string) => boolean;
  /** Addresses that cases need. */
  readonly reserved: readonly string[];
  /** Waits before what could not be deleted is tried again. */
  readonly pause: () => Promise<unknown>;
}

/** What is ours in an account, in words. */
export async function findOurs({ cloud, isOurText }: SweepOptions): Promise<string[]> {
  const inventory = await takeInventory(cloud.client);
  const ours = oursIn(inventory, isOurText);
  return [...inventory].filter(([key]) => ours.has(key)).map(([, held]) => held.description);
}

export interface Swept {
  /** What was there and is not any more. */
  readonly deleted: readonly string[];
  /** Why the rest is still there. */
  readonly problems: readonly string[];
}

/** CloudStack may still be at work on what a run had begun. */
const roundsMax = 8;

/** Deletes what is ours in an account, and nothing else. */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const { cloud, operator, isOurText, reserved, pause } = options;
  const all = new Map<string, string>();
  let problems: readonly string[] = [];
  for (let round = 1; ; round += 1) {
    const inventory = await takeInventory(cloud.client);
    const ours = oursIn(inventory, isOurText);
    for (const [key, { description }] of inventory) if (ours.has(key)) all.set(key, description);
    // What was made with a VM is to go also when that is gone.
    const isToGo = (key: string): boolean => all.has(key);
    const isOver = ![...inventory.keys()].some(isToGo);
    if (isOver || round > roundsMax) {
      const gone = [...all].filter(([key]) => !inventory.has(key));
      return { deleted: gone.map(([, what]) => what), problems: isOver ? [] : problems };
    }
    if (problems.length > 0) await pause();
    problems = await removeHeld({
      client: cloud.client,
      runJob: (command, parameters) =>
        cloud.run(command, parameters).catch((failure: unknown) => {
          if (operator === undefined) throw failure;
          return operator.run(command, parameters);
        }),
      reserved,
      isToGo,
    });
  }
}
