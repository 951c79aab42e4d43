import type { Call } from '../methods/call/call.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import { checkConnection } from './connection.js';
import { checkExpunge } from './expunge.js';
import { failed, type Finding } from './finding.js';
import { checkKeyPair } from './key-pair.js';
import { checkNetworks } from './networks.js';
import { checkOfferings } from './offerings.js';
import { checkOwner } from './owner.js';
import { allowedCommands, checkPermissions } from './permissions.js';
import { checkRegistry } from './registry.js';
import { checkStemcellServer } from './stemcell-server.js';
import { checkStemcells } from './stemcells.js';
import { checkUserData } from './user-data.js';
import { checkZone } from './zone.js';

export interface InspectionOptions {
  /** Names or ids of the networks to look at; all that the account can use if there are none. */
  readonly networks: readonly string[];
}

/**
 * Looks at everything that the CPI needs of the cloud, and changes nothing there. What cannot be
 * looked at, because something before it failed, is left out.
 */
export async function* inspect(
  call: Call,
  options: InspectionOptions,
): AsyncGenerator<Finding, void> {
  const { capabilities, findings } = await checkConnection(call);
  yield* findings;
  if (capabilities === undefined) return;
  let allowed: ReadonlySet<string> | undefined;
  yield* await guarded('permissions', async () => {
    allowed = await allowedCommands(call);
    return checkPermissions(allowed);
  });
  const inspection = { call, capabilities, allowed };
  yield* await guarded('expunge', () => checkExpunge(inspection));
  yield* await guarded('user data', () => checkUserData(inspection));
  yield* await guarded('key pair', () => checkKeyPair(inspection));
  yield* await guarded('registry', () => checkRegistry(call));
  yield* await guarded('stemcell server', () => checkStemcellServer(call));
  const { zone, finding } = await checkZone(call);
  yield finding;
  if (zone === undefined) return;
  const inZone = { ...inspection, zone };
  yield* await guarded('offerings', () => checkOfferings(inZone));
  const owner = await checkOwner(call);
  yield* owner;
  if (owner.some(({ verdict }) => verdict === 'failed')) return;
  yield* await guarded('networks', () => checkNetworks(inZone, options.networks));
  yield* await guarded('stemcells', () => checkStemcells(inZone));
}

/** A check that cannot be made is a finding, too. */
async function guarded(
  about: string,
  check: () => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (failure) {
    return [
      failed(
        about,
        `cannot be looked at: ${toBoshError(failure).message}`,
        'allow the account what `cloudstack-cpi permissions check` prints, or repair what failed',
      ),
    ];
  }
}
