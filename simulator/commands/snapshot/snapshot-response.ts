import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  listField,
  longField,
  mapField,
  responseObject,
  rootOnly,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { OsTypeRow, SnapshotRow, SnapshotStoreRow, VolumeRow } from '../../world/entities.js';
import { imageStoreOf } from '../../world/storage/stored-images.js';
import { isReadyIn, storesOf } from '../../world/storage/snapshot-stores.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import { tagsOf } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import { imageStoreId } from '../image-store/image-stores.js';
import { tagResponse } from '../tag/tag-response.js';

/** A row of snapshot_view: a snapshot on one of its stores; on none as long as it is not begun. */
export interface SnapshotOnStore {
  readonly snapshot: SnapshotRow;
  readonly store: SnapshotStoreRow | undefined;
  /** What is told: of the snapshot, or of the store. */
  readonly about: 'snapshot' | 'store';
}

const common: Readonly<Record<string, Field<SnapshotOnStore>>> = {
  id: stringField(({ snapshot }) => snapshot.id),
  ...ownerFields<SnapshotOnStore>(({ snapshot }) => snapshot.accountId),
  volumeid: stringField(({ snapshot }) => snapshot.volumeId),
  volumename: stringField((row, view) => volumeOf(row, view).name),
  volumetype: stringField((row, view) => volumeOf(row, view).type),
  volumestate: stringField((row, view) => volumeOf(row, view).state),
  created: dateField(({ snapshot }) => snapshot.createdMs),
  name: stringField(({ snapshot }) => snapshot.name),
  intervaltype: stringField(({ snapshot }) => snapshot.type),
  state: stringField(({ snapshot }) => snapshot.state),
  zoneid: stringField(({ store }) => store?.zoneId),
  zonename: stringField(({ store }, { world }) => store && world.zones.require(store.zoneId).name),
  ostypeid: stringField((row, view) => osTypeOf(row, view)?.id),
  virtualsize: longField((row, view) => volumeOf(row, view).sizeBytes),
  tags: listField(tagResponse, ({ snapshot }, { world }) => tagsOf(world, snapshot.id)),
  hasannotations: booleanField(() => false),
};

const ofSnapshot: Readonly<Record<string, Field<SnapshotOnStore>>> = {
  physicalsize: longField(({ store }) => store?.physicalSizeBytes),
  revertable: booleanField((row, view) => row.store && isRevertable(row, view)),
};

const ofStore: Readonly<Record<string, Field<SnapshotOnStore>>> = {
  datastorestate: stringField(({ store }) => store?.state),
  datastorename: rootOnly(stringField(({ store }, view) => store && storeName(store, view))),
  datastoreid: rootOnly(stringField(({ store }) => store && storeId(store))),
  datastoretype: rootOnly(stringField(({ store }) => store?.role)),
  status: stringField(statusOf),
  downloaddetails: mapField(({ store }) => ({
    downloadPercent: store?.downloadState === 'DOWNLOADED' ? '100' : '0',
    downloadState: store?.downloadState ?? '',
  })),
};

/** SnapshotResponse in lists (SnapshotJoinDaoImpl.newSnapshotResponse). */
export const snapshotResponse = responseObject<SnapshotOnStore>('snapshot', {
  ...common,
  ...onlyAbout('snapshot', ofSnapshot),
  ...onlyAbout('store', ofStore),
});

/**
 * SnapshotResponse as the result of a job (ApiResponseHelper.createSnapshotResponse): it is in the
 * zone of its volume, as long as that exists.
 */
export const createdSnapshotResponse = responseObject<SnapshotOnStore>('snapshot', {
  ...common,
  ...ofSnapshot,
  snapshottype: stringField(({ snapshot }) => snapshot.type),
  osdisplayname: stringField((row, view) => osTypeOf(row, view)?.description),
});

/** A snapshot on that store by which a list shows it, in one zone or in whatever it is. */
export function onFirstStore(
  world: World,
  snapshot: SnapshotRow,
  zoneId?: string,
): SnapshotOnStore {
  const stores = storesOf(world, snapshot.id)
    .filter((store) => zoneId === undefined || store.zoneId === zoneId)
    .sort(byRole);
  return { snapshot, store: stores[0], about: 'snapshot' };
}

/** A snapshot in the zone of its volume, as jobs answer with it. */
export function inOwnZone(world: World, snapshot: SnapshotRow): SnapshotOnStore {
  return onFirstStore(world, snapshot, snapshot.zoneId);
}

/** A snapshot on each of its stores, or on none. */
export function onEachStore(world: World, snapshot: SnapshotRow): SnapshotOnStore[] {
  const stores = storesOf(world, snapshot.id).sort(byRole);
  if (stores.length === 0) return [{ snapshot, store: undefined, about: 'store' }];
  return stores.map((store) => ({ snapshot, store, about: 'store' }));
}

function onlyAbout(
  about: SnapshotOnStore['about'],
  fields: Readonly<Record<string, Field<SnapshotOnStore>>>,
): Readonly<Record<string, Field<SnapshotOnStore>>> {
  const only = (field: Field<SnapshotOnStore>): Field<SnapshotOnStore> => ({
    ...field,
    value: (row, view) => (row.about === about ? field.value(row, view) : undefined),
  });
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, only(field)]));
}

/** CloudStack sorts by the text of the role; what is of one role stays in the order of its coming. */
function byRole(a: SnapshotStoreRow, b: SnapshotStoreRow): number {
  return a.role < b.role ? -1 : Number(a.role > b.role);
}

/** DefaultSnapshotStrategy.canHandle: only QCOW2 volumes can be reverted, to what is in their zone. */
function isRevertable(row: SnapshotOnStore, view: View): boolean {
  const volume = volumeOf(row, view);
  return (
    volume.removedMs === null &&
    hypervisorOf(view.world, volume) === 'KVM' &&
    isReadyIn(view.world, row.snapshot.id, volume.zoneId)
  );
}

/** What of a copy between zones is there; told to whom it belongs, and to root admins. */
function statusOf({ snapshot, store }: SnapshotOnStore, { world, caller }: View): string | null {
  const owner = world.accounts.require(snapshot.accountId);
  const isTold = isRootAdmin(caller) || owner.id === caller.account.id || owner.type === 'Project';
  if (!isTold) return null;
  return store?.downloadState === 'DOWNLOAD_IN_PROGRESS' ? '0% Downloaded' : snapshot.state;
}

/** The volume, also when it is gone. */
function volumeOf({ snapshot }: SnapshotOnStore, { world }: View): VolumeRow {
  return world.volumes.require(snapshot.volumeId);
}

function storeName({ poolId, zoneId }: SnapshotStoreRow, { world }: View): string {
  return poolId === null
    ? imageStoreOf(world.zones.require(zoneId))
    : world.storagePools.require(poolId).name;
}

function storeId({ poolId, zoneId }: SnapshotStoreRow): string {
  return poolId ?? imageStoreId({ id: zoneId });
}

/** What runs on a root disk, as long as a VM has it. */
function osTypeOf(row: SnapshotOnStore, view: View): OsTypeRow | undefined {
  const { type, vmId } = volumeOf(row, view);
  if (type !== 'ROOT' || vmId === null) return undefined;
  const { templateId } = view.world.vms.require(vmId);
  return view.world.osTypes.require(view.world.templates.require(templateId).osTypeId);
}
