export const defaultConfigPath = '/var/vcap/jobs/cloudstack_cpi/config/cpi.json';

/**
 * Reads the options of a CPI call. What is no call (check, permissions, gc, --help, --version,
 * wrong usage) is done here, and ends the program.
 */
export async function parseCommandLine(argv: readonly string[]): Promise<{ configPath: string }> {
  // As Directors start it, twice for nearly every call: no parser needs to be loaded for that.
  const [, , option, value] = argv;
  if (option === undefined) return { configPath: defaultConfigPath };
  if (option === '--config' && value !== undefined && argv.length === 4) {
    return { configPath: value };
  }
  const { parseForOperator } = await import('./operator-command-line.js');
  return parseForOperator(argv, defaultConfigPath);
}
