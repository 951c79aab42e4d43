// `npm run durability -- --kills 1000 --power-cuts 1000 --seed N`: the registry's file store under
// kill -9 during concurrent writes, and under simulated power cuts. Progress on stderr, a summary on
// stdout; ends with 1 if anything acknowledged was lost or a start failed.
import { Command } from 'commander';
import { livesWithPowerCuts } from '../cpi/registry/file-store/power-cut-run.js';
import { clearProgress, showProgress } from '../support/progress-line.js';
import { randomDraw } from '../support/random-draw.js';
import { registryFolder } from '../support/registry-process.js';
import { wholeNumber } from '../support/whole-number.js';
import { killedRegistry } from './kills.js';

interface Options {
  readonly kills: number;
  readonly powerCuts: number;
  readonly seed: number;
}

const { kills, powerCuts, seed } = new Command('npm run durability --')
  .description('Kills the registry, and cuts its power, and looks whether anything was lost.')
  .option('--kills <n>', 'how often the process is killed', wholeNumber, 1000)
  .option('--power-cuts <n>', 'how many lives of a store end in power cuts', wholeNumber, 1000)
  .option('--seed <n>', 'that of the first life', wholeNumber, 1)
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv)
  .opts<Options>();

const problems: string[] = [];

let cuts = 0;
let failedSyncs = 0;
let acknowledgedBeforeCuts = 0;
for (let life = 0; life < powerCuts; life += 1) {
  const run = await livesWithPowerCuts(randomDraw(seed + life));
  cuts += run.cuts;
  failedSyncs += run.failedSyncs;
  acknowledgedBeforeCuts += run.acknowledged;
  problems.push(...run.problems.map((problem) => `seed ${seed + life}: ${problem}`));
  showProgress(() => `${life + 1} of ${powerCuts} lives, ${problems.length} problems`);
}
clearProgress();
process.stdout.write(
  `power cuts: ${cuts} in ${powerCuts} lives from seed ${seed}, ` +
    `${failedSyncs} syncs failed, ${acknowledgedBeforeCuts} changes acknowledged\n`,
);

using folder = registryFolder();
const killed = await killedRegistry({
  folder: folder.path,
  kills,
  draw: randomDraw(seed),
  onKill: (kill) => {
    showProgress(() => `${kill} of ${kills} kills`);
  },
});
clearProgress();
problems.push(...killed.problems);
process.stdout.write(
  `kills: ${kills} during writes of 4 clients, ${killed.acknowledged} changes acknowledged, ` +
    `${killed.databases} database files\n`,
);

for (const problem of problems) process.stdout.write(`LOST: ${problem}\n`);
process.stdout.write(
  problems.length === 0
    ? 'nothing acknowledged was lost; every start whose syncs did not fail succeeded\n'
    : 'broken\n',
);
process.exitCode = problems.length === 0 ? 0 : 1;
