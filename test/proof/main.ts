// `npm run proof -- --minutes N --seed N`: lives through the cases that failed once, then through drawn
// ones, shows how far it is on stderr, and each broken promise when it is found, prints a summary, writes
// reports as JSON and HTML, and ends with 1 if a promise is broken. A run that is interrupted reports what
// it did until then. `--twice` lives through each drawn case twice. `--plants` looks instead how many
// cases it takes to find each planted bug.
import { readFileSync, writeFileSync } from 'node:fs';
import { liveAgain, type KeptCase } from './case.js';
import { keptCases } from './kept-cases.js';
import { openMeans } from './means.js';
import { clearProgress, showProgress } from '../support/progress-line.js';
import { readOptions } from './options.js';
import { huntAll } from './plants/hunt.js';
import { htmlOf } from './report/html.js';
import { failureText, progressOf, summaryOf } from './report/summary.js';
import type { Report } from './report/tally.js';
import { messageOf, runProof } from './run.js';

const writtenEveryMs = 20_000;
const options = readOptions(process.argv.slice(2), Math.floor(Math.random() * 2 ** 31));
const means = await openMeans();
const { image, registry } = means;
try {
  process.exitCode = await task();
} finally {
  await means[Symbol.asyncDispose]();
}

function task(): Promise<number> | number {
  const { plants, cases, case: file, kept } = options;
  if (plants === true) return huntAll({ image, registry, cases, tell });
  if (file !== undefined) return replayFile(file);
  return kept === undefined ? proof() : replayKept(kept);
}

async function proof(): Promise<number> {
  const { json, html, seed, minutes, cases, path, replayPath, twice } = options;
  tell(`seed ${seed}`);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort();
    });
  }
  const write = (report: Report): void => {
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
    if (html !== undefined) writeFileSync(html, htmlOf(report));
  };
  let writtenMs = performance.now();
  const report = await runProof({
    ...{ seed, minutes, cases, path, replayPath, image, registry },
    isTwice: twice,
    kept: path === undefined ? keptCases : [],
    onProgress: (reportNow) => {
      showProgress(() => progressOf(reportNow()));
      if (performance.now() - writtenMs < writtenEveryMs) return;
      writtenMs = performance.now();
      write(reportNow());
    },
    onFailure: (failure) => {
      clearProgress();
      tell(`\n${failureText(failure)}`);
    },
    signal: interrupted.signal,
  });
  clearProgress();
  if (interrupted.signal.aborted) tell('interrupted; until then:');
  process.stdout.write(summaryOf(report));
  write(report);
  return report.failures.length === 0 ? 0 : 1;
}

function replayFile(file: string): Promise<number> | number {
  let kept: KeptCase;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')) as KeptCase;
  } catch (error) {
    tell(`no case can be read: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  return replay(kept);
}

function replayKept(number: number): Promise<number> | number {
  const kept = keptCases[number - 1];
  if (kept !== undefined) return replay(kept);
  tell(`there is no kept case ${number}: there are ${keptCases.length}`);
  return 2;
}

async function replay(kept: KeptCase): Promise<number> {
  let trace: readonly string[] = [];
  try {
    await liveAgain(kept, { image, registry, onEnd: (stage) => void (trace = stage.trace) });
    process.stdout.write('no promise broken\n');
    return 0;
  } catch (error) {
    process.stdout.write(`BROKEN: ${messageOf(error)}\n${trace.join('\n')}\n`);
    return 1;
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
