import { problemText } from '../../input/problems.js';
import { readInput } from '../../input/readable.js';
import { descriptionProblems } from './world-description-checks.js';
import { worldDescription, type WorldDescription } from './world-description.js';

/** A world description that is not one; every problem is named. */
export class WorldDescriptionError extends Error {
  constructor(source: string, problems: readonly string[]) {
    super(
      `${source} does not describe a world:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
    this.name = 'WorldDescriptionError';
  }
}

/** Checks a description and fills in the defaults; `source` names it in the error. */
export function parseWorldDescription(value: unknown, source: string): WorldDescription {
  const { read, problems } = readInput(worldDescription, value);
  const all = [...problems, ...descriptionProblems(read)];
  if (all.length > 0) throw new WorldDescriptionError(source, all.map(problemText));
  return read;
}
