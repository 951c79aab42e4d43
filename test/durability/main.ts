// `npm run durability -- --kills 1000 --power-cuts 1000 --seed N`: the registry's file store under
// kill -9 during concurrent writes, and under simulated power cuts. Progress on stderr, a summary on
// stdout; ends with 1 if anything acknowledged was lost or a start failed.
import { Command, InvalidArgumentError } from 'commander';
import { livesWithPowerCuts } from '../cpi/registry/file-store/power-cut-run.js';
import { randomDraw } from '../support/random-draw.js';
import { registryFolder } from '../support/registry-process.js';
import { killedRegistry } from './kills.js';

interface Options {
  readonly kills: number;
  readonly powerCuts: number;
  readonly seed: number;
}

const count = (text: string): number => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('It must be a whole number.');
};

const { kills, powerCuts, seed } = new Command('npm run durability --')
  .description('Kills the registry, and cuts its power, and looks whether anything was lost.')
  .option('--kills <number>', 'how often the process is killed', count, 1000)
  .option('--power-cuts <number>', 'how many lives of a store end in power cuts', count, 1000)
  .option('--seed <number>', 'seed of the first life', count, 1)
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
  if ((life + 1) % 100 === 0) process.stderr.write(`${life + 1} of ${powerCuts} lives\n`);
}
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
    if (kill % 100 === 0) process.stderr.write(`${kill} of ${kills} kills\n`);
  },
});
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
