import type { CloudView } from '../cloud/cloud-view.js';
import { createdCid } from '../director/ledger.js';
import { expandPem } from '../director/pem-filler.js';
import { checkWorld, problemsOf } from '../director/world-check.js';
import type { JsonObject, JsonValue } from '../json.js';
import { stemcellDiskMib } from '../stemcell/stemcell-image.js';
import type { CliSession } from './cli-session.js';
import type { Phase, Step } from './progress.js';

export interface LifecycleOptions {
  readonly session: CliSession;
  readonly imagePath: string;
  /** When the tour began, ISO 8601. */
  readonly startedAt: string;
  readonly newId: () => string;
  readonly readCloud: () => Promise<CloudView>;
  /** What the account had before. */
  readonly before: CloudView;
}

/** The static address of the VM, in the network `NET_CS` of the simulator's default world. */
export const staticAddress = '10.203.6.10';

/**
 * The life of a Director's VM as `bosh create-env`, `create-env --recreate` and `delete-env` lead
 * it, call by call, with a look at the cloud after each.
 */
export function lifecycle(options: LifecycleOptions): Phase[] {
  const tour = new Lifecycle(options);
  return [
    tour.phase('bosh create-env', 'a VM with a static address and a persistent disk', [
      tour.createStemcell(),
      tour.createVm(),
      tour.setVmMetadata(),
      tour.createDisk(),
      tour.attachDisk(),
      tour.setDiskMetadata(),
      tour.cloudAgrees(),
    ]),
    tour.phase('bosh create-env --recreate', 'a new VM with the same address and disk', [
      tour.hasVm(),
      tour.deleteVm(),
      tour.createVm(),
      tour.setVmMetadata(),
      tour.attachDisk(),
      tour.setDiskMetadata(),
      tour.cloudAgrees(),
    ]),
    tour.phase('bosh delete-env', 'nothing may be left over', [
      tour.hasVm(),
      tour.deleteVm(),
      tour.deleteDisk(),
      tour.deleteStemcell(),
      tour.cloudAgrees(),
    ]),
  ];
}

/** The steps, and the CIDs that they hand on. */
class Lifecycle {
  readonly #options: LifecycleOptions;
  #stemcell = '';
  #vm = '';
  #disk = '';

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  phase(command: string, purpose: string, steps: readonly Step[]): Phase {
    const { session } = this.#options;
    return {
      title: `${command}: ${purpose}`,
      steps,
      begin: () => {
        session.command = command;
      },
    };
  }

  createStemcell(): Step {
    const properties = {
      name: 'bosh-cloudstack-kvm-tour',
      version: '1.0',
      infrastructure: 'openstack',
      hypervisor: 'kvm',
      disk: stemcellDiskMib,
      disk_format: 'qcow2',
      container_format: 'bare',
      os_type: 'linux',
      architecture: 'x86_64',
    };
    return this.#step(
      'create_stemcell',
      () => [this.#options.imagePath, properties],
      (result) => {
        this.#stemcell = cidOf(result);
        return `template ${this.#stemcell}`;
      },
    );
  }

  createVm(): Step {
    const properties = {
      compute_offering: 'm1.medium',
      root_disk_size: 10_240,
      disk: 20_480,
      ephemeral_disk_offering: 'ephemeral',
    };
    const disks = (): string[] => (this.#disk === '' ? [] : [this.#disk]);
    return this.#step(
      'create_vm',
      () => [this.#options.newId(), this.#stemcell, properties, networks, disks(), environment],
      (result) => {
        this.#vm = cidOf(result);
        return `VM ${this.#vm} at ${staticAddress}`;
      },
    );
  }

  setVmMetadata(): Step {
    return this.#step(
      'set_vm_metadata',
      () => [
        this.#vm,
        {
          ...metadata,
          job: 'bosh',
          index: '0',
          name: 'bosh/0',
          created_at: this.#options.startedAt,
        },
      ],
      () => `tags and the name bosh/0`,
    );
  }

  createDisk(): Step {
    return this.#step(
      'create_disk',
      () => [32_768, { disk_offering: 'shared.custom' }, this.#vm],
      (result) => {
        this.#disk = cidOf(result);
        return `volume ${this.#disk}`;
      },
    );
  }

  attachDisk(): Step {
    return this.#step('attach_disk', () => [this.#vm, this.#disk], hintText);
  }

  setDiskMetadata(): Step {
    return this.#step(
      'set_disk_metadata',
      () => [
        this.#disk,
        { ...metadata, instance_index: '0', attached_at: this.#options.startedAt },
      ],
      () => 'tags',
    );
  }

  hasVm(): Step {
    return this.#step(
      'has_vm',
      () => [this.#vm],
      (result) => {
        if (result !== true) throw new Error(`has_vm says that VM ${this.#vm} is gone`);
        return 'true';
      },
    );
  }

  deleteVm(): Step {
    return this.#step(
      'delete_vm',
      () => [this.#vm],
      () => 'its disk still attached; the disk stays',
    );
  }

  deleteDisk(): Step {
    return this.#step(
      'delete_disk',
      () => [this.#disk],
      () => 'gone',
    );
  }

  deleteStemcell(): Step {
    return this.#step(
      'delete_stemcell',
      () => [this.#stemcell],
      () => 'gone',
    );
  }

  /** Asks the cloud whether everything that must hold does. */
  cloudAgrees(): Step {
    const { session, readCloud, before } = this.#options;
    return {
      title: 'the cloud agrees',
      run: async () => {
        const findings = checkWorld(session.ledger, await readCloud(), before);
        const problems = problemsOf(findings);
        if (problems.length > 0) throw new Error(`in the cloud, ${problems.join('; ')}`);
        return findings.map(({ claim }) => claim);
      },
    };
  }

  #step(method: string, args: () => JsonValue[], outcome: (result: JsonValue) => string): Step {
    return {
      title: method,
      run: async () => [outcome(await this.#options.session.call(method, args()))],
    };
  }
}

const networks: JsonObject = {
  default: {
    type: 'manual',
    ip: staticAddress,
    netmask: '255.255.254.0',
    gateway: '10.203.7.254',
    dns: ['8.8.8.8'],
    default: ['dns', 'gateway'],
    cloud_properties: { name: 'NET_CS' },
  },
};

const metadata: JsonObject = { director: 'bosh-init', deployment: 'tour', instance_group: 'bosh' };

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

function cidOf(result: JsonValue): string {
  const cid = createdCid(result);
  if (cid === undefined) throw new Error(`no CID in ${JSON.stringify(result)}`);
  return cid;
}

function hintText(hint: JsonValue): string {
  const text = typeof hint === 'string' ? hint : JSON.stringify(hint);
  return `at ${/"path":"([^"]+)"/.exec(text)?.[1] ?? text}`;
}
