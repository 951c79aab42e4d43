import type { VmState } from '../states/virtual-machine.js';
import type { BaseRow } from '../table.js';
import type { Hypervisor } from './infrastructure.js';

/** Virtual machines. */

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
  /** When its guest last booted; null before the first start. */
  readonly bootedMs: number | null;
  /** When the state last changed: what the expunge thread goes by. */
  readonly updatedMs: number;
}
