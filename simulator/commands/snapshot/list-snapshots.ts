import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { SnapshotRow } from '../../world/entities.js';
import { pollJobsAbout, snapshotItem } from '../../world/jobs.js';
import { assertIdOrIds, rowsAskedFor } from '../../world/rows-asked-for.js';
import { isOnStorage, snapshotResponse } from './snapshot-response.js';

/** Lists snapshots of volumes (QueryManagerImpl.searchForSnapshotsWithParams). */
export const listSnapshots = syncCommand({
  name: 'listSnapshots',
  summary: 'Lists snapshots of volumes.',
  roles: everyRole,
  parameters: {
    id: entity('snapshot'),
    ids: entityList('snapshot', { since: '4.9' }),
    intervaltype: text(),
    name: text(),
    snapshottype: text(),
    volumeid: entity('volume'),
    zoneid: entity('zone'),
    ...ownershipParameters,
    ...tagFilterParameters,
  },
  response: listOf(snapshotResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, name, keyword, volumeid: volume, zoneid: zone, tags } = args;
    assertIdOrIds(args);
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
      .filter((snapshot) => isOfType && ownedByAccount(snapshot.accountId))
      .filter((snapshot) => volume === undefined || snapshot.volumeId === volume.id)
      .filter((snapshot) => name === undefined || sameName(snapshot.name, name))
      .filter((snapshot) => keyword === undefined || contains(snapshot.name, keyword))
      .filter((snapshot) => zone === undefined || isInZone(snapshot, zone.id))
      .filter((snapshot) => hasAnyTag(world, snapshot.id, tags))
      .sort(byIdAndStore);
  },
});

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

/** Whether manual snapshots are asked for, which all are here; an interval counts second. */
function typeFilter(snapshotType: string | undefined, intervalType: string | undefined): boolean {
  const asked = snapshotType ?? intervalType;
  if (asked === undefined || sameName(asked, 'MANUAL')) return true;
  if (types.some((type) => sameName(type, asked))) return false;
  const what = snapshotType === undefined ? 'snapshot interval type' : 'snapshot type';
  throw invalidParameter(`Unsupported ${what} ${asked}`);
}

function isInZone(snapshot: SnapshotRow, zoneId: string): boolean {
  return isOnStorage(snapshot) && snapshot.zoneId === zoneId;
}

/** CloudStack sorts by a text that begins with the internal id: 10 comes before 1. */
function byIdAndStore(a: SnapshotRow, b: SnapshotRow): number {
  const [left, right] = [`${a.internalId}_`, `${b.internalId}_`];
  return left < right ? -1 : Number(left > right);
}
