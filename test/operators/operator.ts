// Somebody who works on the cloud while the CPI does: sees everything, and may do everything that
// CloudStack lets administrators do.
import type { NetworkRow, TemplateRow, VmRow, VolumeRow } from '../../simulator/world/entities.js';
import type { Values } from '../support/simulator-client.js';
import type { CpiZone } from '../support/cpi-zone.js';

/** The agent of the operators' own VM, to which they attach what they take away. */
export const bystander = 'c0000000-0000-4000-8000-000000000003';

export class Operator {
  readonly #zone: CpiZone;

  constructor(zone: CpiZone) {
    this.#zone = zone;
  }

  get world(): CpiZone['simulator']['world'] {
    return this.#zone.simulator.world;
  }

  /** Gives an order and waits for its end; what CloudStack refuses is not done. */
  order(command: string, values: Values): void {
    if (this.#zone.admin.send(command, values).status === 200) {
      this.#zone.simulator.kernel.advanceUntilIdle();
    }
  }

  /** The VMs of Directors. */
  get vms(): VmRow[] {
    return this.world.vms
      .all()
      .filter(({ name }) => /^vm-/.test(name) && !name.includes(bystander));
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

  get persistentDisks(): VolumeRow[] {
    return this.volumesNamed('disk-');
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
