// `npm run fuzz -- --requests 1000000 --seed N`: sends generated requests, shows how far it is on
// stderr, and each broken promise when it is found, prints a summary, writes a report as JSON, and
// ends with 1 if a promise is broken. A run that is interrupted reports what it did until then.
import { writeFileSync } from 'node:fs';
import { clearLine, cursorTo } from 'node:readline';
import { readOptions } from './options.js';
import { runFuzz } from './run.js';
import { failureText, summaryOf } from './summary.js';

const PROGRESS_MS = 2_000;
const { json, ...options } = readOptions(
  process.argv.slice(2),
  Math.floor(Math.random() * 2 ** 31),
);
let toldMs = 0;
process.stderr.write(`seed ${options.seed}\n`);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort());
}
const report = await runFuzz({
  ...options,
  progress: showProgress,
  onFailure: (failure) => {
    process.stderr.write(`\n${failureText(failure)}\n`);
  },
  signal: interrupted.signal,
});
process.stdout.write(summaryOf(report));
if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.failures.length === 0 ? 0 : 1;

/** One line that is written again on a terminal; elsewhere a line now and then. */
function showProgress(text: string): void {
  const nowMs = performance.now();
  if (nowMs - toldMs < (process.stderr.isTTY ? 200 : PROGRESS_MS * 10)) return;
  toldMs = nowMs;
  if (process.stderr.isTTY) {
    clearLine(process.stderr, 0);
    cursorTo(process.stderr, 0);
  }
  process.stderr.write(process.stderr.isTTY ? text : `${text}\n`);
}
