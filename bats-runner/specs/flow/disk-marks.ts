import { expect } from '@playwright/test';
import type { GuestAgents } from '../../lite/guest-agents.js';

/** A persistent disk in its VM, and what it is for, whatever VM and disk that is at a time. */
export interface UsedDisk {
  /** Such as `flow/db, disk 1`. */
  readonly use: string;
  readonly vmCid: string;
  readonly diskCid: string;
}

/** Files on persistent disks, to see that what is written stays. */
export class DiskMarks {
  readonly #agents: GuestAgents;
  readonly #newId: () => string;
  readonly #marks = new Map<string, string>();

  constructor(agents: GuestAgents, newId: () => string) {
    this.#agents = agents;
    this.#newId = newId;
  }

  /** Marks disks of a new use; of others the mark must be there. */
  async see(disks: readonly UsedDisk[]): Promise<void> {
    for (const { use, vmCid, diskCid } of disks) {
      const mark = this.#marks.get(use);
      if (mark === undefined) {
        const content = this.#newId();
        await this.#agents.write(vmCid, diskCid, { name: fileName, content });
        this.#marks.set(use, content);
        continue;
      }
      const files = await this.#agents.files(vmCid, diskCid);
      expect(files[fileName], `what was written to ${use}`).toBe(mark);
    }
  }

  /** What was written is lost: the disk was. */
  forget(use: string): void {
    this.#marks.delete(use);
  }

  /** What was written is used otherwise from now on. */
  move(from: string, to: string): void {
    const mark = this.#marks.get(from);
    if (mark === undefined) throw new Error(`nothing was written to ${from}`);
    this.#marks.set(to, mark);
    this.#marks.delete(from);
  }
}

const fileName = 'mark';
