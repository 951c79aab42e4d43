import { findOsType } from '../cloudstack/find-catalog.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { marks, tagsByKey } from '../cloudstack/tags.js';
import type { Template } from '../cloudstack/types.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { ZoneInspection } from './inspection.js';

/** Whether stemcells can become templates: by their OS type, and by what became of earlier ones. */
export async function checkStemcells(inspection: ZoneInspection): Promise<Finding[]> {
  return [await osType(inspection), await earlierStemcells(inspection)];
}

async function osType({ call }: ZoneInspection): Promise<Finding> {
  const { os_type: named } = call.configuration.stemcell;
  try {
    const { description } = await findOsType(call.client, named);
    return ok('stemcells', `their OS type is ${description}`);
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found')) throw failure;
    return failed('stemcells', failure.text, 'set stemcell.os_type to the description of one');
  }
}

/** Nothing but an upload shows that there is a way to the secondary storage VM. */
async function earlierStemcells({ call, zone }: ZoneInspection): Promise<Finding> {
  const own = await call.client.list('listTemplates', { templatefilter: 'self', zoneid: zone.id });
  const stemcells = own.filter(({ tags }) => tagsByKey(tags)[marks.purpose] === 'stemcell');
  const unready = stemcells.filter(({ isready }) => isready !== true);
  const ready = stemcells.length - unready.length;
  const way = `they are sent to the secondary storage VM of ${zone.name}`;
  if (unready.length > 0) {
    return warning(
      'stemcells',
      `${way}; ${unready.length} of ${stemcells.length} did not arrive: ${unready.map(told).join(', ')}`,
      'see whether a secondary storage VM runs and this machine reaches it (port 443), then clear ' +
        'up with `cloudstack-cpi gc`',
    );
  }
  const proof = ready > 0 ? `${ready} came that way` : 'none has been yet, so it is not proven';
  return ok('stemcells', `${way}; ${proof}`);
}

function told({ name, status = 'no status' }: Template): string {
  return `${name} (${status})`;
}
