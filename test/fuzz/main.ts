// `npm run fuzz -- --requests 1000000 --seed N`: sends generated requests, shows how far it is on
// stderr, and each broken promise when it is found, prints a summary, writes a report as JSON, and
// ends with 1 if a promise is broken. A run that is interrupted reports what it did until then.
// With `--of cpi-stdin` and the like the inputs are those of other programs.
import { writeFileSync } from 'node:fs';
import { clearProgress, showProgress } from '../support/progress-line.js';
import { inputsSummaryOf, runInputs } from './inputs/run.js';
import type { OpenSubject } from './inputs/subject.js';
import { subjects } from './inputs/subjects.js';
import { readOptions } from './options.js';
import { runFuzz } from './run.js';
import { failureText, summaryOf } from './summary.js';

const { json, ...options } = readOptions(
  process.argv.slice(2),
  Math.floor(Math.random() * 2 ** 31),
);
process.stderr.write(`seed ${options.seed}\n`);
const progress = (text: string): void => {
  showProgress(() => text);
};
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort());
}
const open = subjects[options.of];
const { summary, report } = open === undefined ? await ofTheApi() : await ofInputs(open);
clearProgress();
process.stdout.write(summary);
if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.failures.length === 0 ? 0 : 1;

interface Ran {
  readonly summary: string;
  readonly report: { readonly failures: readonly unknown[] };
}

async function ofTheApi(): Promise<Ran> {
  const report = await runFuzz({
    ...options,
    progress,
    onFailure: (failure) => {
      clearProgress();
      process.stderr.write(`${failureText(failure)}\n`);
    },
    signal: interrupted.signal,
  });
  return { summary: summaryOf(report), report };
}

async function ofInputs(openSubject: OpenSubject): Promise<Ran> {
  const { of, requests, seed, input } = options;
  const run = { of, open: openSubject, inputs: requests, seed, input };
  const report = await runInputs({ ...run, progress, signal: interrupted.signal });
  return { summary: inputsSummaryOf(report), report };
}
