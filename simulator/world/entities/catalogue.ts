import type { BaseRow } from '../base-row.js';
import type { StorageType } from './infrastructure.js';

/** What users choose from: offerings and operating system types. */

/** Who finds an offering, and where it is one; empty is everybody, and everywhere. */
export interface OfferingScope {
  /** The domains whose accounts, and those of domains below, find it. */
  readonly domainIds: readonly string[];
  readonly zoneIds: readonly string[];
  /** Lists are in the order of these, then of the ids. */
  readonly sortKey: number;
  readonly active: boolean;
}

/** How fast the disks of an offering are, and how they are kept: nothing here is slower by it. */
export interface DiskQuality {
  readonly provisioningType: 'thin' | 'sparse' | 'fat';
  readonly customizedIops: boolean | null;
  readonly minIops: number | null;
  readonly maxIops: number | null;
  readonly hypervisorSnapshotReserve: number | null;
  readonly cacheMode: 'none' | 'writeback' | 'writethrough' | 'hypervisor_default' | null;
  /** Bytes and requests a second, and seconds, by the name of the response field. */
  readonly rates: Readonly<Record<string, number>>;
}

export interface ServiceOfferingRow extends BaseRow, OfferingScope {
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
  /** In Mbit a second; null is what the settings say. */
  readonly networkRate: number | null;
  readonly limitsCpuUse: boolean;
  /** The disk offering that its root disks have; null where they have none but this. */
  readonly diskOfferingId: string | null;
  /** Whether its root disks keep that, and no other can be asked for. */
  readonly diskOfferingStrictness: boolean;
  /** Whether its root disks are encrypted. */
  readonly encrypts: boolean;
  /** Whether its VMs can be scaled while they run. */
  readonly dynamicScaling: boolean;
  readonly details: Readonly<Record<string, string>>;
  readonly disk: DiskQuality;
}

/** The ranges of a constrained custom offering, both ends included (service_offering_details). */
export interface ComputeConstraints {
  readonly minCpuNumber: number;
  readonly maxCpuNumber: number;
  readonly minMemoryMib: number;
  readonly maxMemoryMib: number;
}

export interface DiskOfferingRow extends BaseRow, OfferingScope {
  readonly name: string;
  readonly displayText: string;
  /** 0 in a custom offering: the creator chooses. */
  readonly sizeGib: number;
  /** Volumes keep the size that they were made with. */
  readonly sizeStrictness: boolean;
  readonly storageType: StorageType;
  readonly storageTags: readonly string[];
  /** Whether its volumes are encrypted. */
  readonly encrypts: boolean;
  /** Whether clients should show it to users; lists do not care. */
  readonly display: boolean;
  readonly details: Readonly<Record<string, string>>;
  readonly disk: DiskQuality;
}

/** A family of operating systems (guest_os_category). */
export interface OsCategoryRow extends BaseRow {
  readonly name: string;
}

export interface OsTypeRow extends BaseRow {
  readonly description: string;
  readonly categoryId: string;
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

export interface NetworkOfferingRow extends BaseRow, Omit<OfferingScope, 'active'> {
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
  /** Whether VMs reach the world outside unless a rule denies it. */
  readonly allowsEgress: boolean;
  /** Whether its networks are brought to life as soon as they are made. */
  readonly isPersistent: boolean;
  /** Whether each of its networks has a load balancer of its own. */
  readonly dedicatedLb: boolean;
  /** In Mbit a second; null is what the settings say. */
  readonly networkRate: number | null;
  /** Most connections that a load balancer takes at once; null is what the settings say. */
  readonly maxConnections: number | null;
  readonly tags: readonly string[];
  readonly details: Readonly<Record<string, string>>;
  readonly enabled: boolean;
}
