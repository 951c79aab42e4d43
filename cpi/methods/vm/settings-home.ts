import type { SettingsHome } from '../../agent/agent-user-data.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';

/** From this version of a stemcell on its agent finds all its settings in the user data. */
const firstWithoutRegistry = 2;

/** Whether the agent of the VM that a call is about knows nothing of settings in user data. */
export function needsRegistry({ context: { stemcellApiVersion: version } }: Call): boolean {
  return version !== undefined && version < firstWithoutRegistry;
}

/**
 * Where the agent of a stemcell is to find its settings. Callers do not always tell the version:
 * the agent then finds them in both places or, without a registry, in the user data with a warning.
 *
 * @throws BoshError of type NotSupported if it would never find them.
 */
export function settingsHome(call: Call, stemcellCid: string): SettingsHome {
  const { context, registry, log } = call;
  const { stemcellApiVersion: version } = context;
  if (registry !== undefined) {
    if (version === undefined) return 'both';
    return needsRegistry(call) ? 'registry' : 'user data';
  }
  if (needsRegistry(call)) {
    throw new BoshError(
      'NotSupported',
      `create_vm: stemcell ${stemcellCid} has api_version ${version}, so its agent asks a registry ` +
        'for its settings, and the CPI is told of none. Run cloudstack-registry and set ' +
        'registry.host, registry.username and registry.password, or use a stemcell whose manifest ' +
        `says api_version ${firstWithoutRegistry} or later`,
    );
  }
  if (version === undefined) {
    log(
      `warning: the caller does not tell the api_version of stemcell ${stemcellCid}; below ` +
        `${firstWithoutRegistry} its agent may ask a registry, and the CPI is told of none`,
    );
  }
  return 'user data';
}
