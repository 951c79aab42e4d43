import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Interrupted } from '../interrupted.js';
import { batsFiles, mergeReports, writeReceipt } from '../reports/merged-reports.js';
import { redactor, secretsIn, type Redact } from '../secrets.js';
import type { CloudConfig } from '../target/cloud-config.js';
import type { CloudOffers } from '../target/target.js';
import { UsageError } from '../usage-error.js';
import { batYml } from './bat-yml.js';
import { batsReceiptPage } from './bats-receipt.js';
import { putTemplate } from './cloud-config-template.js';
import { directorOf, keepFailedTasks, type Director } from './director.js';
import { makeKeyPair } from './key-pair.js';
import { outputOf, ProgramError, runProgram } from './program.js';
import { BatsProgress } from './progress.js';
import { junitSuite, type BatsResults } from '../reports/bats-results.js';
import { readStemcellManifest, type StemcellManifest } from './stemcell-manifest.js';
import { chooseExamples, unknownTags, type Choice } from './tags.js';
import { resultsOf } from './written-results.js';

export interface UpstreamOptions {
  readonly config: CloudConfig;
  /** What the cloud has, as it was looked at. */
  readonly offers: CloudOffers;
  /** A checkout of cloudfoundry/bosh-acceptance-tests. */
  readonly checkout: string;
  /** A stemcell's archive. */
  readonly stemcell: string;
  /** The bosh CLI: a path, or a name on the PATH. */
  readonly boshCli: string;
  /** Files of examples in the checkout; all without any. */
  readonly specs: readonly string[];
  /** The folder of the reports. */
  readonly output: string;
  /** What the receipt tells of the runner. */
  readonly runner: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  readonly clock: { readonly nowMs: () => number; readonly nowIso: () => string };
  readonly signal: AbortSignal;
}

/**
 * Runs the acceptance tests of a Director. Answers whether all that were chosen passed. Throws
 * UsageError for what the user has to give otherwise, ProgramError for a program that does not work,
 * Interrupted if the signal came before anything is known of an example.
 */
export async function runUpstream(options: UpstreamOptions): Promise<boolean> {
  try {
    return await runAndReport(options);
  } catch (failure) {
    // Ctrl-C ends the programs, too.
    if (!(failure instanceof ProgramError) || !options.signal.aborted) throw failure;
    throw new Interrupted(`interrupted: ${failure.message}`);
  }
}

async function runAndReport(options: UpstreamOptions): Promise<boolean> {
  const { config, offers, checkout, output, environment, write } = options;
  assertCheckout(checkout);
  assertShellSafe(options);
  const stemcell = await readStemcellManifest(options.stemcell);
  const cli = { command: options.boshCli, environment, cwd: checkout };
  const director = await directorOf(cli);
  const choice = chooseExamples(config, offers);
  for (const { what, reason } of choice.leftOut) write(`left out: ${what}, because ${reason}\n`);
  const unknown = unknownTags(examplesIn(checkout));
  if (unknown.length > 0)
    write(`tried, though nothing is known of the tag: ${unknown.join(', ')}\n`);
  if (!putTemplate(checkout)) write('the checkout has a template for CloudStack: it is used\n');
  mkdirSync(output, { recursive: true });
  const redact = redactor(secretsIn(config));
  const facts = await factsOf(options, { director, stemcell });
  const run = await runExamples(options, { stemcell, choice, redact });
  const isGood = run.verdict === 'passed';
  writeFileSync(join(output, batsFiles.junit), junitSuite(run.results));
  const problem = mergeReports(output);
  if (problem !== undefined) write(`${problem}\n`);
  const { leftOut } = choice;
  writeReceipt(output, 'bats', batsReceiptPage({ ...run, facts, leftOut }));
  if (!isGood) await keepFailedTasks(cli, join(output, 'bats-tasks'), redact, write);
  return isGood;
}

/** Nothing more is begun. */
function assertNotEnded({ signal }: UpstreamOptions): void {
  if (signal.aborted) throw new Interrupted('interrupted before the first example');
}

function assertCheckout(checkout: string): void {
  const missing = ['Gemfile', 'spec/system', 'templates'].filter(
    (name) => !existsSync(join(checkout, name)),
  );
  if (missing.length === 0) return;
  throw new UsageError(
    `${checkout} is no checkout of the acceptance tests: it has no ${missing.join(', no ')}. ` +
      'git clone https://github.com/cloudfoundry/bosh-acceptance-tests makes one',
  );
}

function examplesIn(checkout: string): string[] {
  const folder = join(checkout, 'spec/system');
  return readdirSync(folder)
    .filter((name) => name.endsWith('_spec.rb'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** The acceptance tests hand both to a shell as they are. */
function assertShellSafe({ stemcell, boshCli }: UpstreamOptions): void {
  const bad = [resolve(stemcell), boshCli].find((path) => !/^[\w@%+=:,./~-]+$/.test(path));
  if (bad === undefined) return;
  throw new UsageError(
    `${bad}: the acceptance tests give this path to a shell without quotes; move the file to a path ` +
      'of letters, digits and ordinary punctuation',
  );
}

interface Run {
  readonly verdict: 'passed' | 'failed' | 'interrupted';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly results: BatsResults;
}

async function runExamples(
  options: UpstreamOptions,
  { stemcell, choice, redact }: { stemcell: StemcellManifest; choice: Choice; redact: Redact },
): Promise<Run> {
  const { config, offers, checkout, output, write, clock, signal } = options;
  // bat.yml has a private key in it.
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-bats-'));
  const batYmlFile = join(folder, 'bat.yml');
  const log = createWriteStream(join(output, 'bats.log'));
  const [startedMs, startedAt] = [clock.nowMs(), clock.nowIso()];
  const progress = new BatsProgress(write, clock.nowMs);
  try {
    const sshKeyPair = makeKeyPair();
    writeFileSync(batYmlFile, batYml({ config, offers, stemcell, sshKeyPair }), { mode: 0o600 });
    const environment = {
      ...options.environment,
      BAT_STEMCELL: resolve(options.stemcell),
      BAT_BOSH_CLI: options.boshCli,
      BAT_DEPLOYMENT_SPEC: batYmlFile,
      BAT_INFRASTRUCTURE: 'cloudstack',
    };
    const bundle = { command: 'bundle', cwd: checkout, environment };
    assertNotEnded(options);
    await outputOf({ ...bundle, args: ['install'] });
    assertNotEnded(options);
    const json = resolve(output, batsFiles.json);
    rmSync(json, { force: true });
    const code = await runProgram({
      ...bundle,
      args: rspecArguments(options.specs, choice, json),
      onLine: (line) => {
        const open = redact(line);
        log.write(`${open}\n`);
        progress.line(open);
      },
    });
    const ended = { json, log: `${output}/bats.log`, progress, code, startedAt, redact };
    const results = resultsOf(ended);
    const { outcomes, problem } = results;
    if (problem !== undefined) write(`${problem}\n`);
    const hasPassed = outcomes.some(({ status }) => status === 'passed');
    const isGood = code === 0 && problem === undefined && hasPassed;
    const verdict = signal.aborted ? 'interrupted' : isGood ? 'passed' : 'failed';
    return { verdict, startedAt, durationMs: clock.nowMs() - startedMs, results };
  } finally {
    await new Promise<void>((resolve) => log.end(() => resolve()));
    rmSync(folder, { recursive: true });
  }
}

function rspecArguments(specs: readonly string[], choice: Choice, json: string): string[] {
  // What is said here replaces the formatter in .rspec, which tells of progress: it is said again.
  const formats = ['--format', 'BatsVerboseFormatter', '--format', 'json', '--out', json];
  const files = specs.length === 0 ? ['spec/system'] : specs;
  return ['exec', 'rspec', ...files, ...formats, ...choice.options];
}

async function factsOf(
  { config, offers, checkout, runner, environment }: UpstreamOptions,
  { director, stemcell }: { director: Director; stemcell: StemcellManifest },
): Promise<(readonly [string, string])[]> {
  const git = { command: 'git', cwd: checkout, environment };
  const commit = await outputOf({ ...git, args: ['rev-parse', '--short', 'HEAD'] }).catch(
    (failure: unknown) => {
      if (failure instanceof ProgramError) return 'unknown';
      throw failure;
    },
  );
  return [
    ['runner', runner],
    ['Director', `${director.name} ${director.version}, CPI ${director.cpi}`],
    ['stemcell', `${stemcell.name}/${stemcell.version}`],
    ['acceptance tests', `commit ${commit}`],
    ['cloud', config.cloudstack.endpoint],
    ['zone', `${offers.zone}, ${offers.hypervisor}, network ${offers.network.name}`],
  ];
}
