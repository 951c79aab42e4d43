// A CPI without a cloud: it only keeps state, but strictly. It refuses what names nothing, gives an
// address to one VM only, and holds a disk at one VM. What the replayer believes is compared with it.
import assert from 'node:assert/strict';
import type { CallCpi } from '../../../bats-runner/director/cpi-process.js';
import type { CpiRequest } from '../../../bats-runner/director/recording.js';
import type { Operator } from '../../../bats-runner/cloud/operator.js';
import { isObject, textOf, type JsonObject, type JsonValue } from '../../../bats-runner/json.js';

export interface ModelVm {
  readonly agentId: string;
  readonly addresses: readonly string[];
}

export class ModelCpi {
  readonly stemcells = new Set<string>();
  readonly vms = new Map<string, ModelVm>();
  readonly disks = new Map<string, { vm: string | undefined; sizeMib: number }>();
  readonly snapshots = new Map<string, string>();
  readonly networks = new Set<string>();
  /** The methods of the calls that were answered, in the order in which they began. */
  readonly begun: string[] = [];
  /** The largest number of calls that were in flight at a time. */
  mostInFlight = 0;
  #inFlight = 0;
  #made = 0;

  readonly call: CallCpi = async (_, request) => {
    this.begun.push(request.method);
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    // As a process would, it takes until others that came with it have begun.
    await Promise.resolve();
    const stdout = JSON.stringify(this.#answer(request));
    this.#inFlight -= 1;
    return { stdout, stderr: '', exitCode: 0, durationMs: 0 };
  };

  readonly operator: Operator = {
    removeVm: (id) => {
      this.#removeVm(id);
      return Promise.resolve();
    },
    removeDisk: (id) => Promise.resolve(void this.disks.delete(id)),
    expungeDestroyedIn: () => Promise.resolve(0),
  };

  #answer(request: CpiRequest): JsonObject {
    try {
      const result = this.#result(request.method, request.arguments, request.api_version ?? 1);
      return { result, error: null, log: '' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const type = `Bosh::Clouds::${error.type}`;
      return { result: null, error: { type, message: error.message, ok_to_retry: false }, log: '' };
    }
  }

  #result(method: string, args: readonly JsonValue[], apiVersion: number): JsonValue {
    const [first, second] = args;
    switch (method) {
      case 'info':
        return { api_version: 3, stemcell_formats: ['openstack-qcow2'] };
      case 'create_stemcell':
        return this.#make(this.stemcells, 'stemcell');
      case 'delete_stemcell':
        this.stemcells.delete(textOf(first));
        return null;
      case 'create_vm': {
        const cid = this.#createVm(args);
        return apiVersion < 2 ? cid : [cid, args[3] ?? {}];
      }
      case 'delete_vm':
        this.#vm(first);
        this.#removeVm(textOf(first));
        return null;
      case 'has_vm':
        return this.vms.has(textOf(first));
      case 'reboot_vm':
      case 'set_vm_metadata':
        this.#vm(first);
        return null;
      case 'create_disk': {
        this.#vm(args[2]);
        const cid = this.#cid('disk');
        this.disks.set(cid, { vm: undefined, sizeMib: Number(first) });
        return cid;
      }
      case 'has_disk':
        return this.disks.has(textOf(first));
      case 'set_disk_metadata':
        this.#disk(first);
        return null;
      case 'delete_disk':
        assert.equal(this.#disk(first).vm, undefined, 'an attached disk is deleted');
        assert.ok(![...this.snapshots.values()].includes(textOf(first)), 'it has snapshots');
        this.disks.delete(textOf(first));
        return null;
      case 'attach_disk':
        this.#attach(this.#vm(first), textOf(first), second);
        return apiVersion < 2 ? null : '/dev/vdc';
      case 'detach_disk':
        this.#vm(first);
        this.#disk(second).vm = undefined;
        return null;
      case 'resize_disk':
      case 'update_disk':
        this.#disk(first).sizeMib = Number(second);
        return null;
      case 'snapshot_disk': {
        this.#disk(first);
        const cid = this.#cid('snapshot');
        this.snapshots.set(cid, textOf(first));
        return cid;
      }
      case 'delete_snapshot':
        assert.ok(this.snapshots.delete(textOf(first)), `there is no snapshot ${textOf(first)}`);
        return null;
      case 'create_network': {
        const cid = this.#make(this.networks, 'network');
        return [cid, {}, { name: cid, made: true }];
      }
      case 'delete_network':
        assert.ok(this.networks.delete(textOf(first)), `there is no network ${textOf(first)}`);
        return null;
      case 'calculate_vm_cloud_properties':
        return { compute_offering: 'm1.small' };
      default:
        throw new Refusal('NotImplemented', method);
    }
  }

  #createVm([agentId, stemcell, , networks, disks]: readonly JsonValue[]): string {
    assert.ok(this.stemcells.has(textOf(stemcell)), `there is no stemcell ${textOf(stemcell)}`);
    for (const disk of Array.isArray(disks) ? disks : []) this.#disk(disk);
    const specs = isObject(networks) ? Object.values(networks).filter(isObject) : [];
    const addresses = specs.flatMap(({ type, ip }) => (type === 'manual' ? textOf(ip) : []));
    for (const { cloud_properties: properties } of specs) {
      const name = isObject(properties) ? textOf(properties['name']) : '';
      const isOurs = name.startsWith('network-');
      assert.ok(!isOurs || this.networks.has(name), `there is no network ${name}`);
      assert.ok(
        !isOurs || (isObject(properties) && properties['made'] === true),
        'other properties',
      );
    }
    for (const [cid, vm] of this.vms) {
      if (vm.agentId === agentId) this.#removeVm(cid);
      else assert.deepEqual(shared(vm.addresses, addresses), [], `taken by ${cid}`);
    }
    const cid = this.#cid('vm');
    this.vms.set(cid, { agentId: textOf(agentId), addresses });
    return cid;
  }

  #attach(_: ModelVm, vmCid: string, diskCid: JsonValue | undefined): void {
    const disk = this.#disk(diskCid);
    assert.ok(disk.vm === undefined || disk.vm === vmCid, `disk is attached to ${String(disk.vm)}`);
    disk.vm = vmCid;
  }

  #removeVm(cid: string): void {
    this.vms.delete(cid);
    for (const disk of this.disks.values()) if (disk.vm === cid) disk.vm = undefined;
  }

  #vm(cid: JsonValue | undefined): ModelVm {
    const vm = this.vms.get(textOf(cid));
    if (vm === undefined) throw new Refusal('VMNotFound', textOf(cid));
    return vm;
  }

  #disk(cid: JsonValue | undefined): { vm: string | undefined; sizeMib: number } {
    const disk = this.disks.get(textOf(cid));
    if (disk === undefined) throw new Refusal('DiskNotFound', textOf(cid));
    return disk;
  }

  #make(things: Set<string>, kind: string): string {
    const cid = this.#cid(kind);
    things.add(cid);
    return cid;
  }

  #cid(kind: string): string {
    this.#made += 1;
    return `${kind}-${this.#made}`;
  }
}

class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

function shared(one: readonly string[], other: readonly string[]): string[] {
  return one.filter((item) => other.includes(item));
}
