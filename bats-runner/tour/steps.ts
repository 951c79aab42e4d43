import type { CloudView } from '../cloud/cloud-view.js';
import type { Operator } from '../cloud/operator.js';
import { createdCid } from '../director/ledger.js';
import { expandPem } from '../director/pem-filler.js';
import type { Caller } from '../director/scenarios.js';
import { checkWorld, problemsOf } from '../director/world-check.js';
import type { JsonObject, JsonValue } from '../json.js';
import { stemcellDiskMib } from '../stemcell/stemcell-image.js';
import type { RunningStemcellServer } from '../target/stemcell-server.js';
import type { CallerSession } from './caller-session.js';
import type { Phase, Step } from './progress.js';

export interface TourTools {
  readonly session: CallerSession;
  readonly imagePath: string;
  /** When the tour began, ISO 8601. */
  readonly startedAt: string;
  readonly newId: () => string;
  readonly readCloud: () => Promise<CloudView>;
  /** What the account had before. */
  readonly before: CloudView;
  readonly operator: Operator;
  /** The address of the simulator's control. */
  readonly control: string;
  /** Where the Director's CPI publishes stemcells. */
  readonly stemcellServer: RunningStemcellServer;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Something that a call makes and later ones name; its CID is empty until then. */
export interface Made {
  cid: string;
}

/** An instance that the tour leads, with a static address in `NET_CS` of the default world. */
export interface Instance {
  /** Its group, such as `db`. */
  readonly group: string;
  readonly address: string;
  readonly properties: JsonObject;
  readonly vm: Made;
  readonly disk: Made;
}

/** Makes the steps of a tour from calls. */
export class Steps {
  readonly tools: TourTools;
  /** What the last look at the cloud has confirmed. */
  #known: ReadonlySet<string> = new Set();

  constructor(tools: TourTools) {
    this.tools = tools;
  }

  /** The stemcells of its VMs are of API version 3 unless told. */
  phase(
    caller: Caller,
    command: string,
    purpose: string,
    steps: readonly Step[],
    stemcellVersion?: number,
  ): Phase {
    return {
      title: `${command}: ${purpose}`,
      steps,
      begin: () => this.tools.session.begin(caller, command, stemcellVersion),
    };
  }

  call(method: string, args: () => JsonValue[], outcome: (result: JsonValue) => string): Step {
    return {
      title: method,
      run: async () => [outcome(await this.tools.session.call(method, args()))],
    };
  }

  createStemcell(stemcell: Made, version: string, more: JsonValue[] = []): Step {
    const properties = {
      name: 'bosh-cloudstack-kvm-tour',
      version,
      infrastructure: 'openstack',
      hypervisor: 'kvm',
      disk: stemcellDiskMib,
      disk_format: 'qcow2',
      container_format: 'bare',
      os_type: 'linux',
      architecture: 'x86_64',
    };
    const args = (): JsonValue[] => [this.tools.imagePath, properties, ...more];
    return this.call('create_stemcell', args, (result) => {
      stemcell.cid = cidOf(result);
      return `template ${stemcell.cid}`;
    });
  }

  deleteStemcell(stemcell: Made): Step {
    return this.call(
      'delete_stemcell',
      () => [stemcell.cid],
      () => 'gone',
    );
  }

  createVm({ vm, disk, group, address, properties }: Instance, stemcell: Made): Step {
    const args = (): JsonValue[] => [
      this.tools.newId(),
      stemcell.cid,
      properties,
      networkWith(address),
      disk.cid === '' ? [] : [disk.cid],
      environment,
    ];
    return this.call('create_vm', args, (result) => {
      vm.cid = cidOf(result);
      return `${group}: VM ${vm.cid} at ${address}`;
    });
  }

  setVmMetadata({ vm, group }: Instance, metadata: JsonObject): Step {
    const name = `${group}/0`;
    const { startedAt } = this.tools;
    const all = { ...metadata, job: group, index: '0', name, created_at: startedAt };
    return this.call(
      'set_vm_metadata',
      () => [vm.cid, all],
      () => `tags and the name ${name}`,
    );
  }

  hasVm({ vm, group }: Instance, isExpected: boolean): Step {
    return this.call(
      'has_vm',
      () => [vm.cid],
      (result) => {
        if (result === isExpected) return `${group}: ${String(result)}`;
        throw new Error(`has_vm says ${JSON.stringify(result)} of VM ${vm.cid}`);
      },
    );
  }

  deleteVm({ vm, group }: Instance, outcome: string): Step {
    return this.call(
      'delete_vm',
      () => [vm.cid],
      () => `${group}: ${outcome}`,
    );
  }

  createDisk({ vm, disk }: Instance, sizeMib: number): Step {
    const args = (): JsonValue[] => [sizeMib, { disk_offering: 'shared.custom' }, vm.cid];
    return this.call('create_disk', args, (result) => {
      disk.cid = cidOf(result);
      return `volume ${disk.cid} of ${sizeMib / 1024} GiB`;
    });
  }

  /** A call on the disk alone that has no result. */
  onDisk(method: string, { disk }: Instance, outcome: string, ...more: JsonValue[]): Step {
    return this.call(
      method,
      () => [disk.cid, ...more],
      () => outcome,
    );
  }

  attachDisk({ vm, disk }: Instance): Step {
    return this.call('attach_disk', () => [vm.cid, disk.cid], hintText);
  }

  detachDisk({ vm, disk }: Instance): Step {
    return this.call(
      'detach_disk',
      () => [vm.cid, disk.cid],
      () => 'the disk is attached nowhere',
    );
  }

  setDiskMetadata(instance: Instance, metadata: JsonObject): Step {
    const attached = { instance_index: '0', attached_at: this.tools.startedAt };
    return this.onDisk('set_disk_metadata', instance, 'tags', { ...metadata, ...attached });
  }

  /** Asks the cloud whether everything that must hold does; tells what is news in that. */
  cloudAgrees(): Step {
    const { session, readCloud, before } = this.tools;
    return {
      title: 'the cloud agrees',
      run: async () => {
        const findings = checkWorld(session.ledger, await readCloud(), before);
        const problems = problemsOf(findings);
        if (problems.length > 0) throw new Error(`in the cloud, ${problems.join('; ')}`);
        const claims = findings.map(({ claim }) => claim);
        const news = claims.filter((claim) => !this.#known.has(claim) || claim === nothingElse);
        this.#known = new Set(claims);
        const old = claims.length - news.length;
        return old === 0 ? news : [`${old} ${old === 1 ? 'thing' : 'things'} as before`, ...news];
      },
    };
  }
}

const nothingElse = 'nothing else is there';

function networkWith(ip: string): JsonObject {
  return {
    default: {
      type: 'manual',
      ip,
      netmask: '255.255.254.0',
      gateway: '10.203.7.254',
      dns: ['8.8.8.8'],
      default: ['dns', 'gateway'],
      cloud_properties: { name: 'NET_CS' },
    },
  };
}

/** As large as that of a real Director's VM: user data has a limit. */
const environment: JsonObject = {
  bosh: {
    mbus: {
      cert: {
        ca: expandPem('@@PEM:CERTIFICATE:1570@@'),
        certificate: expandPem('@@PEM:CERTIFICATE:1639@@'),
        private_key: expandPem('@@PEM:RSA PRIVATE KEY:2455@@'),
      },
    },
    password: '*',
  },
};

export function cidOf(result: JsonValue): string {
  const cid = createdCid(result);
  if (cid === undefined) throw new Error(`no CID in ${JSON.stringify(result)}`);
  return cid;
}

function hintText(hint: JsonValue): string {
  const text = typeof hint === 'string' ? hint : JSON.stringify(hint);
  return `at ${/"path":"([^"]+)"/.exec(text)?.[1] ?? text}`;
}
