// The fewest steps of a chapter that still break the same promise.
import { runChapter, type Chapter, type Problem } from './chapter.js';

/** So often a failing chapter is run again at most. */
const MOST_RUNS = 150;

/** Indices into the chapter's steps; all up to the problem where leaving any out makes it vanish. */
export async function narrowed(chapter: Chapter, problem: Problem): Promise<readonly number[]> {
  let kept = chapter.steps.map((_, index) => index).slice(0, problem.step + 1);
  let runs = 0;
  const fails = async (indices: readonly number[]): Promise<boolean> => {
    runs += 1;
    const again = await runChapter(withSteps(chapter, indices), () => undefined);
    return again !== undefined && kindOf(again) === kindOf(problem);
  };
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < kept.length && runs < MOST_RUNS;) {
      const without = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (without.length > 0 && (await fails(without))) kept = without;
      else at += size;
    }
  }
  return kept;
}

/** A chapter of which only some steps are taken. */
export function withSteps(chapter: Chapter, indices: readonly number[]): Chapter {
  return { ...chapter, steps: chapter.steps.filter((_, index) => indices.includes(index)) };
}

/** Ids differ from run to run of fewer steps, and so do the lines that follow the first. */
function kindOf({ what }: Problem): string {
  return what
    .split('\n')[0]!
    .replace(/[0-9a-f-]{36}|\d+/g, '#')
    .slice(0, 120);
}
