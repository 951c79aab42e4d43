import type { BaseRow } from '../table.js';

/** What the cloud is built of: zones down to hosts and primary storage. */

export type Hypervisor = 'KVM' | 'XenServer' | 'VMware';

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
  /** Nothing more fits, whatever the VMs of this world leave: others have taken the rest. */
  readonly full: boolean;
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
  /** Nothing more fits, whatever the volumes of this world leave. */
  readonly full: boolean;
}

export type StorageType = 'shared' | 'local';
