import { findDiskOffering } from '../../cloudstack/find-catalog.js';
import type { DiskOffering } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { gibOfMib } from '../shared/disk-size.js';
import { namesOf } from '../vm/offering-names.js';
import { assertDiskHasWantedTags, diskHasWantedTags } from '../vm/offering-tags.js';

/** Which disk offering a disk is to have. */
export interface WantedDiskOffering {
  /** The method that wants it, for messages. */
  readonly method: string;
  /** Its name or id, where cloud_properties name one. */
  readonly named: string | undefined;
  /** The configured one. */
  readonly otherwise: string | undefined;
  /** Tags that it must have, all of them. */
  readonly storageTags: readonly string[];
  readonly sizeMib: number;
  readonly zoneId: string;
}

/**
 * The disk offering that is named; or the first choice of those with the wanted storage tags; or
 * the configured one; undefined where there is none of all these.
 *
 * @throws BoshError of type CloudError for one without the tags, or if none has them;
 *   CloudStackError.
 */
export async function wantedDiskOffering(
  call: Call,
  wanted: WantedDiskOffering,
): Promise<DiskOffering | undefined> {
  const { method, named, otherwise, storageTags, zoneId } = wanted;
  if (named === undefined && storageTags.length > 0) return chooseByTags(call, wanted);
  const name = named ?? otherwise;
  if (name === undefined) return undefined;
  const offering = await findDiskOffering(call.client, name, zoneId);
  assertDiskHasWantedTags(offering, storageTags, method);
  return offering;
}

/** Custom ones are as large as wanted; local storage ties a VM to one host; then the smallest. */
export function byPreference(a: DiskOffering, b: DiskOffering): number {
  return (
    Number(a.iscustomized !== true) - Number(b.iscustomized !== true) ||
    Number(a.storagetype === 'local') - Number(b.storagetype === 'local') ||
    (a.disksize ?? 0) - (b.disksize ?? 0) ||
    a.name.localeCompare(b.name, 'en')
  );
}

async function chooseByTags(
  { client }: Call,
  { method, storageTags, sizeMib, zoneId }: WantedDiskOffering,
): Promise<DiskOffering> {
  const listed = await client.list('listDiskOfferings', { zoneid: zoneId });
  const [chosen] = listed
    .filter((offering) => offering.iscustomizediops !== true)
    .filter((offering) => diskHasWantedTags(offering, storageTags))
    .filter(
      ({ iscustomized, disksize = 0 }) => iscustomized === true || disksize >= gibOfMib(sizeMib),
    )
    .sort(byPreference);
  if (chosen !== undefined) return chosen;
  const about = ({ tags = '' }: DiskOffering): string => (tags === '' ? 'no tags' : `tags ${tags}`);
  throw new BoshError(
    'CloudError',
    `${method}: no disk offering with the storage tags ${storageTags.join(', ')} gives a disk of ` +
      `${sizeMib} MiB; ${namesOf('disk offerings', listed, about)}. Correct storage_tags, or name a ` +
      'disk offering',
  );
}
