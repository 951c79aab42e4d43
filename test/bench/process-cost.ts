// What a process costs from its start to its end, as the kernel accounts for finished children.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Costs } from './pairs.js';

export interface ProcessRuns {
  readonly command: readonly string[];
  /** What each run finds on stdin. */
  readonly input: string;
  /** So many runs are one measurement: the kernel's times have no more than milliseconds. */
  readonly runs: number;
  readonly home: string;
}

/**
 * The CPU and the wall time of one run, in ms. Node does not tell what its children cost, so bash
 * does, by its own `time`; what bash itself costs is in every measurement alike.
 */
export async function processCost({
  command,
  input,
  runs,
  home,
}: ProcessRuns): Promise<Costs<'cpu' | 'wall'>> {
  const { stderr } = await promisify(execFile)(
    'bash',
    ['-c', script, 'bash', String(runs), input, ...command],
    { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, TMPDIR: home, LC_ALL: 'C' } },
  );
  const [user, system, wall] = stderr.trim().split(' ').map(Number);
  if (user === undefined || system === undefined || wall === undefined || Number.isNaN(wall)) {
    throw new Error(`${command.join(' ')} failed, or bash cannot tell its time: ${stderr}`);
  }
  return { cpu: ((user + system) / runs) * 1_000, wall: (wall / runs) * 1_000 };
}

/** A run that fails ends it all: its costs would be those of something else. */
const script = `
  runs=$1 input=$2; shift 2
  TIMEFORMAT='%U %S %R'
  measured() {
    for ((run = 0; run < runs; run++)); do "$@" <<< "$input" > /dev/null 2>&1 || exit 1; done
  }
  time measured "$@"`;
