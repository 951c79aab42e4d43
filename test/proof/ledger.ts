// The model: what Directors have been told, and so what must be true of the cloud, whatever happened.
// A call that failed leaves doubt about the thing it was for, until a later one has said how it is.
/** An instance of a deployment, which keeps its addresses through all of its VMs. */
export interface Instance {
  readonly director: number;
  readonly name: string;
  readonly ip: string;
  readonly sharedIp: string;
  readonly publicIp: string;
}

export interface Vm {
  readonly cid: string;
  readonly agentId: string;
  readonly instance: Instance;
  /** The network of its Director's that it is in. */
  readonly madeNetwork: MadeNetwork | undefined;
  /** The addresses that it was promised, by the network's name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly publicIp: string | undefined;
  /** Whether somebody began to delete it. */
  isDoomed: boolean;
  isInDoubt: boolean;
  metadata: Readonly<Record<string, string>> | undefined;
}

export interface Disk {
  readonly cid: string;
  readonly director: number;
  readonly offering: string;
  sizeMib: number;
  /** Whose it was last. */
  instance: Instance | undefined;
  /** Which VM it is attached to, as far as nobody doubts it. */
  on: Vm | undefined;
  /** The VM to which it may be attached, or not. */
  doubt: Vm | typeof nobodys | undefined;
  wasAttached: boolean;
  isDoomed: boolean;
  metadata: Readonly<Record<string, string>> | undefined;
  /** What was written to it. */
  files: Readonly<Record<string, string>>;
}

export interface Snapshot {
  readonly cid: string;
  readonly director: number;
  readonly disk: Disk;
  readonly files: Readonly<Record<string, string>>;
  isDoomed: boolean;
}

/** What a Director made: a network or a stemcell. */
export interface Made {
  readonly cid: string;
  readonly director: number;
  isDoomed: boolean;
}

/** A network that a Director made. */
export interface MadeNetwork extends Made {
  /** As CloudStack calls it. */
  readonly name: string;
  /** Its first address, without the last number. */
  readonly prefix: string;
  readonly gateway: string;
}

/** A VM that a call began for a disk on local storage, and of which no Director heard. */
export const nobodys = Symbol('a VM that nobody knows');

const instancesOfDirector = 3;

export const directors = [
  'd0000000-0000-4000-8000-000000000000',
  'd1111111-1111-4111-8111-111111111111',
] as const;

export class Ledger {
  readonly instances: readonly Instance[] = directors.flatMap((_, director) =>
    Array.from({ length: instancesOfDirector }, (__, index) => ({
      director,
      name: `web/${index} of Director ${director}`,
      ip: `10.203.6.${40 + 10 * director + index}`,
      sharedIp: `10.204.0.${40 + 10 * director + index}`,
      publicIp: `203.0.113.${15 + 5 * director + index}`,
    })),
  );
  vms: Vm[] = [];
  disks: Disk[] = [];
  snapshots: Snapshot[] = [];
  networks: MadeNetwork[] = [];
  stemcells: Made[] = [];
  #ids = 0;

  /** A new UUID, as Directors give to agents. */
  newAgentId(): string {
    this.#ids += 1;
    return `a0000000-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`;
  }

  /** A text that was never used before. */
  newText(): string {
    this.#ids += 1;
    return `text ${this.#ids}`;
  }

  vmOf(instance: Instance): Vm | undefined {
    return this.vms.find((vm) => vm.instance === instance);
  }

  disksOn(vm: Vm): Disk[] {
    return this.disks.filter((disk) => disk.on === vm && disk.doubt === undefined);
  }

  /** Whether another instance is to have this address in the network that they share. */
  isAnothers(ip: string, { ip: own }: Instance): boolean {
    return ip !== own && this.instances.some((instance) => instance.ip === ip);
  }

  forgetVm(gone: Vm): void {
    this.vms = this.vms.filter((vm) => vm !== gone);
    for (const disk of this.disks) {
      if (disk.on === gone) disk.on = undefined;
      if (disk.doubt === gone) disk.doubt = undefined;
    }
  }

  forgetDisk(gone: Disk): void {
    this.disks = this.disks.filter((disk) => disk !== gone);
  }

  forgetSnapshot(gone: Snapshot): void {
    this.snapshots = this.snapshots.filter((snapshot) => snapshot !== gone);
  }
}

/** Whether a disk is attached nowhere, and meant to stay. */
export function isFree({ on, doubt, isDoomed }: Disk): boolean {
  return on === undefined && doubt === undefined && !isDoomed;
}
