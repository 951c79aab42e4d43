import type { JsonObject } from '../json.js';

/** A stemcell that has been uploaded. */
export interface Stemcell {
  readonly name: string;
  readonly version: string;
  readonly cid: string;
  /** What its manifest declares; older ones declare nothing. */
  readonly apiVersion: number | undefined;
  /** The name of the CPI that it was uploaded with, where there is a cpi-config. */
  readonly cpi?: string | undefined;
}

/** What the operator wrote of a VM. */
export interface VmPlan {
  /** cloud_properties of availability zone, VM type and extensions, laid over each other. */
  readonly properties: JsonObject;
  /** As create_vm gets them, by name. */
  readonly networks: JsonObject;
}

/** What the operator wrote of a persistent disk. */
export interface DiskPlan {
  readonly sizeMib: number;
  readonly properties: JsonObject;
}

/** An instance group with one instance. */
export interface GroupPlan extends VmPlan {
  readonly name: string;
  /** Its own: where its availability zone has another CPI than those of other groups. */
  readonly stemcell?: Stemcell;
  /** `update.vm_strategy`; delete-create unless given. It must not have static addresses for another. */
  readonly strategy?: 'create-swap-delete';
  readonly env?: JsonObject;
  readonly disks: readonly DiskPlan[];
}

/** What a deployment shall be. */
export interface Manifest {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly stemcell: Stemcell;
  readonly groups: readonly GroupPlan[];
  /** The packages of its releases. */
  readonly packages?: readonly string[];
  /** Of the VMs that compile packages; without it there must be none. */
  readonly compilation?: VmPlan;
}

/** What a VM was made of. */
export interface VmSpec extends VmPlan {
  readonly stemcell: Stemcell;
  readonly env: JsonObject;
}

/** A VM as the Director knows it. */
export interface DirectorVm {
  readonly cid: string;
  readonly agentId: string;
  readonly spec: VmSpec;
}

/** A persistent disk as the Director and the agent know it. */
export interface DirectorDisk {
  cid: string;
  sizeMib: number;
  properties: JsonObject;
  /** The name of the CPI that made it, where there is a cpi-config. */
  readonly cpi: string | undefined;
  /** Whether it is the one in use, or one that a task left behind. */
  isActive: boolean;
  /** Whether the agent of its VM lists it. */
  isMounted: boolean;
  snapshots: string[];
}

export interface Instance {
  readonly id: string;
  readonly group: string;
  vm: DirectorVm | undefined;
  /** The VM that is to take the place of that one (create-swap-delete). */
  nextVm?: DirectorVm | undefined;
  /** What its last VM was made of. */
  spec: VmSpec | undefined;
  /** Agent id of its last VM. */
  agentId: string | undefined;
  disks: DirectorDisk[];
  state: 'started' | 'stopped' | 'detached';
}

export interface Deployment {
  manifest: Manifest;
  readonly instances: Map<string, Instance>;
}
