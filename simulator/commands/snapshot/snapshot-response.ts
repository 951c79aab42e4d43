import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  listField,
  longField,
  responseObject,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import type { OsTypeRow, SnapshotRow, VolumeRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import { tagResponse } from '../tag/tag-response.js';

const fields: Readonly<Record<string, Field<SnapshotRow>>> = {
  id: stringField((snapshot) => snapshot.id),
  ...ownerFields<SnapshotRow>((snapshot) => snapshot.accountId),
  volumeid: stringField((snapshot) => snapshot.volumeId),
  volumename: stringField((snapshot, view) => volumeOf(snapshot, view).name),
  volumetype: stringField((snapshot, view) => volumeOf(snapshot, view).type),
  volumestate: stringField((snapshot, view) => volumeOf(snapshot, view).state),
  created: dateField((snapshot) => snapshot.createdMs),
  name: stringField((snapshot) => snapshot.name),
  intervaltype: stringField(() => 'MANUAL'),
  state: stringField((snapshot) => snapshot.state),
  physicalsize: longField((snapshot) => snapshot.physicalSizeBytes),
  zoneid: stringField((snapshot) => (isOnStorage(snapshot) ? snapshot.zoneId : null)),
  zonename: stringField((snapshot, { world }) =>
    isOnStorage(snapshot) ? world.zones.require(snapshot.zoneId).name : null,
  ),
  revertable: booleanField(isRevertable),
  ostypeid: stringField((snapshot, view) => osTypeOf(snapshot, view)?.id),
  virtualsize: longField((snapshot, view) => volumeOf(snapshot, view).sizeBytes),
  tags: listField(tagResponse, (snapshot, { world }) => tagsOf(world, snapshot.id)),
  hasannotations: booleanField(() => false),
};

/** SnapshotResponse in lists (SnapshotJoinDaoImpl.newSnapshotResponse). */
export const snapshotResponse = responseObject<SnapshotRow>('snapshot', fields);

/** SnapshotResponse as the result of a job (ApiResponseHelper.createSnapshotResponse). */
export const createdSnapshotResponse = responseObject<SnapshotRow>('snapshot', {
  ...fields,
  snapshottype: stringField(() => 'MANUAL'),
  osdisplayname: stringField((snapshot, view) => osTypeOf(snapshot, view)?.description),
});

/** Before it is taken a snapshot is on no storage, and so in no zone (snapshot_view). */
export function isOnStorage({ state }: SnapshotRow): boolean {
  return state !== 'Allocated' && state !== 'Error';
}

/** DefaultSnapshotStrategy.canHandle: only QCOW2 volumes can be reverted. */
function isRevertable(snapshot: SnapshotRow, view: View): boolean {
  const volume = volumeOf(snapshot, view);
  return (
    snapshot.state === 'BackedUp' &&
    volume.removedMs === null &&
    hypervisorOf(view.world, volume) === 'KVM'
  );
}

/** The volume, also when it is gone. */
function volumeOf({ volumeId }: SnapshotRow, { world }: View): VolumeRow {
  return world.volumes.require(volumeId);
}

/** What runs on a root disk, as long as a VM has it. */
function osTypeOf(snapshot: SnapshotRow, view: View): OsTypeRow | undefined {
  const { type, vmId } = volumeOf(snapshot, view);
  if (type !== 'ROOT' || vmId === null) return undefined;
  const { templateId } = view.world.vms.require(vmId);
  return view.world.osTypes.require(view.world.templates.require(templateId).osTypeId);
}
