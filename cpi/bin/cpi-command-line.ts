import type { Command as CommandLine } from 'commander';
import type { GcFlags } from './gc-command.js';
import { packageVersion } from './package-version.js';

export const defaultConfigPath = '/var/vcap/jobs/cloudstack_cpi/config/cpi.json';

const teaching = `
A Director or \`bosh create-env\` runs this program once per CPI call: it writes one JSON object to
stdin and reads one from stdout. The exit code of a call is 0 even if it failed; what went wrong
stands in the response's "error". Diagnostics go to stderr.

Try it, no cloud needed:

  echo '{"method":"info","arguments":[],"context":{"director_uuid":"me"}}' | cloudstack-cpi

A call that asks the cloud:

  echo '{"method":"has_vm","arguments":["some-vm-cid"],"context":{"director_uuid":"me"}}' |
    cloudstack-cpi --config cpi.json

A smallest cpi.json:

  {
    "cloudstack": {
      "endpoint": "https://cloud.example.com/client/api",
      "api_key": "...", "secret_access_key": "...", "default_zone": "zone1"
    },
    "agent": { "mbus": "nats://10.0.0.6:4222" }
  }

All properties: docs/cpi/configuration.md. The properties of a CPI configuration of the Director
come with each request and override the file.`;

const teachingOfGc = `
A CPI call that is killed, with its Director or its machine, cannot take back what it has begun. What
it leaves can be told from everything that is in use: VMs that never got metadata, disks that were
never attached, addresses and ephemeral disks of VMs that are gone, empty load balancer rules and
affinity groups, images that never came, all with the marks or names that this CPI gives. Only the
account of the configuration is looked at. A disk that a Director has created and not used for a day,
because its deployment failed, looks the same: before you delete, look at the list.

  cloudstack-cpi --config cpi.json gc
  cloudstack-cpi --config cpi.json gc --director 695b7248-0310-4930-646d-848b66efbaa5 --delete

Ages are told by the clock of the cloud where its answers have a Date header, else by this machine's.
Exit status: 0 all went well, 1 something could not be removed, 2 wrong usage, 3 the cloud or the
configuration does not allow it.`;

/**
 * Reads the options of a CPI call. What is no call (gc, --help, --version, wrong usage) is done
 * here, and ends the program.
 */
export async function parseCommandLine(argv: readonly string[]): Promise<{ configPath: string }> {
  // As Directors start it, twice for nearly every call: no parser needs to be loaded for that.
  const [, , option, value] = argv;
  if (option === undefined) return { configPath: defaultConfigPath };
  if (option === '--config' && value !== undefined && argv.length === 4) {
    return { configPath: value };
  }
  const { Command } = await import('commander');
  const exitOverride = ({ exitCode }: { exitCode: number }): never =>
    process.exit(exitCode === 0 ? 0 : 2);
  let configPath: string | undefined;
  const program = new Command('cloudstack-cpi')
    .description('BOSH CPI for Apache CloudStack: answers one CPI call, or clears up after calls.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .option('--config <file>', 'configuration file', defaultConfigPath)
    .addHelpText('after', teaching)
    .showHelpAfterError('(cloudstack-cpi --help tells how to use it)')
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'cloudstack-cpi: ')),
    })
    // What is no command of ours may have options of its own: the name is what is wrong.
    .allowExcessArguments()
    .passThroughOptions()
    .exitOverride(exitOverride)
    .enablePositionalOptions()
    .action((_flags: object, { args: [unknown] }: CommandLine) => {
      if (unknown !== undefined) {
        program.error(`error: there is no command ${unknown}; a call has none, and there is gc`);
      }
      configPath = program.opts<{ config: string }>().config;
    });
  program
    .command('gc')
    .description('find, and remove, what calls that were killed have left in the cloud')
    .helpOption('--help', 'print this help')
    .option('--director <uuid>', 'only what this Director left; without it, any Director')
    .option('--older-than <time>', 'only what is at least as old: 90m, 24h, 7d', '24h')
    .option('--delete', 'remove it; without this nothing is changed')
    .option('--json', 'the result as JSON')
    .addHelpText('after', teachingOfGc)
    .showHelpAfterError('(cloudstack-cpi gc --help tells how to use it)')
    .allowExcessArguments(false)
    .exitOverride(exitOverride)
    .action(async (flags: GcFlags, gc: CommandLine) => {
      const { runGcCommand, usageProblem } = await import('./gc-command.js');
      const problem = usageProblem(flags);
      if (problem !== undefined) gc.error(`error: ${problem}`);
      process.exit(await runGcCommand(program.opts<{ config: string }>().config, flags));
    });
  await program.parseAsync(argv);
  return { configPath: configPath ?? defaultConfigPath };
}
