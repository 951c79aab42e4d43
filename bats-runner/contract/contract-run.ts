import { resolve } from 'node:path';
import { CloudClient, type CloudAccount } from '../cloud/client.js';
import { Cloud } from '../cloud/cloud.js';
import { sweep, findOurs, type Swept } from '../cloud/sweep.js';
import { textOf } from '../json.js';
import { addressesIn, type CloudConfig } from '../target/cloud-config.js';
import { readCloudConfigFile } from '../target/cloud-target.js';
import { readCpiTemplateFile } from '../target/cpi-template.js';
import { lookAtCpi, type CpiLook } from '../target/preflight-cpi.js';
import { accountOf, lookAtCloud, operatorOf } from '../target/preflight.js';
import type { Target } from '../target/target.js';
import { makeUsableFolder } from '../usable-folder.js';
import { UsageError } from '../usage-error.js';
import { forgetMade, isMarked, readMade } from './marks.js';
import type { SuiteSettings } from './suite-settings.js';

/** What the user has said about a run of the contract, or about sweeping after one. */
export interface ContractWishes {
  readonly target: SuiteSettings['target'];
  readonly config: string | undefined;
  readonly cpi: string | undefined;
  readonly cpiTemplate: string | undefined;
  readonly workers: number | undefined;
  readonly output: string;
  /** Where to record what CPI and cloud say to each other. */
  readonly recording?: string | undefined;
}

const simulatorLimitMs = 110_000;
const minuteMs = 60_000;

/**
 * Looks whether the cases can run as they are wished to, and on what. Throws UsageError for what the
 * user has to say otherwise, and PreflightError for a cloud that is not as its configuration says.
 */
export async function prepareRun(
  wishes: ContractWishes,
  versions: { readonly package: string; readonly node: string },
  run: string,
  looking: Looking,
): Promise<SuiteSettings> {
  const { target, config: file, cpi, cpiTemplate, output, recording } = wishes;
  const config = file === undefined ? undefined : readCloudConfigFile(file);
  assertSensible(wishes);
  makeUsableFolder('--output', output);
  const configuration = cpiTemplate === undefined ? undefined : readCpiTemplateFile(cpiTemplate);
  if (cpi !== undefined) await lookAtCpi({ ...looking, ...cpiLook(cpi, configuration) });
  const facts: [string, string][] = [
    ['runner', `bosh-cloudstack-cpi ${versions.package}, Node ${versions.node}`],
    ['CPI', cpi ?? `bosh-cloudstack-cpi ${versions.package}`],
    ...(config === undefined
      ? [['cloud', `simulators of bosh-cloudstack-cpi ${versions.package}`] as [string, string]]
      : await factsOf(config, looking)),
  ];
  return {
    target,
    ...(file !== undefined && { config: file }),
    ...(cpi !== undefined && { cpi }),
    ...(cpiTemplate !== undefined && { cpiTemplate }),
    workers: wishes.workers ?? (config === undefined ? 2 : 1),
    limitMs: config === undefined ? simulatorLimitMs : config.minutes_per_case * minuteMs,
    run,
    // Playwright would take it from the folder of the cases.
    output: resolve(output),
    ...(recording !== undefined && { recording }),
    repeat: repeatOf(wishes),
    facts,
  };
}

function assertSensible({ target, config, workers }: ContractWishes): void {
  if (target === 'cloud' && config === undefined) {
    throw new UsageError(
      '--target cloud needs --config FILE; docs/bats-runner/cloud.md tells what stands in it',
    );
  }
  if (config !== undefined && (workers ?? 1) > 1) {
    throw new UsageError(
      'cases share the account that --config names, and are run one after another: leave out --workers',
    );
  }
}

/** How a look at a cloud goes on. */
export interface Looking {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears what it is about to wait for. */
  readonly tell: (line: string) => void;
  readonly environment: NodeJS.ProcessEnv;
  readonly nowMs: () => number;
}

/** A CPI may ask the cloud for its info, which is not there yet: an error is an answer, too. */
const nobody = {
  endpoint: 'http://127.0.0.1:9/client/api',
  // As they are taken out of what it says, they are words that it does not say by itself.
  apiKey: 'no-key-before-the-run',
  secretKey: 'no-secret-key-before-the-run',
};

function cpiLook(
  command: string,
  configurationOf: Target['cpiConfiguration'],
): Pick<CpiLook, 'command' | 'configuration' | 'withinMs'> {
  const { endpoint, apiKey: api_key, secretKey: secret_access_key } = nobody;
  const usual = { cloudstack: { endpoint, api_key, secret_access_key } };
  return { command, configuration: configurationOf?.(nobody) ?? usual, withinMs: minuteMs };
}

/** Throws PreflightError. */
async function factsOf(
  config: CloudConfig,
  { signal, tell }: Looking,
): Promise<[string, string][]> {
  tell(
    `looking at the cloud at ${config.cloudstack.endpoint}; an answer may take ` +
      `${config.seconds_per_answer} s (seconds_per_answer)`,
  );
  const offers = await lookAtCloud(config, signal);
  const { capability } = await new CloudClient(accountOf(config), signal).call('listCapabilities');
  const version = textOf((capability as { cloudstackversion?: string }).cloudstackversion);
  return [
    ['cloud', `CloudStack ${version} at ${config.cloudstack.endpoint}`],
    ['zone', `${offers.zone}, ${offers.hypervisor}, network ${offers.network.name}`],
    ['template', offers.template],
  ];
}

function repeatOf({ target, config, cpi, cpiTemplate, output }: ContractWishes): string {
  const options = [
    ['--target', target],
    ['--config', config],
    ['--cpi', cpi],
    ['--cpi-config', cpiTemplate],
    ['--output', output],
  ] as const;
  const given = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${quoted(value)}`],
  );
  return ['bats-runner contract', ...given].join(' ');
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export interface SweepWishes {
  readonly config: CloudConfig;
  /** The folder of the reports, in which runs note what they ask for. */
  readonly output: string;
  /** Of one run only; of all without it. */
  readonly run?: string;
  readonly isDryRun: boolean;
  /** Ends it. */
  readonly signal?: AbortSignal;
  readonly pause: (ms: number) => Promise<unknown>;
}

const jobLookEveryMs = 1000;
const roundEveryMs = 10_000;

/** Deletes from a cloud what runs have left there, or only tells what that is. */
export async function sweepCloud(wishes: SweepWishes): Promise<Swept> {
  const { config, output, run, isDryRun, signal, pause } = wishes;
  const made = readMade(output, run);
  const vips = new Set(config.vips ?? []);
  const operator = operatorOf(config);
  const cloudOf = (account: CloudAccount): Cloud =>
    new Cloud(
      new CloudClient(account, signal),
      () => pause(jobLookEveryMs),
      config.minutes_per_case * minuteMs,
    );
  const options = {
    cloud: cloudOf(accountOf(config)),
    operator: operator && cloudOf(operator),
    // The public addresses of the configuration are for the cases, and nobody else's.
    isOurText: (text: string) => isMarked(text, run) || made.has(text) || vips.has(text),
    reserved: addressesIn(config),
    pause: () => pause(roundEveryMs),
  };
  if (isDryRun) return { deleted: await findOurs(options), problems: [] };
  const swept = await sweep(options);
  // What has been cleared away is nobody's mark any more: an address may be somebody else's tomorrow.
  if (swept.problems.length === 0) forgetMade(output, run);
  return swept;
}
