// Life after life, until so many processes were killed.
import { live, type Blow, type LifeOptions } from './life.js';

export interface RunOptions extends Pick<LifeOptions, 'image' | 'script' | 'isGcIdle'> {
  readonly kills: number;
  /** That of the first life; the next has the next one. */
  readonly seed: number;
  readonly progress: (text: string) => void;
}

export interface Report {
  readonly seed: number;
  readonly lives: number;
  readonly calls: number;
  /** Those that came before the call had ended. */
  readonly kills: number;
  readonly tooLate: number;
  readonly byMethod: Readonly<Record<string, number>>;
  readonly byOccasion: Readonly<Record<string, number>>;
  readonly byHand: number;
  /** Each with the command that repeats it. */
  readonly problems: readonly string[];
}

export async function runKills({
  kills,
  seed,
  progress,
  ...lifeOptions
}: RunOptions): Promise<Report> {
  const blows: Blow[] = [];
  const problems: string[] = [];
  let [lives, calls, byHand] = [0, 0, 0];
  const hits = (): Blow[] => blows.filter(({ hit }) => hit);
  while (hits().length < kills && problems.length === 0) {
    const life = await live({ seed: seed + lives, ...lifeOptions });
    const planted = lifeOptions.isGcIdle === true ? ' --plant' : '';
    const replay = `npm run kills -- --kills 1 --seed ${seed + lives}${planted}`;
    problems.push(...life.problems.map((problem) => `${problem}\n  ${replay}`));
    blows.push(...life.blows);
    lives += 1;
    calls += life.calls;
    byHand += life.byHand;
    progress(`${hits().length} of ${kills} kills in ${lives} lives, ${problems.length} problems`);
  }
  return {
    ...{ seed, lives, calls, byHand, problems },
    kills: hits().length,
    tooLate: blows.length - hits().length,
    byMethod: counted(hits().map(({ method }) => method)),
    byOccasion: counted(hits().map(({ moment }) => occasionOf(moment))),
  };
}

function occasionOf({ request, occasion }: Blow['moment']): string {
  return request === 0 ? 'it starts' : occasion;
}

function counted(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** The report for people. */
export function summaryOf(report: Report): string {
  const { kills, lives, calls, tooLate, byMethod, byOccasion, byHand, seed, problems } = report;
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, number]) => `${name} ${number}`)
      .join(', ');
  return [
    `${kills} processes killed in ${lives} lives with ${calls} calls, seed ${seed}; ` +
      `${tooLate} calls had ended before`,
    `killed: ${list(byMethod)}`,
    `when, of a request: ${list(byOccasion)}`,
    `${byHand} snapshots or networks of calls that died when all was done were deleted by hand`,
    ...problems.map((problem) => `BROKEN: ${problem}`),
    problems.length === 0
      ? 'nothing was left, nothing was there twice, nothing of others was touched'
      : 'broken',
    '',
  ].join('\n');
}
