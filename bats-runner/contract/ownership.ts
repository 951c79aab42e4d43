import type { Cloud } from '../cloud/cloud.js';
import { inventoryChanges, removeHeld, takeInventory, type Inventory } from '../cloud/inventory.js';
import { oursIn } from '../cloud/ours.js';
import { emptyLedger, recordSuccess } from '../director/ledger.js';
import type { CpiRequest } from '../director/recording.js';
import { textOf, type JsonValue } from '../json.js';
import type { CpiUnderTest } from './cpi-under-test.js';

/** Who has to do with what an account holds. A text is an id, a name, a description or a tag. */
export interface Whose {
  /** Whether something that is there anew is ours. */
  readonly isOurText: (text: string) => boolean;
  /** Whether something belongs to another run in the same account. */
  readonly isOthersText: (text: string) => boolean;
  /** Whether the CPI has asked the cloud for something about what has this id. */
  readonly mayHaveTouched: (id: string) => boolean;
  /** Addresses that cases need. */
  readonly reserved: readonly string[];
}

/**
 * What a case has made by the CPI and has not deleted. When the case is over the CPI deletes it, and
 * then the cloud must hold what it held before.
 */
export class Ownership {
  readonly #ledger = emptyLedger();
  readonly #cloud: Cloud;
  readonly #before: Inventory;
  readonly #whose: Whose;

  private constructor(cloud: Cloud, before: Inventory, whose: Whose) {
    this.#cloud = cloud;
    this.#before = before;
    this.#whose = whose;
  }

  static async begin(cloud: Cloud, whose: Whose): Promise<Ownership> {
    return new Ownership(cloud, await takeInventory(cloud.client), whose);
  }

  /** Notes what a call that succeeded has made or deleted. */
  note(request: CpiRequest, result: JsonValue): void {
    recordSuccess(this.#ledger, request, result);
  }

  /** In words: how the cloud differs from what it was when the case began. */
  async changes(): Promise<string[]> {
    const now = await takeInventory(this.#cloud.client);
    const ours = oursIn(now, this.#whose.isOurText);
    return inventoryChanges(this.#answerable(now), now, (key) => ours.has(key));
  }

  /** Of what was there at first, that which must be as it was; other runs do with theirs as they like. */
  #answerable(now: Inventory): Inventory {
    const { isOthersText, mayHaveTouched } = this.#whose;
    const others = [this.#before, now].map((inventory) => oursIn(inventory, isOthersText));
    const kept = [...this.#before].filter(([key, { row }]) => {
      if (others.some((keys) => keys.has(key))) return false;
      // What another run has just made may have no mark yet.
      const ids = [row['id'], row['virtualmachineid']].map(textOf).filter((id) => id !== '');
      return now.has(key) || ids.length === 0 || ids.some(mayHaveTouched);
    });
    return new Map(kept);
  }

  /** Has the CPI delete all that it made; answers the reasons why it could not. */
  async release(cpi: CpiUnderTest): Promise<string[]> {
    const { snapshots, vms, disks, networks, stemcells } = this.#ledger;
    const deletions: readonly (readonly [string, Iterable<string>])[] = [
      ['delete_snapshot', [...snapshots.keys()]],
      ['delete_vm', [...vms.keys()]],
      ['delete_disk', [...disks.keys()]],
      ['delete_network', [...networks]],
      ['delete_stemcell', [...stemcells.keys()]],
    ];
    const problems: string[] = [];
    for (const [method, cids] of deletions) {
      for (const cid of cids) {
        try {
          await cpi.result(method, [cid]);
        } catch (failure) {
          problems.push(`afterwards ${messageOf(failure)}`);
        }
      }
    }
    return problems;
  }

  /** Deletes, past the CPI, what is there and was not; answers the reasons why it could not. */
  async removeLeftovers(): Promise<string[]> {
    const ours = oursIn(await takeInventory(this.#cloud.client), this.#whose.isOurText);
    return removeHeld({
      client: this.#cloud.client,
      runJob: (command, parameters) => this.#cloud.run(command, parameters),
      reserved: this.#whose.reserved,
      isToGo: (key) => ours.has(key) && !this.#before.has(key),
    });
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
