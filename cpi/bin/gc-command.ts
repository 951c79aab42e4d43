import { collect } from '../gc/collect.js';
import { openAccount } from '../gc/open-account.js';
import { describe, jsonOf, parseDuration, summaryOf } from '../gc/report.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import { Redactor } from '../protocol/redactor.js';
import { processSurroundings } from './process-surroundings.js';
import { writeStderr } from './standard-output.js';

/** What stands on the command line of `cloudstack-cpi gc`. */
export interface GcFlags {
  readonly director?: string;
  readonly olderThan: string;
  readonly delete?: true;
  readonly json?: true;
}

const exit = { good: 0, failed: 1, usage: 2, environment: 3 } as const;

/** Runs `cloudstack-cpi gc` and answers its exit status. The list is all that reaches stdout. */
export async function runGcCommand(configPath: string, flags: GcFlags): Promise<number> {
  const olderThanMs = parseDuration(flags.olderThan);
  if (olderThanMs === undefined) {
    writeStderr(
      `gc: --older-than takes a number and m, h or d, such as 24h, got ${flags.olderThan}`,
    );
    return exit.usage;
  }
  const redactor = new Redactor();
  const write = (text: string): void => void process.stdout.write(`${redactor.redact(text)}\n`);
  const isWatched = process.stderr.isTTY;
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
            onCollected: (collected) => {
              if (flags.json === undefined) write(describe(collected));
            },
          },
        ),
    );
    write(flags.json === undefined ? summaryOf(all) : jsonOf(all));
    return all.every(({ outcome }) => typeof outcome === 'string') ? exit.good : exit.failed;
  } catch (failure) {
    writeStderr(redactor.redact(`gc: ${toBoshError(failure).message}`));
    return exit.environment;
  }
}
