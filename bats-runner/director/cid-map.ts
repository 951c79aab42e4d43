import { mapStrings, type JsonValue } from '../json.js';
import { createdCid } from './ledger.js';
import type { CpiRequest, RecordedCall } from './recording.js';

/** What kind of thing a CID names. */
export type CidKind = 'stemcell' | 'vm' | 'disk';

/** Which CIDs of a recording stand for which CIDs of the run. */
export class CidMap {
  readonly #cids = new Map<string, string>();

  /** Learns from a `create_*` call what its recorded result stands for. */
  learn(recorded: RecordedCall, result: JsonValue): void {
    if (!recorded.request.method.startsWith('create_')) return;
    const [from, to] = [createdCid(recorded.response.result), createdCid(result)];
    if (from !== undefined && to !== undefined) this.set(from, to);
  }

  set(recorded: string, actual: string): void {
    this.#cids.set(recorded, actual);
  }

  has(recorded: string): boolean {
    return this.#cids.has(recorded);
  }

  /** The request with every CID of the recording replaced by the run's. */
  apply(request: CpiRequest): CpiRequest {
    const changed = mapStrings(request.arguments, (text) => this.#cids.get(text) ?? text);
    return { ...request, arguments: changed as JsonValue[] };
  }
}

/** Which arguments of a method are CIDs, and of what. */
const cidArguments: Readonly<Record<string, readonly (CidKind | undefined)[]>> = {
  create_vm: [undefined, 'stemcell'],
  delete_vm: ['vm'],
  has_vm: ['vm'],
  reboot_vm: ['vm'],
  set_vm_metadata: ['vm'],
  create_disk: [undefined, undefined, 'vm'],
  attach_disk: ['vm', 'disk'],
  detach_disk: ['vm', 'disk'],
  delete_disk: ['disk'],
  has_disk: ['disk'],
  resize_disk: ['disk'],
  snapshot_disk: ['disk'],
  set_disk_metadata: ['disk'],
  delete_stemcell: ['stemcell'],
};

/** The CIDs that a request names. */
export function cidsIn(request: CpiRequest): { cid: string; kind: CidKind }[] {
  const kinds = cidArguments[request.method] ?? [];
  return kinds.flatMap((kind, position) => {
    const value = request.arguments[position];
    return kind !== undefined && typeof value === 'string' ? [{ cid: value, kind }] : [];
  });
}
