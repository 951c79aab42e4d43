import type { JsonValue } from '../json.js';
import { PromiseBroken } from '../promise-broken.js';

/** What the agents in VMs do for Director and CLI, as far as disks and answers go. */
export interface Agents {
  /** Whether the agent of a VM answers. */
  readonly answers: (vmCid: string) => boolean;
  /** A VM was rebooted: its agent begins anew. */
  readonly rebooted: (vmCid: string) => void;
  /** Has the agent of a VM shut it down: it answers no longer. */
  readonly shutDown: (vmCid: string) => void;
  /** Finds an attached disk by its hint, and mounts it. Throws if it cannot. */
  readonly mount: (vmCid: string, diskCid: string, hint: JsonValue) => Promise<void>;
  /** Copies what is on one mounted disk to another. */
  readonly migrate: (vmCid: string, fromCid: string, toCid: string) => Promise<void>;
}

/** Agents of which some, or all, can be made silent. */
export abstract class SilenceableAgents implements Agents {
  /** VMs whose agents do not answer, by CID. */
  readonly silent = new Set<string>();
  /** While it is so no agent answers. */
  areSilent = false;

  answers(vmCid: string): boolean {
    return !this.areSilent && !this.silent.has(vmCid);
  }

  rebooted(vmCid: string): void {
    this.silent.delete(vmCid);
  }

  shutDown(vmCid: string): void {
    this.silent.add(vmCid);
  }

  abstract mount(vmCid: string, diskCid: string, hint: JsonValue): Promise<void>;
  abstract migrate(vmCid: string, fromCid: string, toCid: string): Promise<void>;
}

/** Agents that say to have done all that they are told, in VMs into which nobody can look. */
export class NoddingAgents extends SilenceableAgents {
  mount(): Promise<void> {
    return Promise.resolve();
  }

  migrate(): Promise<void> {
    return Promise.resolve();
  }
}

/** An agent did not answer in time. */
export class AgentSilent extends PromiseBroken {
  constructor(vmCid: string) {
    super(`timed out pinging the agent of VM ${vmCid}`);
    this.name = 'AgentSilent';
  }
}
