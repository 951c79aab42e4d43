import type { BaseRow } from '../table.js';
import type { StorageType } from './infrastructure.js';

/** What users choose from: offerings and operating system types. */

export interface ServiceOfferingRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  /** Null in a custom offering: the deployer chooses. A constrained one fixes the speed. */
  readonly cpuNumber: number | null;
  readonly cpuMhz: number | null;
  readonly memoryMib: number | null;
  /** What the deployer may choose in a constrained offering; null in all others. */
  readonly constraints: ComputeConstraints | null;
  readonly storageType: StorageType;
  readonly rootDiskSizeGib: number | null;
  readonly hostTags: readonly string[];
  readonly storageTags: readonly string[];
  readonly active: boolean;
}

/** The ranges of a constrained custom offering, both ends included (service_offering_details). */
export interface ComputeConstraints {
  readonly minCpuNumber: number;
  readonly maxCpuNumber: number;
  readonly minMemoryMib: number;
  readonly maxMemoryMib: number;
}

export interface DiskOfferingRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  /** 0 in a custom offering: the creator chooses. */
  readonly sizeGib: number;
  /** Volumes keep the size that they were made with. */
  readonly sizeStrictness: boolean;
  readonly storageType: StorageType;
  readonly storageTags: readonly string[];
  readonly active: boolean;
}

export interface OsTypeRow extends BaseRow {
  readonly description: string;
  readonly category: string;
}

export type NetworkType = 'Isolated' | 'Shared' | 'L2';

/** What a network does for its VMs (com.cloud.network.Network.Service). */
export type NetworkService =
  | 'Dhcp'
  | 'Dns'
  | 'UserData'
  | 'Firewall'
  | 'Gateway'
  | 'Lb'
  | 'SourceNat'
  | 'StaticNat'
  | 'PortForwarding'
  | 'Vpn'
  | 'NetworkACL';

export interface NetworkOfferingRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  readonly guestIpType: NetworkType;
  /** Who creates a network must choose its VLAN, which only root admins may. */
  readonly specifyVlan: boolean;
  /** Whether who creates a network chooses the range that it hands out. */
  readonly specifyIpRanges: boolean;
  readonly availability: 'Required' | 'Optional';
  /** Whether one public address may serve several services of a network at once. */
  readonly conserveMode: boolean;
  /** Whether CloudStack brought it. */
  readonly isDefault: boolean;
  readonly forVpc: boolean;
  readonly services: readonly NetworkService[];
  readonly enabled: boolean;
}
