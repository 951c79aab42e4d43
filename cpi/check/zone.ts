import { findZone } from '../cloudstack/find-catalog.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import type { Zone } from '../cloudstack/types.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import type { Call } from '../methods/call/call.js';
import { failed, ok, warning, type Finding } from './finding.js';

/** Whether there is the zone of the configuration, and things can be placed in it. */
export async function checkZone(call: Call): Promise<{ zone: Zone | undefined; finding: Finding }> {
  const { default_zone: named } = call.configuration.cloudstack;
  try {
    const zone = await findZone(call.client, named);
    return { zone, finding: judge(zone) };
  } catch (failure) {
    const advice = isCloudStackError(failure, 'not-found')
      ? 'set cloudstack.default_zone to the name or id of a zone'
      : 'allow the account what `cloudstack-cpi permissions check` prints, or repair what failed';
    const finding = failed('zone', toBoshError(failure).message, advice);
    return { zone: undefined, finding };
  }
}

function judge({
  name,
  id,
  networktype: type,
  allocationstate,
  localstorageenabled,
}: Zone): Finding {
  const storage = localstorageenabled === true ? 'with' : 'without';
  const text = `${name} (${id}) is ${type ?? 'a zone'}, ${storage} local storage`;
  if (allocationstate === 'Disabled') {
    return failed('zone', `${text}, and disabled`, 'enable it, or take another default_zone');
  }
  if (type === 'Basic') {
    return warning(
      'zone',
      `${text}: the CPI names a network for each NIC, which is for advanced zones`,
      'use an advanced zone',
    );
  }
  return ok('zone', text);
}
