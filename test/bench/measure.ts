// What is measured, in which order, and how it is told.
import { writeFileSync } from 'node:fs';
import { clearLine, cursorTo } from 'node:readline';
import { verdictOf, type Verdict } from './figure.js';
import { cycle } from './measurements/cycle.js';
import { deployment } from './measurements/deployment.js';
import { events } from './measurements/events.js';
import { images } from './measurements/images.js';
import { lists } from './measurements/lists.js';
import { memory } from './measurements/memory.js';
import { registry } from './measurements/registry.js';
import { release } from './measurements/release.js';
import { startUp } from './measurements/start-up.js';
import { stemcellServer } from './measurements/stemcell-server.js';
import { readOptions } from './options.js';
import { jsonLines, tableOf } from './report.js';

/** Measures what the options ask for; ends the program where they are wrong. */
export async function measure(args: readonly string[]): Promise<void> {
  const all = [
    startUp,
    release,
    lists,
    memory,
    events,
    cycle,
    images,
    deployment,
    registry,
    stemcellServer,
  ];
  const { chosen, json, isQuick } = readOptions(args, all);
  const verdicts: Verdict[] = [];
  for (const { name, run } of chosen) {
    const progress = (text: string): void => showProgress(`${name}: ${text}`);
    verdicts.push(
      ...(await run({ isQuick, progress })).map((figure) => verdictOf(figure, isQuick)),
    );
  }
  showProgress('');
  process.stdout.write(`${tableOf(verdicts)}\n${jsonLines(verdicts)}`);
  if (json !== undefined) writeFileSync(json, jsonLines(verdicts));
  const isGood = verdicts.every(({ holds }) => holds !== false);
  process.exitCode = isGood ? 0 : 1;
}

/** One line that is written again on a terminal; elsewhere a line for each step. */
function showProgress(text: string): void {
  if (!process.stderr.isTTY) {
    if (text !== '') process.stderr.write(`${text}\n`);
    return;
  }
  clearLine(process.stderr, 0);
  cursorTo(process.stderr, 0);
  process.stderr.write(text.slice(0, process.stderr.columns - 1));
}
