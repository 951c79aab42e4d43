import type { JsonValue } from '../json.js';
import { cidsIn, type CidKind, type CidMap, type NamedCid } from './cid-map.js';
import type { Ledger, OwnedVm } from './ledger.js';
import { namedIn } from './plan.js';
import type { CpiRequest, Recording } from './recording.js';

/** What a scenario is prepared with. */
export interface PreparationTools {
  readonly ledger: Ledger;
  readonly cids: CidMap;
  /** The scenario and those that are still to come. */
  readonly upcoming: readonly Recording[];
  /** The requests that made what the run has, by its CID, as they were sent. */
  readonly makers: ReadonlyMap<string, CpiRequest>;
  /** Makes a call that must succeed; answers its result. */
  readonly send: (method: string, args: JsonValue[], note: string) => Promise<JsonValue>;
  /** Gives up. */
  readonly stop: (reason: string) => never;
}

/**
 * Sets up in the cloud what a scenario names and no call made, as whatever happened between the
 * recordings would have: another stemcell was uploaded, a VM replaced, a disk made.
 */
export async function prepare(recording: Recording, tools: PreparationTools): Promise<void> {
  const preparation = new Preparation(recording, tools);
  const unknown = namedIn(recording).filter(({ cid }) => !tools.cids.has(cid));
  for (const kind of ['stemcell', 'vm', 'disk'] as const) {
    for (const { cid } of unknown.filter((named) => named.kind === kind)) {
      tools.cids.set(cid, await preparation[kind](cid));
    }
  }
  for (const { cid, kind } of unknown) if (!tools.cids.has(cid)) preparation.giveUp(kind, cid);
}

class Preparation {
  readonly #recording: Recording;
  readonly #tools: PreparationTools;

  constructor(recording: Recording, tools: PreparationTools) {
    this.#recording = recording;
    this.#tools = tools;
  }

  giveUp(kind: CidKind, cid: string): never {
    return this.#tools.stop(`${this.#recording.scenario} names ${kind} ${cid}, which no call made`);
  }

  async stemcell(cid: string): Promise<string> {
    const template = this.#lastRequest('create_stemcell') ?? this.giveUp('stemcell', cid);
    const note = 'another stemcell was uploaded between the recordings';
    return this.#create(template, template.arguments, note);
  }

  /** The new VM is like the old one, and has those of its disks that are still of use. */
  async vm(cid: string): Promise<string> {
    const { send, makers } = this.#tools;
    const note = 'the VM was replaced between the recordings';
    const old = this.#replacedBy(cid);
    const template =
      (old === undefined ? undefined : makers.get(old)) ??
      this.#ownRequest('create_vm') ??
      this.giveUp('vm', cid);
    const disks = old === undefined ? [] : this.#usefulDisksOf(old);
    if (old !== undefined) await send('delete_vm', [old], note);
    const args = template.arguments.with(0, cid).with(4, disks);
    const vm = await this.#create(template, args, note);
    for (const disk of disks) await send('attach_disk', [vm, disk], note);
    return vm;
  }

  async disk(cid: string): Promise<string> {
    const { cids, send } = this.#tools;
    const note = 'the disk was made between the recordings';
    const template = this.#lastRequest('create_disk') ?? this.giveUp('disk', cid);
    const [method, recordedVm] = this.#firstUseWithVm(cid) ?? this.giveUp('disk', cid);
    const vm = cids.actual(recordedVm);
    const disk = await this.#create(template, template.arguments.with(2, vm), note);
    if (method === 'detach_disk') await send('attach_disk', [vm, disk], note);
    return disk;
  }

  /**
   * The VM that an unknown one takes the place of: the one that holds the disk named with it, or one
   * that nobody names any more, if possible that at an address which this scenario gives to another.
   */
  #replacedBy(cid: string): string | undefined {
    const { ledger } = this.#tools;
    const holders = this.#disksUsedWith(cid).map((disk) => ledger.disks.get(disk)?.attachedTo);
    const holder = holders.find((vm) => vm !== undefined);
    if (holder !== undefined) return holder;
    const abandoned = [...ledger.vms].filter(([vm]) => !this.#isNamedYet(vm));
    const successors = this.#ownRequests('create_vm').map(
      (request) => request.arguments[3] ?? null,
    );
    const found =
      successors.length === 0
        ? abandoned[0]
        : abandoned.find(([, vm]) => successors.some((networks) => takesAddress(networks, vm)));
    return found?.[0];
  }

  #disksUsedWith(vmCid: string): string[] {
    const { cids } = this.#tools;
    return this.#recording.calls
      .map(({ request }) => cidsIn(request))
      .filter((named) => named.some(({ cid }) => cid === vmCid))
      .flatMap((named) => cidsOf('disk', named).map((disk) => cids.actual(disk)));
  }

  #firstUseWithVm(diskCid: string): [method: string, vmCid: string] | undefined {
    for (const { request } of this.#recording.calls) {
      const named = cidsIn(request);
      const [vm] = cidsOf('vm', named);
      if (vm !== undefined && cidsOf('disk', named).includes(diskCid)) return [request.method, vm];
    }
    return undefined;
  }

  #usefulDisksOf(vmCid: string): string[] {
    return [...this.#tools.ledger.disks]
      .filter(([cid, disk]) => disk.attachedTo === vmCid && this.#isNamedYet(cid))
      .map(([cid]) => cid);
  }

  /** Whether this scenario or one that is still to come names what the run has under a CID. */
  #isNamedYet(actual: string): boolean {
    const { cids, upcoming } = this.#tools;
    const recorded = cids.recordedFor(actual);
    return upcoming.some(({ calls }) =>
      calls.some(({ request }) => cidsIn(request).some(({ cid }) => recorded.includes(cid))),
    );
  }

  #lastRequest(method: string): CpiRequest | undefined {
    return [...this.#tools.makers.values()].findLast((request) => request.method === method);
  }

  #ownRequest(method: string): CpiRequest | undefined {
    const [first] = this.#ownRequests(method);
    return first && this.#tools.cids.apply(first);
  }

  #ownRequests(method: string): CpiRequest[] {
    return this.#recording.calls
      .map(({ request }) => request)
      .filter((request) => request.method === method);
  }

  async #create({ method }: CpiRequest, args: JsonValue[], note: string): Promise<string> {
    const result = await this.#tools.send(method, args, note);
    const [cid] = Array.isArray(result) ? result : [result];
    return typeof cid === 'string' ? cid : this.#tools.stop(`${method} made nothing`);
  }
}

function cidsOf(kind: CidKind, named: readonly NamedCid[]): string[] {
  return named.filter((item) => item.kind === kind).map(({ cid }) => cid);
}

function takesAddress(networks: JsonValue, { addresses }: OwnedVm): boolean {
  const text = JSON.stringify(networks);
  return addresses.some((address) => text.includes(`"ip":"${address}"`));
}
