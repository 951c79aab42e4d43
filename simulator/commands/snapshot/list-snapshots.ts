import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, flag, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type {
  SnapshotRow,
  SnapshotStoreRow,
  StoragePoolRow,
  ZoneRow,
} from '../../world/entities.js';
import { pollJobsAbout, snapshotItem } from '../../world/jobs.js';
import { assertIdOrIds, rowsAskedFor } from '../../world/rows-asked-for.js';
import { storesOf } from '../../world/storage/snapshot-stores.js';
import type { World } from '../../world/world.js';
import { imageStore } from '../image-store/image-stores.js';
import {
  onEachStore,
  onFirstStore,
  snapshotResponse,
  type SnapshotOnStore,
} from './snapshot-response.js';

/**
 * Lists snapshots of volumes: each once, or with `showunique=false` once for each store
 * (QueryManagerImpl.searchForSnapshotsWithParams).
 */
export const listSnapshots = syncCommand({
  name: 'listSnapshots',
  summary: 'Lists snapshots of volumes.',
  roles: everyRole,
  parameters: {
    id: entity('snapshot'),
    ids: entityList('snapshot', { since: '4.9' }),
    intervaltype: text(),
    locationtype: text({ since: '4.19.0' }),
    name: text(),
    showunique: flag({ since: '4.19.0' }),
    snapshottype: text(),
    volumeid: entity('volume'),
    zoneid: entity('zone'),
    imagestoreid: imageStore({ rootOnly: true }),
    storageid: entity('storagepool', { rootOnly: true }),
    ...ownershipParameters,
    ...tagFilterParameters,
  },
  response: listOf(snapshotResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, name, keyword, volumeid: volume, zoneid: zone, tags, showunique } = args;
    assertIdOrIds(args);
    const isUnique = showunique !== false;
    const role = isUnique ? undefined : roleOf(args.locationtype);
    if (id !== undefined) {
      pollJobsAbout(world, [id.id]);
      world.kernel.poll(snapshotItem(id.id));
    }
    const ownedByAccount = ownerFilter(context, args, id !== undefined);
    if (volume?.removedMs === null) assertMayOperate(context, 'volume', volume);
    const isOfType = typeFilter(args.snapshottype, volume && args.intervaltype);
    return rowsAskedFor(world.snapshots, args, {
      having: { volumeId: volume?.id },
      isOwned: ownedByAccount,
    })
      .filter((snapshot) => isOfType(snapshot) && ownedByAccount(snapshot.accountId))
      .filter((snapshot) => volume === undefined || snapshot.volumeId === volume.id)
      .filter((snapshot) => name === undefined || sameName(snapshot.name, name))
      .filter((snapshot) => keyword === undefined || contains(snapshot.name, keyword))
      .filter((snapshot) => hasAnyTag(world, snapshot.id, tags))
      .sort(byIdText)
      .flatMap((snapshot) =>
        isUnique ? [onFirstStore(world, snapshot, zone?.id)] : onEachStore(world, snapshot),
      )
      .filter(({ store }) => zone === undefined || store?.zoneId === zone.id)
      .filter(({ store }) => role === undefined || store?.role === role)
      .filter(isOnAskedStores(world, args, isUnique));
  },
});

/**
 * Whether a snapshot is shown where it is asked for by its stores. For `storageid` CloudStack compares
 * the numbers of pools with those of image stores: that of a pool finds what is on the image store of
 * the same number.
 */
function isOnAskedStores(
  world: World,
  asked: {
    readonly imagestoreid?: ZoneRow | undefined;
    readonly storageid?: StoragePoolRow | undefined;
  },
  isUnique: boolean,
): (row: SnapshotOnStore) => boolean {
  const { imagestoreid: image, storageid: pool } = asked;
  const isImageIn = (zoneId: string | undefined) => (store: SnapshotStoreRow | undefined) =>
    store?.role === 'Image' && store.zoneId === zoneId;
  const numbered = pool && world.zones.withInternalId(pool.internalId);
  return ({ snapshot, store }) => {
    const all = storesOf(world, snapshot.id);
    return (
      (image === undefined || (isUnique ? all : [store]).some(isImageIn(image.id))) &&
      (pool === undefined || all.some(isImageIn(numbered?.id)))
    );
  };
}

/** On which stores snapshots are asked for; CloudStack reads it only where it shows each store. */
function roleOf(locationType: string | undefined): SnapshotStoreRow['role'] | undefined {
  if (locationType === undefined) return undefined;
  switch (locationType.trim().toUpperCase()) {
    case 'PRIMARY':
      return 'Primary';
    case 'SECONDARY':
      return 'Image';
    default:
      throw invalidParameter(`Invalid locationtype specified, ${locationType}`);
  }
}

const types = [
  'MANUAL',
  'RECURRING',
  'TEMPLATE',
  'HOURLY',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
  'GROUP',
  'FROM_GROUP',
];

/** Which snapshots are asked for by what made them; an interval counts second. */
function typeFilter(
  snapshotType: string | undefined,
  intervalType: string | undefined,
): (snapshot: SnapshotRow) => boolean {
  const asked = snapshotType ?? intervalType;
  if (asked === undefined) return () => true;
  if (!types.some((type) => sameName(type, asked))) {
    const what = snapshotType === undefined ? 'snapshot interval type' : 'snapshot type';
    throw invalidParameter(`Unsupported ${what} ${asked}`);
  }
  const isRecurring = snapshotType !== undefined && sameName(asked, 'RECURRING');
  return ({ type }) => (isRecurring ? type !== 'MANUAL' : sameName(type, asked));
}

/** CloudStack sorts by a text that begins with the internal id: 10 comes before 1. */
function byIdText(a: SnapshotRow, b: SnapshotRow): number {
  const [left, right] = [`${a.internalId}_`, `${b.internalId}_`];
  return left < right ? -1 : Number(left > right);
}
