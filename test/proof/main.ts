// `npm run proof -- --minutes N --seed N`: lives through drawn cases, shows how far it is on stderr, and
// each broken promise when it is found, prints a summary, writes a report as JSON, and ends with 1 if a
// promise is broken. A run that is interrupted reports what it did until then.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { liveAgain, type KeptCase } from './case.js';
import { readOptions } from './options.js';
import { messageOf, runProof } from './run.js';
import { failureText, summaryOf } from './summary.js';

const progressMs = 20_000;
const options = readOptions(process.argv.slice(2), Math.floor(Math.random() * 2 ** 31));
const folder = mkdtempSync(join(tmpdir(), 'proof-'));
const image = join(folder, 'image');
writeFileSync(image, await stemcellImage());
try {
  process.exitCode = options.case === undefined ? await proof() : await replay(options.case);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function proof(): Promise<number> {
  const { json, ...run } = options;
  process.stderr.write(`seed ${options.seed}\n`);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort();
    });
  }
  let toldMs = performance.now();
  const report = await runProof({
    ...run,
    image,
    progress: (text) => {
      if (performance.now() - toldMs < progressMs) return;
      toldMs = performance.now();
      process.stderr.write(`${text}\n`);
    },
    onFailure: (failure) => {
      process.stderr.write(`\n${failureText(failure)}\n`);
    },
    signal: interrupted.signal,
  });
  process.stdout.write(summaryOf(report));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  return report.failures.length === 0 ? 0 : 1;
}

async function replay(file: string): Promise<number> {
  const kept = JSON.parse(readFileSync(file, 'utf8')) as KeptCase;
  let trace: readonly string[] = [];
  try {
    await liveAgain(kept, { image, onEnd: (stage) => void (trace = stage.trace) });
    process.stdout.write('no promise broken\n');
    return 0;
  } catch (error) {
    process.stdout.write(`BROKEN: ${messageOf(error)}\n${trace.join('\n')}\n`);
    return 1;
  }
}
