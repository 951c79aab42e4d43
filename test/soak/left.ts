// What a life of a cloud leaves in it, when everything that was made has been deleted.
import type { Simulator } from '../../simulator/simulator.js';
import { differences, leadsNowhere, possessionsOf } from '../crash/possessions.js';

/** What is there that was not there before, of things and of work. */
export function leftIn(before: Simulator, after: Simulator): string[] {
  const tasks = (simulator: Simulator): string =>
    simulator.kernel.tasks
      .map(({ kind }) => kind)
      .sort()
      .join(', ');
  return [
    ...differences(possessionsOf(before), possessionsOf(after)),
    ...leadsNowhere(after),
    ...(tasks(before) === tasks(after)
      ? []
      : [`waiting tasks: ${tasks(after)} instead of ${tasks(before)}`]),
    ...after.kernel.holders.map((holder) => `time is held: ${holder}`),
  ];
}

/** By table, the rows of what is gone: they stay, as in CloudStack's database. */
export function goneRows({ world }: Simulator): Readonly<Record<string, number>> {
  const counts = world.tables.map((table) => [table.entity, table.removed().length] as const);
  return Object.fromEntries(counts.filter(([, rows]) => rows > 0));
}
