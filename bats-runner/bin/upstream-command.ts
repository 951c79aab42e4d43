import { resolve } from 'node:path';
import type { Command } from 'commander';
import { unlessInterrupted } from '../interrupted.js';
import { readCloudConfigFile } from '../target/cloud-target.js';
import { lookAtCloud } from '../target/preflight.js';
import { packageVersion } from '../target/programs.js';
import { runUpstream } from '../upstream/run-upstream.js';
import { makeUsableFolder } from '../usable-folder.js';
import { UsageError } from '../usage-error.js';
import { hintAt, outputFolder, type ProgramParts } from './contract-commands.js';

interface UpstreamFlags {
  readonly bats: string;
  readonly bosh: string;
  readonly config: string;
  readonly output: string;
  readonly stemcell: string;
}

/** Adds the command that runs the acceptance tests of a Director. */
export function addUpstreamCommand(program: Command, parts: ProgramParts): void {
  program
    .command('upstream')
    .showHelpAfterError(hintAt('bats-runner upstream'))
    .description('the BOSH acceptance tests, on a Director that BOSH_ENVIRONMENT leads to')
    .argument('[spec...]', 'files of examples in the checkout; all without it')
    .requiredOption('--config <file>', 'what the cloud has, as for contract')
    .requiredOption('--bats <folder>', 'a checkout of cloudfoundry/bosh-acceptance-tests')
    .requiredOption('--stemcell <file>', 'the stemcell to deploy with')
    .option('--bosh <path>', 'the bosh CLI', 'bosh')
    .option('--output <folder>', 'where the reports go, also those of contract', outputFolder)
    .action((specs: string[], flags: UpstreamFlags) => upstream(specs, flags, parts));
}

async function upstream(specs: string[], flags: UpstreamFlags, parts: ProgramParts): Promise<void> {
  const { bats, bosh, output, stemcell } = flags;
  const signal = parts.interruption();
  const config = readCloudConfigFile(flags.config);
  if ((process.env['BOSH_ENVIRONMENT'] ?? '') === '') {
    throw new UsageError(
      'BOSH_ENVIRONMENT is not set: it leads to the Director, with BOSH_CLIENT, ' +
        'BOSH_CLIENT_SECRET and BOSH_CA_CERT',
    );
  }
  makeUsableFolder('--output', output);
  const offers = await unlessInterrupted(signal, 'interrupted before the first example', () =>
    lookAtCloud(config, signal),
  );
  const isGood = await runUpstream({
    config,
    offers,
    checkout: resolve(bats),
    stemcell: resolve(stemcell),
    boshCli: bosh.includes('/') ? resolve(bosh) : bosh,
    specs,
    output: resolve(output),
    runner: `bosh-cloudstack-cpi ${packageVersion(import.meta.url)}, Node ${process.versions.node}`,
    environment: process.env,
    write: (text) => process.stderr.write(text),
    clock: { nowMs: () => performance.now(), nowIso: () => new Date().toISOString() },
    signal,
  });
  process.stdout.write(`reports: ${output}/receipt.md and beside it\n`);
  parts.end(isGood, signal);
}
