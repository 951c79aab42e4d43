import { nodeCommand } from '../director/cpi-process.js';
import { openCloudTarget, readCloudConfigFile } from './cloud-target.js';
import { readCpiTemplateFile } from './cpi-template.js';
import { printedRole } from './printed-role.js';
import type { PackagePaths } from './programs.js';
import { openSimulatorTarget } from './simulator-target.js';
import type { Target } from './target.js';

export interface TargetSurroundings {
  readonly paths: PackagePaths;
  readonly nodePath: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Waits between two looks for a ready file. */
  readonly pause: (ms: number) => Promise<unknown>;
}

export interface TargetSettings {
  readonly target?: Target['name'];
  /** The configuration file of a cloud, or of a simulator that runs already. */
  readonly config?: string | undefined;
  /** A command line for `sh` that runs the CPI; the package's own unless given. */
  readonly cpi?: string | undefined;
  /** The file with the template of its cpi.json; ours unless given. */
  readonly cpiTemplate?: string | undefined;
}

/** The cloud that is there already, or a simulator that is started. */
export async function openTarget(
  settings: TargetSettings,
  { paths, nodePath, environment, pause }: TargetSurroundings,
): Promise<{ readonly target: Target; readonly close: () => Promise<void> }> {
  const { target: name = 'simulator', config, cpi, cpiTemplate } = settings;
  const cpiCommand = cpi ?? nodeCommand(nodePath, paths.cpi);
  const cpiConfiguration = cpiTemplate === undefined ? undefined : readCpiTemplateFile(cpiTemplate);
  if (config !== undefined) {
    const read = readCloudConfigFile(config);
    const target = await openCloudTarget({ name, config: read, cpiCommand, cpiConfiguration });
    return { target, close: () => Promise.resolve() };
  }
  const started = await openSimulatorTarget({
    program: paths.simulator,
    nodePath,
    cpiCommand,
    // Our own CPI works in an account that may do what it says to need, and nothing else.
    role: cpi === undefined ? await printedRole(nodePath, paths.cpi, environment) : undefined,
    environment,
    pause,
  });
  return { ...started, target: { ...started.target, cpiConfiguration } };
}
