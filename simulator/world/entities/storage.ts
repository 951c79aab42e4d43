import type { ObjectInStoreState } from '../states/object-in-store.js';
import type { SnapshotState } from '../states/snapshot.js';
import type { TemplateState } from '../states/template.js';
import type { VmSnapshotState } from '../states/vm-snapshot.js';
import type { VolumeState } from '../states/volume.js';
import type { DiskContent } from '../storage/disk-content.js';
import type { PolicyInterval } from '../storage/snapshot-schedule.js';
import type { BaseRow } from '../base-row.js';
import type { Hypervisor } from './infrastructure.js';

/** Templates, volumes and their snapshots. */

export type ImageFormat = 'QCOW2' | 'RAW' | 'VHD' | 'OVA' | 'ISO';

/** What a template is for (com.cloud.storage.Storage.TemplateType). */
export type TemplateType =
  'ROUTING' | 'SYSTEM' | 'BUILTIN' | 'PERHOST' | 'USER' | 'VNF' | 'DATADISK' | 'ISODISK';

/** The processors that CloudStack knows (com.cloud.cpu.CPU.CPUArch). */
export type Architecture = 'i686' | 'x86_64' | 'aarch64';

/**
 * A template, or an ISO, which is one of the format ISO. What it holds is what its disk held; one
 * that came from outside has nobody's files.
 */
export interface TemplateRow extends BaseRow, DiskContent {
  readonly name: string;
  readonly displayText: string;
  readonly accountId: string;
  readonly state: TemplateState;
  readonly format: ImageFormat;
  /** ISOs serve every hypervisor. */
  readonly hypervisor: Hypervisor | 'None';
  readonly type: TemplateType;
  readonly arch: Architecture;
  /** A tag that hosts must have to run VMs made from it. */
  readonly templateTag: string | null;
  /** Lists are in the order of this number. */
  readonly sortKey: number;
  /** Whether VMs can boot from it. */
  readonly isBootable: boolean;
  /** Whether it was registered for all zones. */
  readonly isCrossZones: boolean;
  readonly osTypeId: string;
  readonly isPublic: boolean;
  readonly isFeatured: boolean;
  readonly isExtractable: boolean;
  readonly passwordEnabled: boolean;
  readonly sshKeyEnabled: boolean;
  readonly isDynamicallyScalable: boolean;
  readonly requiresHvm: boolean;
  readonly bits: number;
  readonly details: Readonly<Record<string, string>>;
  /** The template that its disk was made from; null unless it was made from a disk. */
  readonly sourceTemplateId: string | null;
  /** Where its image is downloaded from; null for one that was uploaded, or came with the world. */
  readonly url: string | null;
}

/** That an account may make VMs of somebody else's private template (launch_permission). */
export interface LaunchPermissionRow extends BaseRow {
  readonly templateId: string;
  readonly accountId: string;
}

/** That a pool was given a template ahead of the first VM that wants it there (template_spool_ref). */
export interface PreparedTemplateRow extends BaseRow {
  readonly templateId: string;
  readonly poolId: string;
}

/** What came, or is to come, to the secondary storage of one zone, and how that goes. */
export interface StoredImage {
  readonly zoneId: string;
  /** Null while nothing is fetched, but made of a disk or a snapshot. */
  readonly downloadState:
    | 'NOT_DOWNLOADED'
    | 'DOWNLOAD_IN_PROGRESS'
    | 'DOWNLOADED'
    | 'DOWNLOAD_ERROR'
    | 'ABANDONED'
    | null;
  readonly percent: number;
  /** Null until a download is tried: the API then shows the state of the template instead. */
  readonly errorText: string | null;
  /** Virtual size of the image. */
  readonly sizeBytes: number;
  readonly physicalSizeBytes: number;
  /** The checksum that the caller gave. */
  readonly checksum: string | null;
  /** What the secondary storage VM knows of a direct upload; null until somebody tries one. */
  readonly upload: UploadRecord | null;
  /** What the secondary storage VM knows of the download; null where there is none. */
  readonly download: DownloadRecord | null;
}

/** A template in the secondary storage of one zone (template_store_ref). */
export interface TemplateZoneRow extends BaseRow, StoredImage {
  readonly templateId: string;
  readonly state: ObjectInStoreState;
}

/** A volume in the secondary storage of its zone, where uploads and extracts lie (volume_store_ref). */
export interface VolumeImageRow extends BaseRow, StoredImage {
  readonly volumeId: string;
  /** Where it is downloaded from; null for one that is posted, or was copied from primary storage. */
  readonly url: string | null;
}

/** A URL from which the secondary storage VM serves an image for a while; its id is part of that. */
export interface ImageExtractRow extends BaseRow {
  readonly imageId: string;
  readonly fileName: string;
  /** What the volume was like when it was made: one that has changed since gets another URL. */
  readonly madeOf: string;
}

/** A download as the secondary storage VM keeps it until it is asked (DownloadManagerImpl.DownloadJob). */
export interface DownloadRecord {
  readonly beganMs: number;
  readonly receivedBytes: number;
  /** Null while it does not know. */
  readonly expectedBytes: number | null;
  /** When the management server asks next; null while there is nothing new to tell. */
  readonly nextLookMs: number | null;
  readonly end: DownloadEnd | null;
}

/** How a download ends, and when that is so in the world's time. */
export type DownloadEnd =
  | { readonly kind: 'error'; readonly atMs: number; readonly errorText: string }
  | {
      readonly kind: 'installed';
      /** When all bytes had come, and when the image was installed. */
      readonly receivedMs: number;
      readonly atMs: number;
      readonly virtualSizeBytes: number;
      readonly physicalSizeBytes: number;
      /** In hexadecimal digits, without the algorithm. */
      readonly checksum: string;
    };

/** A direct upload as the secondary storage VM keeps it until it is asked (UploadEntity). */
export type UploadRecord =
  | {
      readonly status: 'IN_PROGRESS';
      readonly receivedBytes: number;
      /** Of the whole request, by its head. */
      readonly expectedBytes: number;
    }
  | { readonly status: 'ERROR'; readonly errorText: string }
  | {
      readonly status: 'COMPLETED';
      readonly fileName: string;
      readonly virtualSizeBytes: number;
      readonly physicalSizeBytes: number;
      /** Of the bytes as they were sent, in hexadecimal digits; SHA-512 unless a checksum is given. */
      readonly digest: string;
    };

export interface VolumeRow extends BaseRow, DiskContent {
  readonly name: string;
  readonly type: 'ROOT' | 'DATADISK';
  readonly state: VolumeState;
  readonly accountId: string;
  readonly zoneId: string;
  readonly sizeBytes: number;
  /** Exactly one of the two is set. */
  readonly diskOfferingId: string | null;
  readonly serviceOfferingId: string | null;
  readonly templateId: string | null;
  /** The ISO that its VM was made from; the volume itself began empty. */
  readonly isoId: string | null;
  /** What the volume was made from, if it was. */
  readonly snapshotId: string | null;
  readonly vmId: string | null;
  readonly deviceId: number | null;
  readonly attachedMs: number | null;
  readonly poolId: string | null;
  /** When it was destroyed: what the storage cleanup thread goes by. */
  readonly destroyedMs: number | null;
  /** Whether it is kept from being deleted. */
  readonly deleteProtection: boolean;
  /** Of one that was uploaded; the others have that of their hypervisor. */
  readonly format: ImageFormat | null;
  readonly minIops: number | null;
  readonly maxIops: number | null;
  /** Whether others than root admins see it, and it counts. */
  readonly isDisplayed: boolean;
  /** What a root admin wrote in the place of the path on its pool. */
  readonly path: string | null;
  readonly chainInfo: string | null;
}

/** What made a snapshot: a caller, or a policy of this interval (com.cloud.storage.Snapshot.Type). */
export type SnapshotType = 'MANUAL' | PolicyInterval;

/** A snapshot of a volume: what it holds is what the volume held when it was taken. */
export interface SnapshotRow extends BaseRow, DiskContent {
  readonly name: string;
  readonly state: SnapshotState;
  readonly type: SnapshotType;
  readonly accountId: string;
  /** The zone of its volume; it may have copies in others. */
  readonly zoneId: string;
  /** The volume may be gone: snapshots outlive it. */
  readonly volumeId: string;
  /** The offering of the volume; exactly one of the two is set. */
  readonly diskOfferingId: string | null;
  readonly serviceOfferingId: string | null;
  /** Size of the volume when the snapshot was asked for. */
  readonly sizeBytes: number;
  /** False where `snapshot.backup.to.secondary` kept it on the pool on which it was taken. */
  readonly goesToSecondary: boolean;
}

/** A snapshot on a pool, or in the secondary storage of a zone (snapshot_store_ref). */
export interface SnapshotStoreRow extends BaseRow {
  readonly snapshotId: string;
  /** Whose snapshot it is. */
  readonly accountId: string;
  readonly role: 'Primary' | 'Image';
  /** Null in secondary storage. */
  readonly poolId: string | null;
  readonly zoneId: string;
  readonly state: ObjectInStoreState;
  readonly sizeBytes: number;
  /** 0 until it is there, and on a pool, where CloudStack does not measure it. */
  readonly physicalSizeBytes: number;
  /** How a copy comes from another zone; null for what came from a pool. */
  readonly downloadState: 'DOWNLOAD_IN_PROGRESS' | 'DOWNLOADED' | null;
}

/** A snapshot of a VM: of all its disks, on their pools, and perhaps of its memory. */
export interface VmSnapshotRow extends BaseRow {
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly vmId: string;
  readonly accountId: string;
  readonly state: VmSnapshotState;
  readonly type: 'Disk' | 'DiskAndMemory';
  /** The snapshot that was the current one when this was taken. */
  readonly parentId: string | null;
  /** Whether it is the one that the VM was taken to, or back to, last. */
  readonly current: boolean;
  /** The offering and the size of the VM then. */
  readonly serviceOfferingId: string;
  readonly cpuNumber: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
  /** What each volume held, by its id; nothing until it is taken. */
  readonly disks: Readonly<Record<string, DiskContent>>;
}

/** That snapshots of a volume are taken by themselves, and how many of them are kept. */
export interface SnapshotPolicyRow extends BaseRow {
  readonly volumeId: string;
  /** A volume has one policy of each. */
  readonly interval: PolicyInterval;
  /** Minute, hour and day, joined by colons, as many as the interval needs. */
  readonly schedule: string;
  readonly timezone: string;
  readonly maxSnaps: number;
  /** A policy that is not displayed rests. */
  readonly isDisplayed: boolean;
  /** To which other zones the snapshots are copied. */
  readonly zoneIds: readonly string[];
  /** When the next snapshot is due; null while the policy rests. */
  readonly dueMs: number | null;
  /** The job that takes it; null before it is sent. */
  readonly jobId: string | null;
}
