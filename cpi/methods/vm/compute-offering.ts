import { findServiceOffering, findZone } from '../../cloudstack/find-catalog.js';
import type { ServiceOffering } from '../../cloudstack/types.js';
import { hintOf } from '../../config/check.js';
import { nearestName } from '../../config/nearest-name.js';
import type { ValuesOf } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { vmProperties } from '../shared/cloud-properties.js';
import { chooseComputeOffering } from './choose-compute-offering.js';
import { assertHasWantedTags, hasWantedTags, namesTags, type WantedTags } from './offering-tags.js';

type VmProperties = ValuesOf<typeof vmProperties>;

/** The compute offering of a VM, and what is asked of it if it is a custom one. */
export interface WantedCompute {
  readonly offering: ServiceOffering;
  readonly properties: VmProperties;
}

/**
 * The compute offering that cloud_properties name, or the smallest one with the tags that they
 * want; `keys` are all that were given.
 *
 * @throws BoshError of type CpiError if they do not tell enough; CloudError for one without the
 *   tags, or if none has them; CloudStackError.
 */
export async function wantedComputeOffering(
  call: Call,
  properties: VmProperties,
  zoneId: string,
  keys: readonly string[],
): Promise<WantedCompute> {
  const { compute_offering: named, host_tags: hostTags, storage_tags: storageTags } = properties;
  const tags = { hostTags, storageTags };
  if (named === undefined) return chooseByTags(call, properties, zoneId, { tags, keys });
  const offering = await findServiceOffering(call.client, named, zoneId);
  assertHasWantedTags(offering, tags);
  return { offering, properties };
}

async function chooseByTags(
  call: Call,
  properties: VmProperties,
  zoneId: string,
  { tags, keys }: { tags: WantedTags; keys: readonly string[] },
): Promise<WantedCompute> {
  const { cpu, ram } = properties;
  if (!namesTags(tags) || cpu === undefined || ram === undefined) {
    const unknown = keys.filter((key) => !Object.hasOwn(vmProperties, key));
    const meant = nearestName('compute_offering', unknown) ?? unknown.find(isOfOtherCpis);
    throw new BoshError(
      'CpiError',
      'Invalid cloud_properties of the VM: compute_offering is missing: set it to a string (for ' +
        'example "m1.small"), or set host_tags or storage_tags together with cpu and ram, by which ' +
        `one is chosen${hintOf(meant)}`,
    );
  }
  const { offering, size } = await chooseComputeOffering(call, {
    method: 'create_vm',
    zone: await findZone(call.client, zoneId),
    wanted: { cpu, ramMib: ram },
    mayBe: (candidate) => hasWantedTags(candidate, tags),
    tagProperties: 'host_tags, storage_tags',
  });
  return { offering, properties: { ...properties, cpu: size?.cpu, ram: size?.ramMib } };
}

/** What CPIs of other clouds have in its place. */
function isOfOtherCpis(key: string): boolean {
  return ['instance_type', 'machine_type'].includes(key);
}
