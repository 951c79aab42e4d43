import { Command } from 'commander';
import { packageVersion } from './package-version.js';

/** Exit code for "the environment does not allow it", here: the program is not built yet. */
const notAvailable = 3;

/** Runs a program that so far can only tell what it will do. */
export function runPlannedProgram(name: string, purpose: string): void {
  new Command(name)
    .description(`${purpose}\nNot available in this version: started, it says so and ends.`)
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .option('--config <file>', 'configuration file')
    .showHelpAfterError(`(${name} --help tells how to use it)`)
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, `${name}: `)),
    })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(() => {
      process.stderr.write(`${name} is not available in this version. ${purpose}\n`);
      process.exitCode = notAvailable;
    })
    .parse(process.argv);
}
