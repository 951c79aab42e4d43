import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import type { CpiRequest } from './recording.js';

/** What the callers of a CPI made and have not deleted, by CID: what the cloud must hold. */
export interface Ledger {
  readonly stemcells: Map<string, OwnedStemcell>;
  readonly vms: Map<string, OwnedVm>;
  readonly disks: Map<string, OwnedDisk>;
  readonly snapshots: Map<string, OwnedSnapshot>;
  /** Networks that the CPI made. */
  readonly networks: Set<string>;
}

export interface OwnedStemcell {
  /** The zone that the properties of a cpi-config name for it. */
  readonly zone: string | undefined;
}

export interface OwnedVm {
  readonly agentId: string;
  /** The zone that its cloud_properties name. */
  readonly zone: string | undefined;
  /** The addresses asked for: those of manual networks. */
  readonly addresses: readonly string[];
  /** The addresses of vip networks. */
  readonly publicAddresses: readonly string[];
  /** The guest networks asked for, by name or id as in their cloud_properties. */
  readonly networks: readonly string[];
  readonly ephemeralDisks: 0 | 1;
  readonly loadBalancers: readonly string[];
  readonly affinityGroup: string | undefined;
  readonly metadata: Metadata;
}

export interface OwnedDisk {
  attachedTo: string | undefined;
  /** At least this size was asked for. */
  sizeMib: number;
  diskOffering: string | undefined;
  readonly metadata: Metadata;
}

export interface OwnedSnapshot {
  readonly disk: string;
  readonly metadata: Metadata;
}

/** BOSH metadata by key. */
export type Metadata = Map<string, JsonValue>;

export function emptyLedger(): Ledger {
  return {
    stemcells: new Map(),
    vms: new Map(),
    disks: new Map(),
    snapshots: new Map(),
    networks: new Set(),
  };
}

/** Writes down what a call that succeeded has changed. */
export function recordSuccess(ledger: Ledger, request: CpiRequest, result: JsonValue): void {
  entries[request.method]?.(ledger, request.arguments, createdCid(result), request.context);
}

/** Writes down that somebody else removed a VM; its disks are attached nowhere then. */
export function forgetVm({ vms, disks }: Ledger, cid: string): void {
  vms.delete(cid);
  for (const disk of disks.values()) {
    if (disk.attachedTo === cid) disk.attachedTo = undefined;
  }
}

/** The CID in the result of a method that makes something: the result, or the first item of it. */
export function createdCid(result: JsonValue): string | undefined {
  const first = Array.isArray(result) ? result[0] : result;
  return typeof first === 'string' ? first : undefined;
}

type Entry = (
  ledger: Ledger,
  args: readonly JsonValue[],
  created: string | undefined,
  context: CpiRequest['context'],
) => void;

const entries: Readonly<Record<string, Entry>> = {
  create_stemcell: ({ stemcells }, _, created, { cloudstack }) =>
    created && stemcells.set(created, { zone: nameIn(cloudstack, 'default_zone') }),
  delete_stemcell: ({ stemcells }, [cid]) => stemcells.delete(textOf(cid)),
  create_vm: ({ vms }, args, created) => {
    if (created === undefined) return;
    const owned = ownedVm(args);
    // A repeated create_vm takes the place of the earlier one: an agent id has one VM.
    for (const [cid, vm] of vms) if (vm.agentId === owned.agentId) vms.delete(cid);
    vms.set(created, owned);
  },
  delete_vm: (ledger, [cid]) => forgetVm(ledger, textOf(cid)),
  set_vm_metadata: ({ vms }, [cid, metadata]) =>
    note(vms.get(textOf(cid))?.metadata, metadata ?? null),
  create_disk: ({ disks }, [sizeMib, properties], created) =>
    created &&
    disks.set(created, {
      attachedTo: undefined,
      sizeMib: Number(sizeMib),
      diskOffering: nameIn(properties, 'disk_offering'),
      metadata: new Map(),
    }),
  delete_disk: ({ disks }, [cid]) => disks.delete(textOf(cid)),
  attach_disk: ({ disks }, [vm, cid]) => attach(disks.get(textOf(cid)), textOf(vm)),
  detach_disk: ({ disks }, [, cid]) => attach(disks.get(textOf(cid)), undefined),
  set_disk_metadata: ({ disks }, [cid, metadata]) =>
    note(disks.get(textOf(cid))?.metadata, metadata ?? null),
  resize_disk: ({ disks }, [cid, sizeMib]) => {
    const disk = disks.get(textOf(cid));
    if (disk !== undefined) disk.sizeMib = Number(sizeMib);
  },
  update_disk: ({ disks }, [cid, sizeMib, properties], replacement) => {
    const disk = disks.get(textOf(cid));
    if (disk === undefined) return;
    disk.sizeMib = Number(sizeMib);
    disk.diskOffering = nameIn(properties, 'disk_offering') ?? disk.diskOffering;
    if (replacement === undefined || replacement === cid) return;
    disks.delete(textOf(cid));
    disks.set(replacement, disk);
  },
  snapshot_disk: ({ snapshots }, [disk, metadata], created) => {
    if (created === undefined) return;
    const snapshot = { disk: textOf(disk), metadata: new Map() };
    snapshots.set(created, snapshot);
    note(snapshot.metadata, metadata ?? null);
  },
  delete_snapshot: ({ snapshots }, [cid]) => snapshots.delete(textOf(cid)),
  create_network: ({ networks }, _, created) => created && networks.add(created),
  delete_network: ({ networks }, [cid]) => networks.delete(textOf(cid)),
};

function ownedVm([agentId, , properties, networks]: readonly JsonValue[]): OwnedVm {
  const asked = isObject(properties) ? properties : {};
  return {
    agentId: textOf(agentId),
    zone: nameIn(asked, 'zone'),
    addresses: networksOf(networks, 'manual').map(({ ip }) => textOf(ip)),
    publicAddresses: networksOf(networks, 'vip').map(({ ip }) => textOf(ip)),
    networks: networksOf(networks, 'manual', 'dynamic').flatMap(
      ({ cloud_properties: given }) => nameIn(given, 'name') ?? [],
    ),
    ephemeralDisks: Number(asked['disk'] ?? 0) > 0 ? 1 : 0,
    loadBalancers: listOf(asked['lbs']).map(({ name }) => textOf(name)),
    affinityGroup: nameIn(asked, 'affinity_group'),
    metadata: new Map(),
  };
}

function networksOf(networks: JsonValue | undefined, ...types: readonly string[]): JsonObject[] {
  if (!isObject(networks)) return [];
  return listOf(Object.values(networks) as JsonValue[]).filter(({ type }) =>
    types.includes(textOf(type)),
  );
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function nameIn(properties: JsonValue | undefined, key: string): string | undefined {
  const name = isObject(properties) ? properties[key] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** What was said before stays unless it is said anew; null takes it away. */
function note(metadata: Metadata | undefined, changes: JsonValue): void {
  if (metadata === undefined || !isObject(changes)) return;
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined) metadata.delete(key);
    else metadata.set(key, value);
  }
}

function attach(disk: OwnedDisk | undefined, vmCid: string | undefined): void {
  if (disk !== undefined) disk.attachedTo = vmCid;
}
