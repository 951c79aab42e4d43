import { stateTable } from '../state-table.js';

export type VolumeState =
  | 'Allocated'
  | 'Creating'
  | 'Ready'
  | 'Attaching'
  | 'Snapshotting'
  | 'RevertSnapshotting'
  | 'Resizing'
  | 'Migrating'
  | 'UploadOp'
  | 'NotUploaded'
  | 'UploadInProgress'
  | 'UploadError'
  | 'UploadAbandoned'
  | 'Uploaded'
  | 'Copying'
  | 'Destroy'
  | 'Expunging'
  | 'Expunged';

export type VolumeEvent =
  | 'CreateRequested'
  | 'AttachRequested'
  | 'SnapshotRequested'
  | 'RevertSnapshotRequested'
  | 'ResizeRequested'
  | 'MigrationRequested'
  | 'UploadRequested'
  | 'CopyRequested'
  | 'DestroyRequested'
  | 'RecoverRequested'
  | 'ExpungingRequested'
  | 'OperationSucceeded'
  | 'OperationFailed'
  | 'OperationTimeout'
  | 'OperationRetry';

/** The states of a volume that the simulated commands can reach (com.cloud.storage.Volume). */
export const volumeStates = stateTable<VolumeState, VolumeEvent>({
  entity: 'volume',
  initial: ['Allocated', 'NotUploaded'],
  transitions: [
    ['Allocated', 'CreateRequested', 'Creating'],
    ['Allocated', 'DestroyRequested', 'Destroy'],
    ['Allocated', 'OperationSucceeded', 'Allocated'],
    ['Allocated', 'OperationFailed', 'Allocated'],
    ['Creating', 'OperationSucceeded', 'Ready'],
    ['Creating', 'OperationFailed', 'Allocated'],
    ['Creating', 'OperationRetry', 'Creating'],
    ['Creating', 'CreateRequested', 'Creating'],
    ['Creating', 'DestroyRequested', 'Destroy'],
    ['Ready', 'CreateRequested', 'Creating'],
    ['Ready', 'AttachRequested', 'Attaching'],
    ['Ready', 'SnapshotRequested', 'Snapshotting'],
    ['Ready', 'RevertSnapshotRequested', 'RevertSnapshotting'],
    ['Ready', 'ResizeRequested', 'Resizing'],
    ['Ready', 'MigrationRequested', 'Migrating'],
    ['Ready', 'DestroyRequested', 'Destroy'],
    ['Ready', 'OperationSucceeded', 'Ready'],
    ['Ready', 'OperationFailed', 'Ready'],
    ['Attaching', 'OperationSucceeded', 'Ready'],
    ['Attaching', 'OperationFailed', 'Ready'],
    ['Snapshotting', 'OperationSucceeded', 'Ready'],
    ['Snapshotting', 'OperationFailed', 'Ready'],
    ['RevertSnapshotting', 'OperationSucceeded', 'Ready'],
    ['RevertSnapshotting', 'OperationFailed', 'Ready'],
    ['Resizing', 'OperationSucceeded', 'Ready'],
    ['Resizing', 'OperationFailed', 'Ready'],
    ['Migrating', 'OperationSucceeded', 'Ready'],
    ['Migrating', 'OperationFailed', 'Ready'],
    ['Allocated', 'UploadRequested', 'UploadOp'],
    ['UploadOp', 'OperationSucceeded', 'Uploaded'],
    ['UploadOp', 'OperationFailed', 'Allocated'],
    ['UploadOp', 'DestroyRequested', 'Destroy'],
    ['NotUploaded', 'UploadRequested', 'UploadInProgress'],
    ['NotUploaded', 'OperationSucceeded', 'Uploaded'],
    ['NotUploaded', 'OperationFailed', 'UploadError'],
    ['NotUploaded', 'OperationTimeout', 'UploadAbandoned'],
    ['UploadInProgress', 'OperationSucceeded', 'Uploaded'],
    ['UploadInProgress', 'OperationFailed', 'UploadError'],
    ['UploadInProgress', 'OperationTimeout', 'UploadError'],
    ['UploadError', 'DestroyRequested', 'Destroy'],
    ['UploadAbandoned', 'DestroyRequested', 'Destroy'],
    ['Uploaded', 'CopyRequested', 'Copying'],
    ['Uploaded', 'DestroyRequested', 'Destroy'],
    ['Copying', 'OperationSucceeded', 'Ready'],
    ['Copying', 'OperationFailed', 'Uploaded'],
    ['Destroy', 'RecoverRequested', 'Ready'],
    ['Destroy', 'ExpungingRequested', 'Expunging'],
    ['Destroy', 'OperationSucceeded', 'Destroy'],
    ['Destroy', 'OperationFailed', 'Destroy'],
    ['Expunging', 'OperationSucceeded', 'Expunged'],
    ['Expunging', 'OperationFailed', 'Destroy'],
    ['Expunging', 'ExpungingRequested', 'Expunging'],
    ['Expunged', 'ExpungingRequested', 'Expunged'],
    ['Expunged', 'OperationSucceeded', 'Expunged'],
    ['Expunged', 'OperationFailed', 'Expunged'],
  ],
});
