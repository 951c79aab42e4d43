import type { Kernel } from '../../kernel/kernel.js';
import { takenByVolume } from '../compute/occupancy.js';
import type {
  ImageExtractRow,
  LaunchPermissionRow,
  PreparedTemplateRow,
  SnapshotPolicyRow,
  SnapshotRow,
  SnapshotStoreRow,
  TemplateRow,
  TemplateZoneRow,
  VolumeImageRow,
  VmSnapshotRow,
  VolumeRow,
} from '../entities.js';
import {
  countedOfSnapshot,
  countedOfSnapshotStore,
  countedOfVolume,
} from '../identity/resource-counts.js';
import {
  snapshotInStoreStates,
  templateInStoreStates,
  type ObjectInStoreEvent,
} from '../states/object-in-store.js';
import { snapshotStates, type SnapshotEvent } from '../states/snapshot.js';
import { templateStates, type TemplateEvent } from '../states/template.js';
import { vmSnapshotStates, type VmSnapshotEvent } from '../states/vm-snapshot.js';
import { volumeStates, type VolumeEvent } from '../states/volume.js';
import { Table } from '../table.js';

/** Templates, volumes and their snapshots. */
export interface StorageTables {
  readonly templates: Table<TemplateRow, TemplateEvent>;
  readonly templateZones: Table<TemplateZoneRow, ObjectInStoreEvent>;
  readonly launchPermissions: Table<LaunchPermissionRow>;
  readonly volumes: Table<VolumeRow, VolumeEvent>;
  readonly volumeImages: Table<VolumeImageRow>;
  readonly imageExtracts: Table<ImageExtractRow>;
  readonly preparedTemplates: Table<PreparedTemplateRow>;
  readonly snapshots: Table<SnapshotRow, SnapshotEvent>;
  readonly snapshotStores: Table<SnapshotStoreRow, ObjectInStoreEvent>;
  readonly snapshotPolicies: Table<SnapshotPolicyRow>;
  readonly vmSnapshots: Table<VmSnapshotRow, VmSnapshotEvent>;
}

export function storageTables(kernel: Kernel): StorageTables {
  return {
    templates: new Table(kernel, {
      entity: 'template',
      states: templateStates,
      // The query of a URL may be signed, and so hold what gives its image to anybody.
      secrets: ['files', 'url'],
      indexes: ['accountId'],
    }),
    templateZones: new Table(kernel, {
      entity: 'templatezone',
      states: templateInStoreStates,
      indexes: ['templateId'],
    }),
    launchPermissions: new Table(kernel, {
      entity: 'launchpermission',
      indexes: ['templateId', 'accountId'],
    }),
    volumes: new Table<VolumeRow, VolumeEvent>(kernel, {
      entity: 'volume',
      states: volumeStates,
      indexes: ['vmId', 'accountId', 'poolId'],
      nameIndexes: ['name'],
      totals: [
        { by: 'accountId', of: countedOfVolume },
        { by: 'poolId', of: takenByVolume },
      ],
      secrets: ['files'],
    }),
    volumeImages: new Table(kernel, {
      entity: 'volumeimage',
      secrets: ['url'],
      indexes: ['volumeId'],
    }),
    imageExtracts: new Table(kernel, { entity: 'imageextract', indexes: ['imageId'] }),
    preparedTemplates: new Table(kernel, {
      entity: 'preparedtemplate',
      indexes: ['templateId', 'poolId'],
    }),
    snapshots: new Table(kernel, {
      entity: 'snapshot',
      states: snapshotStates,
      indexes: ['volumeId', 'accountId'],
      totals: [{ by: 'accountId', of: countedOfSnapshot }],
      secrets: ['files'],
    }),
    snapshotStores: new Table(kernel, {
      entity: 'snapshotstore',
      states: snapshotInStoreStates,
      indexes: ['snapshotId'],
      totals: [{ by: 'accountId', of: countedOfSnapshotStore }],
    }),
    snapshotPolicies: new Table(kernel, { entity: 'snapshotpolicy', indexes: ['volumeId'] }),
    vmSnapshots: new Table(kernel, {
      entity: 'vmsnapshot',
      states: vmSnapshotStates,
      indexes: ['vmId', 'accountId'],
      secrets: ['disks'],
    }),
  };
}
