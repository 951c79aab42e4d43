import type { Json, JsonObject } from '../kernel/json.js';
import type { NetworkState } from './states/network.js';
import type { PublicIpState } from './states/public-ip.js';
import type { VmState } from './states/virtual-machine.js';
import type { TemplateState } from './states/template.js';
import type { VolumeState } from './states/volume.js';
import type { BaseRow } from './table.js';

/**
 * The rows of the world. References to other rows are their uuids; sizes and times carry their
 * unit in the name; null means "none" or "not yet".
 */

/** CloudStack's four types of role. */
export type Role = 'Admin' | 'DomainAdmin' | 'ResourceAdmin' | 'User';

export type Hypervisor = 'KVM' | 'XenServer' | 'VMware';

export interface DomainRow extends BaseRow {
  readonly name: string;
  readonly path: string;
  readonly parentId: string | null;
}

export interface AccountRow extends BaseRow {
  readonly name: string;
  readonly domainId: string;
  readonly role: Role;
  readonly enabled: boolean;
}

export interface UserRow extends BaseRow {
  readonly username: string;
  readonly accountId: string;
  readonly apiKey: string;
  readonly secretKey: string;
  readonly enabled: boolean;
}

export interface ZoneRow extends BaseRow {
  readonly name: string;
  readonly networkType: 'Advanced' | 'Basic';
  readonly localStorageEnabled: boolean;
  readonly allocationState: 'Enabled' | 'Disabled';
  readonly dns1: string;
  readonly internalDns1: string;
  readonly guestCidr: string;
  /** Whether a secondary storage VM runs in the zone. */
  readonly secondaryStorageVmUp: boolean;
  /** With which upload URLs of the zone are signed. */
  readonly uploadKey: string;
}

export interface PodRow extends BaseRow {
  readonly name: string;
  readonly zoneId: string;
}

export interface ClusterRow extends BaseRow {
  readonly name: string;
  readonly zoneId: string;
  readonly podId: string;
  readonly hypervisor: Hypervisor;
}

export interface HostRow extends BaseRow {
  readonly name: string;
  readonly zoneId: string;
  readonly podId: string;
  readonly clusterId: string;
  readonly cpuCores: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
  readonly tags: readonly string[];
  readonly up: boolean;
  readonly enabled: boolean;
}

export interface StoragePoolRow extends BaseRow {
  readonly name: string;
  readonly scope: 'ZONE' | 'CLUSTER' | 'HOST';
  readonly zoneId: string;
  readonly clusterId: string | null;
  readonly hostId: string | null;
  readonly sizeBytes: number;
  readonly tags: readonly string[];
  readonly up: boolean;
}

export type StorageType = 'shared' | 'local';

export interface ServiceOfferingRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  /** Null in a custom offering: the deployer chooses. */
  readonly cpuNumber: number | null;
  readonly cpuMhz: number | null;
  readonly memoryMib: number | null;
  readonly storageType: StorageType;
  readonly rootDiskSizeGib: number | null;
  readonly hostTags: readonly string[];
  readonly storageTags: readonly string[];
  readonly active: boolean;
}

export interface DiskOfferingRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  /** 0 in a custom offering: the creator chooses. */
  readonly sizeGib: number;
  readonly storageType: StorageType;
  readonly storageTags: readonly string[];
  readonly active: boolean;
}

export interface OsTypeRow extends BaseRow {
  readonly description: string;
  readonly category: string;
}

export type NetworkType = 'Isolated' | 'Shared' | 'L2';

export interface NetworkOfferingRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  readonly guestIpType: NetworkType;
}

export interface NetworkRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  readonly type: NetworkType;
  readonly zoneId: string;
  readonly networkOfferingId: string;
  readonly accountId: string;
  readonly domainId: string;
  /** Null in an L2 network. */
  readonly cidr: string | null;
  readonly gateway: string | null;
  readonly netmask: string | null;
  /** The range a shared network hands out; null in the others. */
  readonly startIp: string | null;
  readonly endIp: string | null;
  readonly vlan: number;
  readonly networkDomain: string;
  readonly state: NetworkState;
  /** The guest address of a shared network's virtual router; in isolated ones it is the gateway. */
  readonly routerIpAddress: string | null;
}

export interface NicRow extends BaseRow {
  readonly vmId: string;
  readonly networkId: string;
  readonly ipAddress: string | null;
  readonly macAddress: string;
  readonly deviceId: number;
  readonly isDefault: boolean;
}

export interface PublicIpRow extends BaseRow {
  readonly ipAddress: string;
  readonly zoneId: string;
  readonly gateway: string;
  readonly netmask: string;
  readonly vlan: string;
  readonly state: PublicIpState;
  readonly allocatedMs: number | null;
  readonly accountId: string | null;
  readonly networkId: string | null;
  readonly isSourceNat: boolean;
  /** The VM that static NAT leads to. */
  readonly vmId: string | null;
  readonly vmIpAddress: string | null;
}

export type ImageFormat = 'QCOW2' | 'RAW' | 'VHD' | 'OVA';

export interface TemplateRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  readonly accountId: string;
  readonly state: TemplateState;
  readonly format: ImageFormat;
  readonly hypervisor: Hypervisor;
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
}

/** A template in the secondary storage of one zone (template_store_ref). */
export interface TemplateZoneRow extends BaseRow {
  readonly templateId: string;
  readonly zoneId: string;
  readonly ready: boolean;
  readonly downloadState:
    'NOT_DOWNLOADED' | 'DOWNLOAD_IN_PROGRESS' | 'DOWNLOADED' | 'DOWNLOAD_ERROR' | 'ABANDONED';
  readonly percent: number;
  readonly errorText: string;
  /** Virtual size of the image. */
  readonly sizeBytes: number;
  readonly physicalSizeBytes: number;
  /** The checksum that the caller gave. */
  readonly checksum: string | null;
  /** What the secondary storage VM knows of a direct upload; null until somebody tries one. */
  readonly upload: UploadRecord | null;
}

/** A direct upload as the secondary storage VM keeps it until it is asked (UploadEntity). */
export type UploadRecord =
  | { readonly status: 'IN_PROGRESS' }
  | { readonly status: 'ERROR'; readonly errorText: string }
  | {
      readonly status: 'COMPLETED';
      readonly fileName: string;
      readonly virtualSizeBytes: number;
      readonly physicalSizeBytes: number;
      /** Of the bytes as they were sent, in hexadecimal digits. */
      readonly sha512: string;
    };

export interface VolumeRow extends BaseRow {
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
  readonly vmId: string | null;
  readonly deviceId: number | null;
  readonly attachedMs: number | null;
  readonly poolId: string | null;
}

export interface VmRow extends BaseRow {
  readonly name: string;
  readonly displayName: string;
  readonly instanceName: string;
  readonly group: string | null;
  readonly state: VmState;
  readonly accountId: string;
  readonly userId: string;
  readonly zoneId: string;
  readonly templateId: string;
  readonly serviceOfferingId: string;
  readonly cpuNumber: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
  readonly hypervisor: Hypervisor;
  readonly hostId: string | null;
  readonly lastHostId: string | null;
  /** Base64, as stored. */
  readonly userData: string | null;
  readonly details: Readonly<Record<string, string>>;
  /** When the state last changed: what the expunge thread goes by. */
  readonly updatedMs: number;
}

export interface TagRow extends BaseRow {
  readonly accountId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly key: string;
  readonly value: string;
  readonly customer: string | null;
}

export interface JobRow extends BaseRow {
  readonly command: string;
  readonly javaClass: string | null;
  readonly accountId: string;
  readonly userId: string;
  /** The request's parameters as they came, from which each step reads its arguments again. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly resultCode: number;
  readonly result: JsonObject | null;
  readonly instanceType: string | null;
  readonly instanceId: string | null;
  readonly completedMs: number | null;
  /** Jobs of one VM run one after the other; null runs at once. */
  readonly queue: string | null;
  readonly started: boolean;
  /** Which step comes next, and what the earlier ones left for it. */
  readonly step: number;
  readonly memo: Readonly<Record<string, Json>>;
}
