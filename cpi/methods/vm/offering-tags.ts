import type { DiskOffering, ServiceOffering } from '../../cloudstack/types.js';
import type { OfferingTags } from '../../config/kinds.js';
import { BoshError } from '../../protocol/bosh-error.js';

// deployVirtualMachine and createVolume know no tags: hosts and storage are chosen by the tags of
// offerings alone (FirstFitAllocator, AbstractStoragePoolAllocator).

/** Tags that an offering must have, all of them. */
export interface WantedTags {
  readonly hostTags?: readonly string[] | undefined;
  readonly storageTags?: readonly string[] | undefined;
}

export function namesTags({ hostTags = [], storageTags = [] }: WantedTags): boolean {
  return hostTags.length > 0 || storageTags.length > 0;
}

export function hasWantedTags(offering: ServiceOffering, wanted: WantedTags): boolean {
  return missingTags(offering, wanted).length === 0;
}

export function diskHasWantedTags({ tags }: DiskOffering, storageTags: readonly string[]): boolean {
  return storageTags.every((tag) => tagsIn(tags).includes(tag));
}

/** @throws BoshError of type CloudError that names the tags that a compute offering has not. */
export function assertHasWantedTags(offering: ServiceOffering, wanted: WantedTags): void {
  const missing = missingTags(offering, wanted);
  if (missing.length === 0) return;
  throw new BoshError(
    'CloudError',
    `create_vm: the compute offering ${offering.name} has not the ${missing.join(' and ')}: name ` +
      'another offering in compute_offering, or leave it out and set cpu and ram, or correct ' +
      'host_tags and storage_tags',
  );
}

/** @throws BoshError of type CloudError that names the tags that a disk offering has not. */
export function assertDiskHasWantedTags(
  offering: DiskOffering,
  storageTags: readonly string[],
  method: string,
): void {
  if (diskHasWantedTags(offering, storageTags)) return;
  const missing = storageTags.filter((tag) => !tagsIn(offering.tags).includes(tag));
  throw new BoshError(
    'CloudError',
    `${method}: the disk offering ${offering.name} has not the storage tags ` +
      `${missing.join(', ')}: name another offering, or correct storage_tags`,
  );
}

/** Whether calculate_vm_cloud_properties may name a compute offering (`cloudstack.calculate`). */
export function mayBeCalculated(
  { hosttags, storagetags }: ServiceOffering,
  { compute_tags: wanted, not_compute_tags: unwanted }: OfferingTags,
): boolean {
  return isAmong([...tagsIn(hosttags), ...tagsIn(storagetags)], wanted, unwanted);
}

/** The same of a disk offering. */
export function diskMayBeCalculated(
  { tags }: DiskOffering,
  { disk_tags: wanted, not_disk_tags: unwanted }: OfferingTags,
): boolean {
  return isAmong(tagsIn(tags), wanted, unwanted);
}

/** For error messages: the tags of a compute offering. */
export function tagsText({ hosttags = '', storagetags = '' }: ServiceOffering): string {
  const parts = [
    ...(hosttags === '' ? [] : [`host tags ${hosttags}`]),
    ...(storagetags === '' ? [] : [`storage tags ${storagetags}`]),
  ];
  return parts.join(', ');
}

function missingTags(
  { hosttags, storagetags }: ServiceOffering,
  { hostTags = [], storageTags = [] }: WantedTags,
): string[] {
  const ofHosts = hostTags.filter((tag) => !tagsIn(hosttags).includes(tag));
  const ofStorage = storageTags.filter((tag) => !tagsIn(storagetags).includes(tag));
  return [
    ...(ofHosts.length === 0 ? [] : [`host tags ${ofHosts.join(', ')}`]),
    ...(ofStorage.length === 0 ? [] : [`storage tags ${ofStorage.join(', ')}`]),
  ];
}

function isAmong(
  tags: readonly string[],
  wanted: readonly string[] = [],
  unwanted: readonly string[] = [],
): boolean {
  const isWanted = wanted.length === 0 || wanted.some((tag) => tags.includes(tag));
  return isWanted && !unwanted.some((tag) => tags.includes(tag));
}

function tagsIn(text = ''): string[] {
  return text.split(',').filter((tag) => tag !== '');
}
