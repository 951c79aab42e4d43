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

/**
 * Reads the options of a CPI call; ends the program for --help, --version (exit 0) and wrong usage
 * (exit 2: that is no CPI call).
 */
export async function parseCommandLine(argv: readonly string[]): Promise<{ configPath: string }> {
  // As Directors start it, twice for nearly every call: no parser needs to be loaded for that.
  const [, , option, value] = argv;
  if (option === undefined) return { configPath: defaultConfigPath };
  if (option === '--config' && value !== undefined && argv.length === 4) {
    return { configPath: value };
  }
  const { Command } = await import('commander');
  const program = new Command('cloudstack-cpi')
    .description('BOSH CPI for Apache CloudStack: answers one CPI call.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .option('--config <file>', 'configuration file', defaultConfigPath)
    .allowExcessArguments(false)
    .addHelpText('after', teaching)
    .showHelpAfterError('(cloudstack-cpi --help tells how to use it)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(argv);
  return { configPath: program.opts<{ config: string }>().config };
}
