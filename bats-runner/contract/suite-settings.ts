import { z } from 'zod';

const settings = z.object({
  target: z.enum(['simulator', 'cloud']),
  /** The configuration file of a cloud, or of a simulator that runs already. */
  config: z.string().optional(),
  /** A command line for `sh` that runs the CPI; the package's own unless given. */
  cpi: z.string().optional(),
  /** The file with the template of its cpi.json; ours unless given. */
  cpiTemplate: z.string().optional(),
  workers: z.number(),
  /** How long a case may take. */
  limitMs: z.number(),
  /** The mark of the run. */
  run: z.string(),
  /** The folder of the reports. */
  output: z.string(),
  /** The folder of a recording of what CPI and cloud say to each other; nothing is kept without it. */
  recording: z.string().optional(),
  /** The command that runs what is named behind it in the same way. */
  repeat: z.string(),
  /** What the receipt tells of the run, beside its cases. */
  facts: z.array(z.tuple([z.string(), z.string()])),
});

/** What the program tells the processes that run the cases; no secrets are among it. */
export type SuiteSettings = z.output<typeof settings>;

const variable = 'CONTRACT_SETTINGS';

/** As a variable of the environment. */
export function asVariable(all: SuiteSettings): Record<string, string> {
  return { [variable]: JSON.stringify(all) };
}

/** Undefined where the cases are run by something else than the program. */
export function settingsIn(environment: NodeJS.ProcessEnv): SuiteSettings | undefined {
  const text = environment[variable];
  return text === undefined ? undefined : settings.parse(JSON.parse(text));
}
