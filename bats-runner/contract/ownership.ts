import type { Cloud } from '../cloud/cloud.js';
import { inventoryChanges, removeHeld, takeInventory, type Inventory } from '../cloud/inventory.js';
import { oursIn } from '../cloud/ours.js';
import { emptyLedger, recordSuccess } from '../director/ledger.js';
import type { CpiRequest } from '../director/recording.js';
import type { JsonValue } from '../json.js';
import type { CpiUnderTest } from './cpi-under-test.js';

/**
 * What a case has made by the CPI and has not deleted. When the case is over the CPI deletes it, and
 * then the cloud must hold what it held before.
 */
export class Ownership {
  readonly #ledger = emptyLedger();
  readonly #cloud: Cloud;
  readonly #before: Inventory;
  readonly #isOurText: (text: string) => boolean;

  private constructor(cloud: Cloud, before: Inventory, isOurText: (text: string) => boolean) {
    this.#cloud = cloud;
    this.#before = before;
    this.#isOurText = isOurText;
  }

  /** `isOurText` tells by its id, name, description or tags what is ours of what there is anew. */
  static async begin(cloud: Cloud, isOurText: (text: string) => boolean): Promise<Ownership> {
    return new Ownership(cloud, await takeInventory(cloud.client), isOurText);
  }

  /** Notes what a call that succeeded has made or deleted. */
  note(request: CpiRequest, result: JsonValue): void {
    recordSuccess(this.#ledger, request, result);
  }

  /** In words: how the cloud differs from what it was when the case began. */
  async changes(): Promise<string[]> {
    const now = await takeInventory(this.#cloud.client);
    const ours = oursIn(now, this.#isOurText);
    return inventoryChanges(this.#before, now, (key) => ours.has(key));
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
    const ours = oursIn(await takeInventory(this.#cloud.client), this.#isOurText);
    return removeHeld({
      client: this.#cloud.client,
      runJob: (command, parameters) => this.#cloud.run(command, parameters),
      isToGo: (key) => ours.has(key) && !this.#before.has(key),
    });
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
