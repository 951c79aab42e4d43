// `npm run bench`: measures, shows how far it is on stderr, prints a table and JSON lines, and ends
// with 1 if a figure is beyond its limit. Sizes of --quick have no limits.
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
import { serve, type Spec } from './served.js';
import { SERVE } from './server.js';

const [, , first = '', second = ''] = process.argv;
if (first === SERVE) await serve(JSON.parse(second) as Spec);
else await measure();

async function measure(): Promise<void> {
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
  const { chosen, json, isQuick } = readOptions(process.argv.slice(2), all);
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
