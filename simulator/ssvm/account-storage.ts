import { UNLIMITED, limitOfAccount, limitOfDomain } from '../world/identity/resource-limits.js';
import type { AccountRow } from '../world/entities.js';
import {
  imageOwner,
  storedImages,
  type ImageOwner,
  type StoredImageRow,
} from '../world/storage/stored-images.js';
import type { World } from '../world/world.js';

const GIB_BYTES = 1_024 ** 3;

/**
 * Whether the owner of an image would have more in the secondary storage of a zone than it may, with
 * what is about to be posted (NfsSecondaryStorageResource.checkSecondaryStorageResourceLimit). CloudStack
 * compares GiB with a limit in bytes, so that in practice only a limit of 0 refuses anything.
 */
export function exceedsLimit(
  world: World,
  { owner, image }: { readonly owner: ImageOwner; readonly image: StoredImageRow },
  postedGib: number,
): boolean {
  const account = world.accounts.require(owner.row.accountId);
  const limit = lowestLimit(world, account);
  if (limit === UNLIMITED) return false;
  return Math.ceil(bytesOf(world, account, image.zoneId) / GIB_BYTES) + postedGib > limit;
}

/** ResourceLimitManagerImpl.findCorrectResourceLimitForAccountAndDomain. */
function lowestLimit(world: World, account: AccountRow): number {
  const ofAccount = limitOfAccount(world, account, 'secondary_storage');
  const domain = world.domains.require(account.domainId);
  const ofDomain = limitOfDomain(world, domain, 'secondary_storage');
  const isOneUnlimited = ofAccount === UNLIMITED || ofDomain === UNLIMITED;
  return isOneUnlimited ? Math.max(ofAccount, ofDomain) : Math.min(ofAccount, ofDomain);
}

function bytesOf(world: World, account: AccountRow, inZoneId: string): number {
  const images = storedImages(world).filter(
    (image) => imageOwner(world, image).row.accountId === account.id,
  );
  const snapshots = world.snapshotStores.all().filter((row) => row.accountId === account.id);
  return [...images, ...snapshots]
    .filter(({ zoneId }) => zoneId === inZoneId)
    .reduce((bytes, { physicalSizeBytes }) => bytes + physicalSizeBytes, 0);
}
