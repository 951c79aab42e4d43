// What the recorded scenarios were about, written down anew: a Director with its manifests, a CLI with
// its own, and a CPI that answers as the recorded one did.
import { isObject, type JsonObject, type JsonValue } from '../../../bats-runner/json.js';
import { NoddingAgents } from '../../../bats-runner/lite/agents.js';
import type { Ask } from '../../../bats-runner/lite/cpi-calls.js';
import { currentDirector } from '../../../bats-runner/lite/director-clouds.js';
import type { EnvManifest } from '../../../bats-runner/lite/flows/create-env.js';
import { uploadStemcell } from '../../../bats-runner/lite/flows/upload-stemcell.js';
import type { StemcellArchive } from '../../../bats-runner/lite/flows/upload-stemcell.js';
import { LiteCli } from '../../../bats-runner/lite/lite-cli.js';
import { LiteDirector, type DirectorSettings } from '../../../bats-runner/lite/lite-director.js';
import type {
  DiskPlan,
  GroupPlan,
  Instance,
  Manifest,
  Stemcell,
} from '../../../bats-runner/lite/records.js';
import type { CpiRequest, RecordedCall } from '../../../bats-runner/director/recording.js';
import type { CpiResponse } from '../../../bats-runner/director/response-rules.js';
import type { Caller } from '../../../bats-runner/director/scenarios.js';

/** A request as it was sent, and by whom. */
export type Sent = Pick<RecordedCall, 'caller' | 'request'>;

/**
 * A CPI that answers each request as the recording does at its place, or plausibly where another is
 * made there, or before the recording begins.
 */
export class StandIn {
  readonly sent: Sent[] = [];
  /** What a method answers instead of what is plausible. */
  readonly answers = new Map<string, CpiResponse>();
  #recorded: readonly RecordedCall[] | undefined;
  #made = 0;

  constructor(readonly apiVersion: number) {}

  /** From now on requests count. */
  begin(recorded: readonly RecordedCall[] = []): void {
    this.#recorded = recorded;
    this.sent.length = 0;
  }

  /** From now on a method fails with this type of error. */
  fail(method: string, name: string, okToRetry = false): void {
    const error = { type: `Bosh::Clouds::${name}`, message: 'on purpose', okToRetry };
    this.answers.set(method, { result: null, error });
  }

  /** The methods that were asked for, without `info`. */
  get methods(): string[] {
    return this.sent.map(({ request }) => request.method).filter((method) => method !== 'info');
  }

  readonly ask: Ask = (caller: Caller, request: CpiRequest) => {
    if (this.#recorded === undefined) return Promise.resolve(this.#plausible(request));
    const recorded = this.#recorded[this.sent.length];
    this.sent.push({ caller, request });
    const isExpected = recorded?.request.method === request.method;
    return Promise.resolve(isExpected ? responseOf(recorded) : this.#plausible(request));
  };

  /** A UUID that nobody had before. */
  readonly newId = (): string => {
    this.#made += 1;
    return `00000000-0000-4000-8000-${String(this.#made).padStart(12, '0')}`;
  };

  #plausible({ method, arguments: args }: CpiRequest): CpiResponse {
    return this.answers.get(method) ?? { result: this.#result(method, args), error: null };
  }

  #result(method: string, args: readonly JsonValue[]): JsonValue {
    if (method === 'info') return { api_version: this.apiVersion };
    if (method === 'create_vm') return [this.newId(), args[3] ?? {}];
    if (method.startsWith('create_') || method === 'snapshot_disk') return this.newId();
    if (method.startsWith('has_')) return true;
    return method === 'attach_disk' ? '/dev/vdc' : null;
  }
}

function responseOf({ response: { result, error } }: RecordedCall): CpiResponse {
  if (error === null) return { result, error };
  const { type, message, ok_to_retry: okToRetry } = error;
  return { result, error: { type, message, okToRetry } };
}

const pem = (kind: string): string => `@@PEM:${kind}@@`;

const mbusCert: JsonObject = {
  ca: pem('CERTIFICATE'),
  certificate: pem('CERTIFICATE'),
  private_key: pem('RSA PRIVATE KEY'),
};

const directorSettings = {
  name: 'rig-director',
  environment: {
    bosh: {
      blobstores: [{ provider: 'local', options: { blobstore_path: '/var/vcap/store/blobs' } }],
    },
    mbusCert,
    password: `$6$redacted$${'REDACTED'.repeat(11)}`,
  },
  takesSnapshots: true,
};

/** A stemcell archive as it was uploaded, in the words of the recording. */
export function archive(version: string, apiVersion?: number): StemcellArchive {
  const isOld = apiVersion === undefined;
  return {
    name: `bosh-openstack-kvm-ubuntu-${isOld ? 'old' : 'jammy'}-go_agent`,
    version,
    ...(!isOld && { apiVersion }),
    imagePath: '/tmp/stemcell/image',
    properties: {
      name: `bosh-openstack-kvm-ubuntu-${isOld ? 'old' : 'jammy'}-go_agent`,
      version,
      infrastructure: 'openstack',
      hypervisor: 'kvm',
      disk: 5120,
      disk_format: 'qcow2',
      container_format: 'bare',
      os_type: 'linux',
      os_distro: 'ubuntu',
      architecture: 'x86_64',
      auto_disk_config: true,
      root_device_name: '/dev/vda',
    },
  };
}

/** A manual network as the recorded Director sent it. */
export function privateNetwork(ip: string): JsonObject {
  return {
    private: {
      type: 'manual',
      ip,
      prefix: '32',
      netmask: '255.255.255.0',
      cloud_properties: { name: 'rig-net-1' },
      default: ['dns', 'gateway'],
      dns: ['10.244.0.2', '8.8.8.8'],
      gateway: '10.244.0.1',
    },
  };
}

const small: JsonObject = {
  zone: 'zone-1',
  compute_offering: 'm1.small',
  root_disk_size: 10_240,
};

const large: JsonObject = {
  zone: 'zone-1',
  compute_offering: 'm1.large',
  ephemeral_disk: { offering: 'custom', size: 20_480 },
  affinity_group: 'ag-1',
  affinity_group_type: 'host anti-affinity',
};

/** The VM type that change-vm-type changes to. */
export const smallDb: JsonObject = {
  ...small,
  affinity_group: 'ag-1',
  affinity_group_type: 'host anti-affinity',
};

/** A disk of an offering that takes any size. */
export function disk(sizeMib: number, offering = 'custom'): DiskPlan {
  return { sizeMib, properties: { disk_offering: offering } };
}

/** A Director and a CLI at a stand-in. */
export class Rig {
  readonly standIn: StandIn;
  readonly agents = new NoddingAgents();
  readonly director: LiteDirector;
  readonly cli: LiteCli;

  constructor(
    readonly apiVersion: number,
    settings: Partial<DirectorSettings> = {},
  ) {
    this.standIn = new StandIn(apiVersion);
    const { ask, newId } = this.standIn;
    const now = (): string => '2026-11-26T20:00:00Z';
    const shared = { ask, newId, now, agents: this.agents };
    // The recordings of version 1 are of older callers, which do not demand more.
    const isOld = apiVersion === 1;
    this.director = new LiteDirector({
      ...shared,
      settings: {
        ...directorSettings,
        uuid: newId(),
        versions: isOld ? { least: 1, preferred: 2 } : currentDirector,
        ...settings,
      },
    });
    this.cli = new LiteCli({
      ...shared,
      directorUuid: newId(),
      ...(isOld && { versions: { least: 1, most: 2 }, tellsDisks: false }),
    });
  }

  /** A stemcell that was uploaded before. */
  stemcell(version = '1.1'): Promise<Stemcell> {
    return uploadStemcell(this.director, archive(version, 3));
  }

  /** The manifest of `simple`: one VM, no disk, no tags. */
  async simple(more: Partial<Manifest> = {}): Promise<Manifest> {
    const group = { name: 'web', properties: small, networks: privateNetwork('10.244.0.100') };
    return {
      name: 'simple',
      stemcell: more.stemcell ?? (await this.stemcell()),
      groups: [{ ...group, disks: [] }],
      ...more,
    };
  }

  /** The manifest of `db`: a VM with a static address and a persistent disk. */
  async db(group: Partial<GroupPlan> = {}, more: Partial<Manifest> = {}): Promise<Manifest> {
    return {
      name: 'db',
      tags: { owner: 'team-a', project: 'rig' },
      stemcell: more.stemcell ?? (await this.stemcell()),
      groups: [
        {
          name: 'db',
          properties: large,
          networks: privateNetwork('10.244.0.20'),
          env: { bosh: { swap_size: 0 }, persistent_disk_fs: 'ext4' },
          disks: [disk(1024)],
          ...group,
        },
      ],
      ...more,
    };
  }

  /** The manifest of `multidisk`: a VM with two persistent disks. */
  async multidisk(): Promise<Manifest> {
    const { groups, ...rest } = await this.simple();
    const disks = [disk(1024), disk(2048)];
    return {
      ...rest,
      name: 'multidisk',
      groups: groups.map((group) => ({ ...group, name: 'md', disks })),
    };
  }

  instance(deployment: string): Instance {
    const names: Readonly<Record<string, string>> = { simple: 'web', multidisk: 'md' };
    return this.director.instance(deployment, names[deployment] ?? deployment);
  }

  /** The agent in the VM of a deployment answers no longer. */
  silence(deployment: string): void {
    this.agents.silent.add(this.instance(deployment).vm!.cid);
  }
}

/** A package that must be compiled, in a VM at this address. */
export function compiling(ip: string): Partial<Manifest> {
  return {
    packages: ['hello'],
    compilation: { properties: small, networks: privateNetwork(ip) },
  };
}

/** The manifest of `create-env`. */
export function envManifest(
  disks: DiskPlan,
  { version = '1.1', rootDiskMib = 10_240 } = {},
): EnvManifest {
  return {
    name: 'rig-env',
    group: 'bosh',
    tags: { env: 'rig' },
    stemcell: { ...archive(version, 3), apiVersion: 3 },
    properties: { compute_offering: 'm1.medium', root_disk_size: rootDiskMib },
    networks: {
      default: {
        type: 'manual',
        ip: '10.244.0.5',
        netmask: '255.255.255.0',
        gateway: '10.244.0.1',
        dns: ['8.8.8.8'],
        default: ['dns', 'gateway'],
        cloud_properties: { name: 'rig-net-1' },
      },
      public: { type: 'vip', ip: '203.0.113.5', cloud_properties: {} },
    },
    env: { bosh: { mbus: { cert: mbusCert }, password: '*' } },
    disk: disks,
  };
}

/** Requests as lines that can be compared: ids by the order in which they come up, no dates. */
export function asText(all: readonly Sent[]): string {
  const ids = new Map<string, string>();
  const reference = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `<id ${ids.size + 1}>`);
    return ids.get(id)!;
  };
  return all
    .map(({ caller, request: { method, arguments: args, context, api_version: version } }) => {
      const parts = JSON.stringify({ arguments: args, context }, sortedKeys, 1)
        .replace(/"\/[^"]*\/image"/g, '"<image>"')
        .replace(uuid, reference)
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
        .replace(/cpi-\d{6}/g, '<request>')
        .replace(/@@PEM:([A-Z ]+):\d+@@/g, '@@PEM:$1@@');
      return `${caller} ${method}, version ${version ?? 'none'}\n${parts}`;
    })
    .join('\n');
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function sortedKeys(_key: string, value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
