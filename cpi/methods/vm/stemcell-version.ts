import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';

/** From this version of a stemcell on its agent finds all its settings in the user data. */
const firstWithoutRegistry = 2;

/**
 * Refuses a VM whose agent would never find its settings: that of a stemcell of API version 1 asks
 * a registry. Callers do not always tell the version, so without one there is only a warning.
 *
 * @throws BoshError of type NotSupported.
 */
export function assertAgentNeedsNoRegistry({ context, log }: Call, stemcellCid: string): void {
  const { stemcellApiVersion } = context;
  if (stemcellApiVersion === undefined) {
    log(
      `warning: the caller does not tell the api_version of stemcell ${stemcellCid}; below ` +
        `${firstWithoutRegistry} its agent would ask a registry, which this CPI has not`,
    );
  } else if (stemcellApiVersion < firstWithoutRegistry) {
    throw new BoshError(
      'NotSupported',
      `create_vm: stemcell ${stemcellCid} has api_version ${stemcellApiVersion}, so its agent asks a ` +
        'registry for its settings, and this CPI has none. Use a stemcell whose manifest says ' +
        `api_version ${firstWithoutRegistry} or later`,
    );
  }
}
