import { readFileSync } from 'node:fs';
import { CloudConfigError, readCloudConfig, type CloudConfig } from './cloud-config.js';
import { accountOf, lookAtCloud, operatorOf } from './preflight.js';
import { simulatorControl } from './simulator-control.js';
import type { Target } from './target.js';

/** Reads a configuration file. Throws CloudConfigError with all of its mistakes. */
export function readCloudConfigFile(file: string): CloudConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (failure) {
    throw new CloudConfigError(file, [`it cannot be read: ${(failure as Error).message}`]);
  }
  return readCloudConfig(file, text);
}

export interface CloudTargetOptions {
  /** `simulator` says that the cloud is a running simulator, whose control may be used, too. */
  readonly name: Target['name'];
  readonly config: CloudConfig;
  readonly cpiCommand: string;
  readonly cpiConfiguration?: Target['cpiConfiguration'];
}

/** A cloud that is there already. Throws PreflightError if it is not as its configuration says. */
export async function openCloudTarget(options: CloudTargetOptions): Promise<Target> {
  const { name, config, cpiCommand, cpiConfiguration } = options;
  const offers = await lookAtCloud(config);
  const control = `${new URL(config.cloudstack.endpoint).origin}/_sim`;
  return {
    name,
    account: accountOf(config),
    operator: operatorOf(config),
    offers,
    cpiCommand,
    cpiSettings: config.cpi ?? {},
    cpiConfiguration,
    simulator: name === 'simulator' ? simulatorControl(control) : undefined,
  };
}
