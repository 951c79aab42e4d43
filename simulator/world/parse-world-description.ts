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
  const result = worldDescription.safeParse(value);
  const problems = result.success
    ? descriptionProblems(result.data)
    : result.error.issues.map(({ path, message }) => [path.join('.') || '(top)', message] as const);
  if (result.success && problems.length === 0) return result.data;
  throw new WorldDescriptionError(
    source,
    problems.map(([path, message]) => `${path}: ${message}`),
  );
}
