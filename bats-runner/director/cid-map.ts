import { isObject, mapStrings, type JsonObject, type JsonValue } from '../json.js';
import { createdCid } from './ledger.js';
import type { CpiRequest, RecordedCall } from './recording.js';

/** What kind of thing a CID names. */
export type CidKind = 'stemcell' | 'vm' | 'disk' | 'snapshot' | 'network';

export interface NamedCid {
  readonly cid: string;
  readonly kind: CidKind;
}

/** Which CIDs of a recording stand for which CIDs of the run. */
export class CidMap {
  readonly #cids = new Map<string, string>();
  /** What the run's create_network gave as cloud_properties, by what the recorded one gave. */
  readonly #networkProperties = new Map<string, JsonObject>();

  /** Learns from a call that made something what its recorded result stands for. */
  learn(recorded: RecordedCall, result: JsonValue): void {
    const { method, arguments: args } = recorded.request;
    if (method === 'update_disk') this.#learnReplacedDisk(args[0], result);
    if (!makesSomething(method)) return;
    const [from, to] = [createdCid(recorded.response.result), createdCid(result)];
    if (from !== undefined && to !== undefined) this.set(from, to);
    if (method === 'create_network') this.#learnNetwork(recorded.response.result, result);
  }

  set(recorded: string, actual: string): void {
    this.#cids.set(recorded, actual);
  }

  has(recorded: string): boolean {
    return this.#cids.has(recorded);
  }

  /** The run's CID; one that is not known stands for itself. */
  actual(recorded: string): string {
    return this.#cids.get(recorded) ?? recorded;
  }

  /** The recorded CIDs that stand for one of the run. */
  recordedFor(actual: string): string[] {
    return [...this.#cids].filter(([, to]) => to === actual).map(([from]) => from);
  }

  /** The request with every CID of the recording replaced by the run's. */
  apply(request: CpiRequest): CpiRequest {
    const changed = mapStrings(request.arguments, (text) => this.actual(text)) as JsonValue[];
    if (request.method !== 'create_vm') return { ...request, arguments: changed };
    return { ...request, arguments: changed.with(3, this.#networks(request.arguments[3])) };
  }

  /** A Director puts into its networks what create_network gave as cloud_properties. */
  #networks(recorded: JsonValue | undefined): JsonValue {
    if (!isObject(recorded)) return recorded ?? null;
    const entries = Object.entries(recorded).map(([name, network]) => {
      if (!isObject(network)) return [name, network];
      const properties = this.#networkProperties.get(JSON.stringify(network['cloud_properties']));
      return [name, properties ? { ...network, cloud_properties: properties } : network];
    });
    return mapStrings(Object.fromEntries(entries) as JsonObject, (text) => this.actual(text));
  }

  #learnNetwork(recorded: JsonValue, actual: JsonValue): void {
    if (!Array.isArray(recorded) || !Array.isArray(actual) || !isObject(actual[2])) return;
    this.#networkProperties.set(JSON.stringify(recorded[2]), actual[2]);
  }

  /** A Director goes on with the CID that update_disk answers, if it answers one. */
  #learnReplacedDisk(recorded: JsonValue | undefined, result: JsonValue): void {
    if (typeof recorded === 'string' && typeof result === 'string') this.set(recorded, result);
  }
}

/** Whether a method's result is the CID of something new, or begins with it. */
export function makesSomething(method: string): boolean {
  return method.startsWith('create_') || method === 'snapshot_disk';
}

/** Which arguments of a method are CIDs, or lists of CIDs, and of what. */
const cidArguments: Readonly<Record<string, readonly (CidKind | undefined)[]>> = {
  create_vm: [undefined, 'stemcell', undefined, undefined, 'disk'],
  delete_vm: ['vm'],
  has_vm: ['vm'],
  reboot_vm: ['vm'],
  set_vm_metadata: ['vm'],
  get_disks: ['vm'],
  create_disk: [undefined, undefined, 'vm'],
  attach_disk: ['vm', 'disk'],
  detach_disk: ['vm', 'disk'],
  delete_disk: ['disk'],
  has_disk: ['disk'],
  resize_disk: ['disk'],
  update_disk: ['disk'],
  snapshot_disk: ['disk'],
  set_disk_metadata: ['disk'],
  delete_snapshot: ['snapshot'],
  delete_stemcell: ['stemcell'],
  delete_network: ['network'],
};

/** The CIDs that a request names. */
export function cidsIn(request: CpiRequest): NamedCid[] {
  const kinds = cidArguments[request.method] ?? [];
  return kinds.flatMap((kind, position) => {
    const value = request.arguments[position];
    if (kind === undefined) return [];
    const cids = Array.isArray(value) ? value : [value];
    return cids.flatMap((cid) => (typeof cid === 'string' ? [{ cid, kind }] : []));
  });
}
