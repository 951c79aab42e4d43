// An operator looks for what killed calls left, while Directors are at work.
import { collectIfPossible, isForgotten } from '../collection.js';
import type { Planner } from '../deed.js';

const hourMs = 3_600_000;

export const gc: Planner = (stage) => ({
  director: 0,
  // What will soon be a day old, too.
  about: stage.ledger.disks.filter((disk) =>
    isForgotten(stage, disk, stage.kernel.nowMs + 12 * hourMs),
  ),
  work: (_, lane) => collectIfPossible(stage, lane),
});
