import { existsSync } from 'node:fs';
import { failed, warning, type Finding } from '../check/finding.js';
import { inspect } from '../check/inspect.js';
import { describe, jsonOf, summaryOf } from '../check/report.js';
import { openAccount } from '../methods/call/open-account.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import { Redactor } from '../protocol/redactor.js';
import { exit } from './exit-status.js';
import { processSurroundings } from './process-surroundings.js';
import { writeStderr } from './standard-output.js';
import { paintFor, terminalWidth } from './terminal.js';

/** What stands on the command line of `cloudstack-cpi check`. */
export interface CheckFlags {
  readonly network?: readonly string[];
  readonly json?: true;
}

/** Runs `cloudstack-cpi check` and answers its exit status: failed if anything failed. */
export async function runCheckCommand(configPath: string, flags: CheckFlags): Promise<number> {
  const redactor = new Redactor();
  const write = (text: string): void => void process.stdout.write(`${redactor.redact(text)}\n`);
  const look = { paint: paintFor(process.stdout), width: terminalWidth(process.stdout) };
  const findings: Finding[] = [];
  const add = (finding: Finding): void => {
    findings.push(finding);
    if (flags.json === undefined) write(describe(finding, look));
  };
  const isWatched = process.stderr.isTTY && !process.stdout.isTTY;
  await findAll(configPath, flags, redactor, (finding) => {
    if (isWatched) writeStderr(redactor.redact(`looked at: ${finding.about}`));
    add(finding);
  });
  write(flags.json === undefined ? `\n${summaryOf(findings, look)}` : jsonOf(findings));
  return findings.some(({ verdict }) => verdict === 'failed') ? exit.failed : exit.good;
}

async function findAll(
  configPath: string,
  { network: networks = [] }: CheckFlags,
  redactor: Redactor,
  add: (finding: Finding) => void,
): Promise<void> {
  const note = (line: string): void => {
    const [, problem] = /^warning: configuration: (.*)$/.exec(line) ?? [];
    if (problem !== undefined) add(warning('configuration', problem, `correct ${configPath}`));
  };
  try {
    await openAccount(
      processSurroundings(configPath, new AbortController().signal),
      redactor,
      note,
      async (call) => {
        for await (const finding of inspect(call, { networks })) add(finding);
      },
    );
  } catch (failure) {
    const advice = existsSync(configPath)
      ? `correct ${configPath}`
      : `create ${configPath}, or give the path of another file with --config`;
    add(failed('configuration', toBoshError(failure).message, advice));
  }
}
