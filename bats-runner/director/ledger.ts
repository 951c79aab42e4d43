import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import type { CpiRequest } from './recording.js';

/** What the callers of a CPI made and have not deleted, by CID: what the cloud must hold. */
export interface Ledger {
  readonly stemcells: Set<string>;
  readonly vms: Map<string, OwnedVm>;
  readonly disks: Map<string, OwnedDisk>;
}

export interface OwnedVm {
  readonly agentId: string;
  /** The addresses asked for: those of manual networks. */
  readonly addresses: readonly string[];
  /** The addresses of vip networks. */
  readonly publicAddresses: readonly string[];
  readonly ephemeralDisks: 0 | 1;
}

export interface OwnedDisk {
  attachedTo: string | undefined;
}

export function emptyLedger(): Ledger {
  return { stemcells: new Set(), vms: new Map(), disks: new Map() };
}

/** Writes down what a call that succeeded has changed. */
export function recordSuccess(ledger: Ledger, request: CpiRequest, result: JsonValue): void {
  entries[request.method]?.(ledger, request.arguments, createdCid(result));
}

/** The CID in the result of a `create_*` method: the result, or the first item of it. */
export function createdCid(result: JsonValue): string | undefined {
  const first = Array.isArray(result) ? result[0] : result;
  return typeof first === 'string' ? first : undefined;
}

type Entry = (ledger: Ledger, args: readonly JsonValue[], created: string | undefined) => void;

const entries: Readonly<Record<string, Entry>> = {
  create_stemcell: ({ stemcells }, _, created) => created && stemcells.add(created),
  delete_stemcell: ({ stemcells }, [cid]) => stemcells.delete(textOf(cid)),
  create_vm: ({ vms }, [agentId, , properties, networks], created) => {
    if (created === undefined) return;
    // A repeated create_vm takes the place of the earlier one: an agent id has one VM.
    for (const [cid, vm] of vms) if (vm.agentId === agentId) vms.delete(cid);
    vms.set(created, {
      agentId: textOf(agentId),
      addresses: addressesOf(networks, 'manual'),
      publicAddresses: addressesOf(networks, 'vip'),
      ephemeralDisks: isObject(properties) && Number(properties['disk'] ?? 0) > 0 ? 1 : 0,
    });
  },
  delete_vm: ({ vms, disks }, [cid]) => {
    vms.delete(textOf(cid));
    for (const disk of disks.values()) {
      if (disk.attachedTo === cid) disk.attachedTo = undefined;
    }
  },
  create_disk: ({ disks }, _, created) => created && disks.set(created, { attachedTo: undefined }),
  delete_disk: ({ disks }, [cid]) => disks.delete(textOf(cid)),
  attach_disk: ({ disks }, [vm, cid]) => attach(disks.get(textOf(cid)), textOf(vm)),
  detach_disk: ({ disks }, [, cid]) => attach(disks.get(textOf(cid)), undefined),
};

function attach(disk: OwnedDisk | undefined, vmCid: string | undefined): void {
  if (disk !== undefined) disk.attachedTo = vmCid;
}

function addressesOf(networks: JsonValue | undefined, type: 'manual' | 'vip'): string[] {
  if (!isObject(networks)) return [];
  return Object.values(networks)
    .filter((network): network is JsonObject => isObject(network) && network['type'] === type)
    .map((network) => textOf(network['ip']));
}
