import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Redact } from '../secrets.js';
import { ProgramError } from './program.js';
import type { BatsProgress } from './progress.js';
import { asRspecJson, readRspecJson, type BatsResults } from '../reports/bats-results.js';

/** A run of RSpec that is over. */
export interface EndedRun {
  /** Where it was to write its results. */
  readonly json: string;
  /** Where what it said stands. */
  readonly log: string;
  readonly progress: BatsProgress;
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly startedAt: string;
  /** Takes secrets out of what RSpec wrote. */
  readonly redact: Redact;
}

/**
 * What RSpec wrote, or else what was seen of it, with the reason; `json` holds the same afterwards,
 * for the reports. Throws ProgramError if there is neither, or if it wrote what is none of its results;
 * then there is no such file.
 */
export function resultsOf({ json, log, progress, code, startedAt, redact }: EndedRun): BatsResults {
  const written = writtenIn(json, redact);
  if (written !== undefined) {
    const { document, results } = written;
    writeFileSync(json, asText({ ...document, started_at: startedAt }));
    return { ...results, startedAt };
  }
  const ended = `exit ${code ?? 'by a signal'} before`;
  const { outcomes } = progress;
  if (outcomes.length === 0) {
    throw new ProgramError('rspec', `${ended} any example; ${log} has what it said`);
  }
  const problem =
    `rspec: ${ended} it had written its results: what is told of it is what was seen, and ${log} has ` +
    'what it said';
  const seen = { outcomes, errorsOutside: 0, problem, startedAt };
  writeFileSync(json, asText(asRspecJson(seen)));
  return seen;
}

/** Undefined if there is nothing: RSpec makes the file when it begins, and fills it when it ends. */
function writtenIn(
  json: string,
  redact: Redact,
): { document: object; results: BatsResults } | undefined {
  if (!existsSync(json)) return undefined;
  const text = redact(readFileSync(json, 'utf8'));
  rmSync(json);
  try {
    return { document: JSON.parse(text) as object, results: readRspecJson(text) };
  } catch (failure) {
    if (failure instanceof SyntaxError) return undefined;
    throw new ProgramError('rspec', `its results are not as known: ${(failure as Error).message}`);
  }
}

function asText(document: object): string {
  return `${JSON.stringify(document)}\n`;
}
