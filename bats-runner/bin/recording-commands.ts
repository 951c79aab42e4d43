import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { assertKnownCases } from '../contract/known-cases.js';
import { compareRecordings } from '../record/compare.js';
import { comparisonReport, type NamedRecording } from '../record/comparison-report.js';
import { assertNoRecording, casesOf, readRecording, type Recording } from '../record/recording.js';
import { makeUsableFolder } from '../usable-folder.js';
import { UsageError } from '../usage-error.js';
import {
  contract,
  hintAt,
  outputFolder,
  withContractOptions,
  type ContractFlags,
  type ProgramParts,
} from './contract-commands.js';

interface CompareFlags {
  readonly json?: boolean;
  readonly output: string;
}

/** Adds the commands about what CPI and cloud say to each other. */
export function addRecordingCommands(program: Command, parts: ProgramParts): void {
  withContractOptions(
    program
      .command('record')
      .showHelpAfterError(hintAt('bats-runner record'))
      .description('runs the cases of the contract and keeps what CPI and cloud say to each other')
      .option('--recording <folder>', 'where to keep it', 'bats-recording'),
  ).action(async (flags: ContractFlags & { readonly recording: string }) => {
    const signal = parts.interruption();
    await assertKnownCases(flags.case ?? [], parts.paths.cases);
    makeUsableFolder('--recording', flags.recording);
    assertNoRecording(flags.recording);
    const isGoodEnd = await contract(flags, parts, { recording: flags.recording });
    process.stdout.write(`\nrecording: ${flags.recording}\n`);
    parts.end(isGoodEnd, signal);
  });

  program
    .command('compare')
    .showHelpAfterError(hintAt('bats-runner compare'))
    .description('compares two recordings shape by shape, or one with a simulator')
    .argument('<recording>', 'folder of a recording (A)')
    .argument('[other]', 'folder of another (B); without it the cases of A run on simulators')
    .option('--json', 'the differences as JSON')
    .option('--output <folder>', 'where the reports of a run on simulators go', outputFolder)
    .action((first: string, second: string | undefined, flags: CompareFlags) =>
      compare(first, second, flags, parts),
    );
}

async function compare(
  folder: string,
  otherFolder: string | undefined,
  { json, output }: CompareFlags,
  parts: ProgramParts,
): Promise<void> {
  const signal = parts.interruption();
  const first = { name: folder, recording: recordingIn(folder) };
  const second =
    otherFolder === undefined
      ? await recordSimulator(casesOf(first.recording), output, parts)
      : { name: otherFolder, recording: recordingIn(otherFolder) };
  const comparison = compareRecordings(first.recording, second.recording);
  process.stdout.write(
    json === true
      ? `${JSON.stringify(comparison, null, 2)}\n`
      : comparisonReport(first, second, comparison),
  );
  const isSame = comparison.differences.every(({ mayBeTiming }) => mayBeTiming);
  parts.end(isSame && comparison.compared.length > 0 && !signal.aborted, signal);
}

function recordingIn(folder: string): Recording {
  const recording = readRecording(folder);
  if (recording.transcripts.size > 0) return recording;
  throw new UsageError(`${folder} has no transcript of a case: there is nothing to compare`);
}

/** What cases that fail there have asked and got is part of the comparison, too. */
async function recordSimulator(
  cases: readonly string[],
  output: string,
  parts: ProgramParts,
): Promise<NamedRecording> {
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-recording-'));
  try {
    const flags = { case: cases, target: 'simulator', output } as const;
    await contract(flags, parts, { recording: folder, reportsOn: process.stderr });
    return { name: 'simulators of this package', recording: readRecording(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
