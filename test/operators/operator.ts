// Somebody who works on the cloud while the CPI does: sees everything, and may do everything that
// CloudStack lets administrators do.
import type { NetworkRow, TemplateRow, VmRow, VolumeRow } from '../../simulator/world/entities.js';
import type { Reply, Values } from '../support/simulator-client.js';
import { forgottenAgents } from '../crash/forgotten-vm-scenarios.js';
import type { Place } from '../crash/place.js';
import type { CpiZone } from '../support/cpi-zone.js';

/** The agent of the operators' own VM, to which they attach what they take away. */
export const bystander = 'c0000000-0000-4000-8000-000000000003';

/** What CloudStack notes of an order, whatever comes of it. */
const paperwork: ReadonlySet<string> = new Set(['asyncjob', 'cloudevent']);

export class Operator {
  readonly #zone: CpiZone;
  readonly #registry: Place['registry'];
  #last: { readonly command: string; hasEffect: boolean } | undefined;

  constructor({ zone, registry }: Place) {
    this.#zone = zone;
    this.#registry = registry;
  }

  get world(): CpiZone['simulator']['world'] {
    return this.#zone.simulator.world;
  }

  /** Gives an order and waits for its end; what CloudStack refuses is not done. */
  order(command: string, values: Values): void {
    if (this.#last?.command !== command) this.#last = { command, hasEffect: false };
    const { kernel } = this.#zone.simulator;
    const seq = kernel.log.lastSeq;
    const { status, body } = this.#zone.admin.send(command, values);
    if (status !== 200) return;
    kernel.advanceUntilIdle();
    const [content] = Object.values(body) as Reply[];
    const jobId = content?.['jobid'] as string | undefined;
    if (jobId !== undefined && this.#zone.admin.job(jobId).status !== 1) return;
    const isByIt = ({ cause }: { cause: string }): boolean =>
      cause.endsWith(` ${command}`) &&
      (cause.startsWith('request:') || cause.startsWith(`job:${String(jobId)} `));
    const effects = kernel.log.after(seq).filter(({ entity }) => !paperwork.has(entity));
    if (effects.some(isByIt)) this.#last.hasEffect = true;
  }

  /** Deletes what agents find in the registry of the CPI. */
  async emptyRegistry(): Promise<void> {
    const entries = (await this.#registry?.entries()) ?? {};
    await this.#registry?.restore({});
    this.#last = { command: 'DELETE', hasEffect: Object.keys(entries).length > 0 };
  }

  /** Whether the last kind of order was carried out and changed something. */
  get hasActed(): boolean {
    return this.#last?.hasEffect === true;
  }

  /** The VMs of Directors, those of earlier CPIs among them. */
  get vms(): VmRow[] {
    return this.world.vms
      .all()
      .filter(({ name }) => /^(cpi)?vm-/.test(name) && !name.includes(bystander));
  }

  /** Of them those that a create_vm finds in its way, and nobody was ever told of. */
  get forgottenVms(): VmRow[] {
    return this.vms.filter(
      ({ name, state }) =>
        !['Destroyed', 'Expunging'].includes(state) &&
        forgottenAgents.some((agent) => name.includes(agent)),
    );
  }

  /** The VMs of which only the disk is wanted. */
  get workVms(): VmRow[] {
    return this.world.vms.all().filter(({ name }) => name.startsWith('stemcell-work-'));
  }

  /** Whose things the CPI works with, as administrators name it. */
  get owner(): { account: string; domainid: string } {
    const { accountId } = this.bystander;
    const { name, domainId } = this.world.accounts.require(accountId);
    return { account: name, domainid: domainId };
  }

  get bystander(): VmRow {
    return this.world.vms.all().find(({ name }) => name.includes(bystander))!;
  }

  get ephemeralDisks(): VolumeRow[] {
    return this.volumesNamed('DATA-');
  }

  /** Those of earlier CPIs among them. */
  get persistentDisks(): VolumeRow[] {
    return [...this.volumesNamed('disk-'), ...this.volumesNamed('cpi-disk')];
  }

  get createdNetworks(): NetworkRow[] {
    return this.world.networks.all().filter(({ name }) => name.startsWith('network-'));
  }

  get stemcells(): TemplateRow[] {
    return this.world.templates.all().filter(({ name }) => name.startsWith('stemcell-'));
  }

  private volumesNamed(start: string): VolumeRow[] {
    return this.world.volumes
      .all()
      .filter(({ name, vmId }) => name.startsWith(start) && vmId !== this.bystander.id);
  }
}
