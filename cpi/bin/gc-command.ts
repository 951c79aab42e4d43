import { RegistryError } from '../agent/registry-error.js';
import { collect, type Told } from '../gc/collect.js';
import { openAccount } from '../methods/call/open-account.js';
import {
  describe,
  jsonOf,
  ofUnknownDirector,
  otherDirectors,
  parseDuration,
  raised,
  summaryOf,
  withoutRegistry,
} from '../gc/report.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import { Redactor } from '../protocol/redactor.js';
import { exit } from './exit-status.js';
import { processSurroundings } from './process-surroundings.js';
import { writeStderr } from './standard-output.js';

/** What stands on the command line of `cloudstack-cpi gc`. */
export interface GcFlags {
  readonly director?: string;
  readonly olderThan: string;
  readonly delete?: true;
  readonly json?: true;
}

/** What is wrong with the command line, in words for who wrote it; undefined if nothing is. */
export function usageProblem({ olderThan }: GcFlags): string | undefined {
  if (parseDuration(olderThan) !== undefined) return undefined;
  return `--older-than takes a number and m, h or d, such as 24h, got ${olderThan}`;
}

/**
 * Runs `cloudstack-cpi gc` with flags that have no `usageProblem`, and answers its exit status. The
 * list is all that reaches stdout.
 */
export async function runGcCommand(configPath: string, flags: GcFlags): Promise<number> {
  const olderThanMs = parseDuration(flags.olderThan) ?? Infinity;
  const redactor = new Redactor();
  const write = (text: string): void => void process.stdout.write(`${redactor.redact(text)}\n`);
  const isWatched = process.stderr.isTTY;
  const told: Told[] = [];
  const directors = new Map<string | undefined, number>();
  const tellAll = (unknown = ''): void => {
    const { director, json } = flags;
    write(json === undefined ? `${summaryOf(told, director)}${unknown}` : jsonOf(told));
    const unclear = directors.get(undefined) ?? 0;
    const isNothing = told.every((one) => 'until' in one);
    if (director !== undefined && isNothing && directors.size > 0) {
      writeStderr(redactor.redact(`cloudstack-cpi: ${otherDirectors(director, directors)}`));
    } else if (unclear > 0) writeStderr(`cloudstack-cpi: ${ofUnknownDirector(unclear)}`);
  };
  try {
    const all = await openAccount(
      processSurroundings(configPath, new AbortController().signal),
      redactor,
      (line) => {
        if (line.startsWith('warning')) writeStderr(line);
      },
      (account) =>
        collect(
          account,
          { directorUuid: flags.director, olderThanMs, isToBeDeleted: flags.delete ?? false },
          {
            onLooking: (kind) => {
              if (isWatched) writeStderr(`looking for: ${kind}`);
            },
            onTold: (one) => {
              told.push(one);
              if (flags.json === undefined) write(describe(one));
            },
            onRaised: (atLeastMs) => {
              writeStderr(`cloudstack-cpi: ${raised(flags.olderThan, atLeastMs)}`);
            },
            onOtherDirectors: (directorUuid) => {
              directors.set(directorUuid, (directors.get(directorUuid) ?? 0) + 1);
            },
          },
        ),
    );
    tellAll();
    return all.every(({ outcome }) => typeof outcome === 'string') ? exit.good : exit.failed;
  } catch (failure) {
    writeStderr(redactor.redact(`cloudstack-cpi: ${toBoshError(failure).message}`));
    if (failure instanceof RegistryError) tellAll(` ${withoutRegistry}`);
    return exit.environment;
  }
}
