import { Command, CommanderError } from 'commander';
import type { CheckFlags } from './check-command.js';
import { exit } from './exit-status.js';
import type { GcFlags } from './gc-command.js';
import { packageVersion } from './package-version.js';
import type { PermissionsFlags } from './permissions-command.js';
import { endWith, letReaderGo } from './standard-output.js';
import { teaching, teachingOfCheck, teachingOfGc, teachingOfPermissions } from './teaching.js';

/**
 * Reads a command line that people wrote. Everything but a CPI call is done here, and ends the
 * program.
 */
export async function parseForOperator(
  argv: readonly string[],
  defaultConfigPath: string,
): Promise<{ configPath: string }> {
  let configPath: string | undefined;
  const program = new Command('cloudstack-cpi')
    .description('BOSH CPI for Apache CloudStack: answers one CPI call, or helps its operator.')
    .version(packageVersion(), '--version', 'print the version')
    .option('--config <file>', 'configuration file', defaultConfigPath);
  program.hook('preAction', (_, command) => {
    if (command !== program) letReaderGo();
  });
  asOurs(program, 'cloudstack-cpi', teaching)
    // What is no command of ours may have options of its own: the name is what is wrong.
    .allowExcessArguments()
    .passThroughOptions()
    .enablePositionalOptions()
    .action((_flags: object, { args: [unknown] }: Command) => {
      if (unknown !== undefined) {
        const commands = program.commands.map((command) => command.name()).join(', ');
        program.error(
          `error: there is no command ${unknown}; a call has none, and there are ${commands}`,
        );
      }
      configPath = configOf(program);
    });
  addCheck(program);
  addPermissions(program);
  addGc(program);
  await program.parseAsync(argv).catch(endOfUsage);
  return { configPath: configPath ?? defaultConfigPath };
}

function addCheck(program: Command): void {
  const command = program
    .command('check')
    .description('look whether the cloud has what the CPI needs, and lets it do its work')
    .option('--network <name...>', 'look at these networks, by name or id, instead of all')
    .option('--json', 'the result as JSON')
    .option(...configHere);
  asOurs(command, 'cloudstack-cpi check', teachingOfCheck).action(async (flags: CheckFlags) => {
    const { runCheckCommand } = await import('./check-command.js');
    await endWith(await runCheckCommand(configOf(program, command), flags));
  });
}

function addPermissions(program: Command): void {
  const command = program
    .command('permissions')
    .description('print the role that CloudStack must grant to the account of the CPI')
    .argument('[method...]', 'only for these methods of the CPI, gc and check; all unless given')
    .option('--required', 'only the rules without which a method fails')
    .option('--csv', "the role as CloudStack's user interface imports it")
    .option('--cmk', 'the role as a command for CloudMonkey')
    .option('--name <name>', 'name of that role', 'bosh-cpi')
    .option('--json', 'the role, and what each method needs, as JSON');
  asOurs(command, 'cloudstack-cpi permissions', teachingOfPermissions).action(
    async (methods: string[], flags: PermissionsFlags) => {
      const { runPermissionsCommand, usageProblem } = await import('./permissions-command.js');
      const problem = usageProblem(methods, flags);
      if (problem !== undefined) command.error(`error: ${problem}`);
      await endWith(runPermissionsCommand(methods, flags));
    },
  );
}

function addGc(program: Command): void {
  const command = program
    .command('gc')
    .description('find, and remove, what calls that were killed have left in the cloud')
    .option('--director <uuid>', 'only what this Director left; without it, any Director')
    .option(
      '--older-than <time>',
      'only what is at least as old by the clock of the cloud: 90m, 24h, 7d',
      '24h',
    )
    .option('--delete', 'remove it; without this nothing is changed')
    .option('--json', 'the result as JSON')
    .option(...configHere);
  asOurs(command, 'cloudstack-cpi gc', teachingOfGc).action(async (flags: GcFlags) => {
    const { runGcCommand, usageProblem } = await import('./gc-command.js');
    const problem = usageProblem(flags);
    if (problem !== undefined) command.error(`error: ${problem}`);
    await endWith(await runGcCommand(configOf(program, command), flags));
  });
}

/** What all commands have in common: help that teaches, and 2 for wrong usage. */
function asOurs(command: Command, name: string, text: string): Command {
  return command
    .helpOption('--help', 'print this help')
    .allowExcessArguments(false)
    .addHelpText('after', text)
    .showHelpAfterError(`(${name} --help tells how to use it)`)
    .configureOutput({
      outputError: (problem, write) => write(problem.replace(/^error: /, 'cloudstack-cpi: ')),
    })
    .exitOverride();
}

/** Help and version are what was asked for; anything else that ends the reading is wrong usage. */
function endOfUsage(failure: unknown): Promise<never> {
  if (!(failure instanceof CommanderError)) throw failure;
  letReaderGo();
  return endWith(failure.exitCode === 0 ? exit.good : exit.usage);
}

/** People write it after the command as often as before it. */
const configHere = ['--config <file>', 'configuration file, here or before the command'] as const;

function configOf(program: Command, command?: Command): string {
  const here = command?.opts<{ config?: string }>().config;
  return here ?? program.opts<{ config: string }>().config;
}
