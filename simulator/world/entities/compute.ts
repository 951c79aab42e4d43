import type { GuestDevices } from '../storage/guest-devices.js';
import type { VmState } from '../states/virtual-machine.js';
import type { BaseRow } from '../base-row.js';
import type { Hypervisor } from './infrastructure.js';

/** Virtual machines, and what they refer to: affinity groups, SSH key pairs. */

export interface VmRow extends BaseRow {
  readonly name: string;
  readonly displayName: string;
  readonly instanceName: string;
  readonly groupId: string | null;
  readonly state: VmState;
  readonly accountId: string;
  readonly userId: string;
  readonly zoneId: string;
  readonly templateId: string;
  /** The ISO in its drive: what it was made from, or what was attached. */
  readonly isoId: string | null;
  readonly serviceOfferingId: string;
  readonly cpuNumber: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
  readonly hypervisor: Hypervisor;
  readonly hostId: string | null;
  readonly lastHostId: string | null;
  /** Where a migration takes it, which has room for it already. */
  readonly destinationHostId: string | null;
  readonly osTypeId: string;
  /** Whether its size can be changed while it runs. */
  readonly isDynamicallyScalable: boolean;
  /** The password that it was given last, if its template wants one. */
  readonly password: string | null;
  /** Its next start gives it a password, if its template wants one (update_parameters). */
  readonly awaitsPassword: boolean;
  /** Base64, as stored. */
  readonly userData: string | null;
  /** The registered user data that it was given, if it was; a copy is what it has. */
  readonly userDataId: string | null;
  /** The values of the variables in it, as CloudStack writes a map. */
  readonly userDataDetails: string | null;
  /** What is not displayed is shown to root admins only, and counts for nothing. */
  readonly isDisplayed: boolean;
  /** Whether it cannot be destroyed. */
  readonly deleteProtection: boolean;
  readonly details: Readonly<Record<string, string>>;
  /** When its guest last booted; null before the first start. */
  readonly bootedMs: number | null;
  /** The disks as its guest found and got them since it booted. */
  readonly guestDevices: GuestDevices;
  /** When the state last changed: what the expunge thread goes by. */
  readonly updatedMs: number;
}

/**
 * How the VMs of a group are placed: strictly, or as far as there is room (the `type` of
 * AffinityGroupProcessor).
 */
export type AffinityType =
  | 'host affinity'
  | 'host anti-affinity'
  | 'non-strict host affinity'
  | 'non-strict host anti-affinity';

export interface AffinityGroupRow extends BaseRow {
  readonly name: string;
  readonly description: string | null;
  readonly type: AffinityType;
  readonly accountId: string;
}

/** That a VM is in an affinity group (affinity_group_vm_map). */
export interface AffinityMemberRow extends BaseRow {
  readonly groupId: string;
  readonly vmId: string;
}

/** What users sort their VMs into; a VM is in one at most. */
export interface InstanceGroupRow extends BaseRow {
  readonly name: string;
  readonly accountId: string;
}

/** User data that is kept for several VMs (user_data). */
export interface UserDataRow extends BaseRow {
  readonly name: string;
  readonly accountId: string;
  /** Base64, as stored. */
  readonly content: string;
  /** The names of the variables in it, with commas between. */
  readonly params: string | null;
}

export interface SshKeyPairRow extends BaseRow {
  readonly name: string;
  readonly accountId: string;
  /** MD5 of the key, as hexadecimal bytes with colons between. */
  readonly fingerprint: string;
  /** Algorithm and key, without a comment. */
  readonly publicKey: string;
}
