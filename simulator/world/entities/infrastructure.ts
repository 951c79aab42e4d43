import type { StoragePoolState } from '../states/storage-pool.js';
import type { HostState } from '../states/host.js';
import type { BaseRow } from '../base-row.js';

/** What the cloud is built of: zones down to hosts and primary storage. */

export type Hypervisor = 'KVM' | 'XenServer' | 'VMware';

export interface ZoneRow extends BaseRow {
  readonly name: string;
  /** Null for a public zone; a private one is that domain's, and of those below it. */
  readonly domainId: string | null;
  readonly networkType: 'Advanced' | 'Basic';
  readonly localStorageEnabled: boolean;
  readonly allocationState: 'Enabled' | 'Disabled';
  readonly dns1: string;
  readonly internalDns1: string;
  readonly guestCidr: string;
  /** How much room for templates and snapshots the zone's image store has. */
  readonly secondaryStorageBytes: number;
  /** Whether a secondary storage VM runs in the zone. */
  readonly secondaryStorageVmUp: boolean;
  /** With which upload URLs of the zone are signed. */
  readonly uploadKey: string;
}

export interface PodRow extends BaseRow {
  readonly name: string;
  readonly zoneId: string;
  /** The management network: the gateway comes first, then the system VMs, then the hosts. */
  readonly cidr: string;
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
  readonly ipAddress: string;
  readonly cpuCores: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
  /** The version of the hypervisor; null where its agent tells none, as on KVM. */
  readonly hypervisorVersion: string | null;
  readonly tags: readonly string[];
  readonly up: boolean;
  readonly state: HostState;
  /** The VMs that are to leave it before its maintenance, and how often each could not. */
  readonly evacuees: Readonly<Record<string, number>>;
  /** Nothing more fits, whatever the VMs of this world leave: others have taken the rest. */
  readonly full: boolean;
}

/** What a pool is to CloudStack (com.cloud.storage.Storage.StoragePoolType). */
export type StoragePoolType = 'NetworkFilesystem' | 'Filesystem' | 'EXT' | 'VMFS';

export interface StoragePoolRow extends BaseRow {
  readonly name: string;
  readonly type: StoragePoolType;
  readonly scope: 'ZONE' | 'CLUSTER' | 'HOST';
  readonly hypervisor: Hypervisor;
  /** Where the pool is: the address of its server, and the path there. */
  readonly server: string;
  readonly path: string;
  readonly zoneId: string;
  readonly clusterId: string | null;
  readonly hostId: string | null;
  readonly sizeBytes: number;
  /** Requests a second; null unless somebody said how many. */
  readonly capacityIops: number | null;
  readonly tags: readonly string[];
  readonly state: StoragePoolState;
  /** The VMs that its maintenance has stopped, and its end is to start. */
  readonly stoppedVmIds: readonly string[];
  /** Nothing more fits, whatever the volumes of this world leave. */
  readonly full: boolean;
}

export type StorageType = 'shared' | 'local';
