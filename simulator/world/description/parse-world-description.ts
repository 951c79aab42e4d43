import { problemText, type Problem } from '../../input/problems.js';
import { readInput } from '../../input/readable.js';
import { descriptionProblems } from './world-description-checks.js';
import { worldDescription, type WorldDescription } from './world-description.js';

/** A world description that is not one; every problem is named. */
export class WorldDescriptionError extends Error {
  readonly problems: readonly Problem[];

  constructor(source: string, problems: readonly Problem[]) {
    super(`${source} does not describe a world:\n${problems.map(problemLine).join('\n')}`);
    this.name = 'WorldDescriptionError';
    this.problems = problems;
  }
}

function problemLine(problem: Problem): string {
  return `  ${problemText(problem)}`;
}

/** Checks a description and fills in the defaults; `source` names it in the error. */
export function parseWorldDescription(value: unknown, source: string): WorldDescription {
  const { read, problems } = readInput(worldDescription, value);
  const all = [...problems, ...descriptionProblems(read)];
  if (all.length > 0) throw new WorldDescriptionError(source, all);
  return read;
}
