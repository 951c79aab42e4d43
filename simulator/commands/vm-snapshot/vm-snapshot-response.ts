import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  listField,
  responseObject,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import type { VmRow, VmSnapshotRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import { tagResponse } from '../tag/tag-response.js';

const fields: Readonly<Record<string, Field<VmSnapshotRow>>> = {
  id: stringField((snapshot) => snapshot.id),
  name: stringField((snapshot) => snapshot.name),
  state: stringField((snapshot) => snapshot.state),
  description: stringField((snapshot) => snapshot.description),
  displayname: stringField((snapshot) => snapshot.displayName),
  zoneid: stringField((snapshot, view) => vmOf(snapshot, view).zoneId),
  zonename: stringField(
    (snapshot, view) => view.world.zones.require(vmOf(snapshot, view).zoneId).name,
  ),
  virtualmachineid: stringField((snapshot) => snapshot.vmId),
  virtualmachinename: stringField((snapshot, view) => {
    const { displayName, name } = vmOf(snapshot, view);
    return displayName === '' ? name : displayName;
  }),
  parent: stringField((snapshot) => snapshot.parentId),
  parentName: stringField(({ parentId }, { world }) =>
    parentId === null ? null : world.vmSnapshots.require(parentId).displayName,
  ),
  current: booleanField((snapshot) => snapshot.current),
  type: stringField((snapshot) => snapshot.type),
  created: dateField((snapshot) => snapshot.createdMs),
  ...ownerFields<VmSnapshotRow>((snapshot) => snapshot.accountId),
  hypervisor: stringField((snapshot, view) => vmOf(snapshot, view).hypervisor),
  tags: listField(tagResponse, (snapshot, { world }) => tagsOf(world, snapshot.id)),
  hasannotations: booleanField(() => false),
};

/** VMSnapshotResponse as the result of a job (ApiResponseHelper.createVMSnapshotResponse). */
export const vmSnapshotResponse = responseObject<VmSnapshotRow>('vmsnapshot', fields);

/** VMSnapshotResponse in lists, which write its name in another way (ListVMSnapshotCmd.execute). */
export const listedVmSnapshotResponse = responseObject<VmSnapshotRow>('vmSnapshot', fields);

function vmOf({ vmId }: VmSnapshotRow, { world }: View): VmRow {
  return world.vms.require(vmId);
}
