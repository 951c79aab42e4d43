import { z } from 'zod';
import { isObject, textOf, type JsonValue } from '../json.js';
import { PromiseBroken } from '../promise-broken.js';
import type { SimulatorControl } from '../target/simulator-control.js';
import { SilenceableAgents } from './agents.js';

const guest = z.object({
  disks: z.array(
    z.object({
      device: z.string(),
      links: z.array(z.string()),
      volumeId: z.string(),
      files: z.record(z.string(), z.string()),
    }),
  ),
});

type GuestDisk = z.output<typeof guest>['disks'][number];

/** Agents in the VMs of a simulator, which find disks as Linux has found them, and keep files. */
export class GuestAgents extends SilenceableAgents {
  readonly #simulator: SimulatorControl;

  constructor(simulator: SimulatorControl) {
    super();
    this.#simulator = simulator;
  }

  /** Throws if the hint leads to no disk, or to another one. */
  async mount(vmCid: string, diskCid: string, hint: JsonValue): Promise<void> {
    const path = isObject(hint) ? textOf(hint['path']) : textOf(hint);
    const disks = await this.#disks(vmCid);
    const found = disks.find(({ device, links }) => device === path || links.includes(path));
    if (found?.volumeId === diskCid) return;
    const what = found === undefined ? 'nothing' : `volume ${found.volumeId}`;
    throw new PromiseBroken(
      `the agent of VM ${vmCid} looks for disk ${diskCid} at ${path}: ${what} is there`,
    );
  }

  async migrate(vmCid: string, fromCid: string, toCid: string): Promise<void> {
    const files = await this.files(vmCid, fromCid);
    for (const [name, content] of Object.entries(files)) {
      await this.write(vmCid, toCid, { name, content });
    }
  }

  /** What was written to a disk, by name. */
  async files(vmCid: string, diskCid: string): Promise<Readonly<Record<string, string>>> {
    return (await this.#disk(vmCid, diskCid)).files;
  }

  async write(
    vmCid: string,
    diskCid: string,
    file: { readonly name: string; readonly content: string },
  ): Promise<void> {
    const { device: disk } = await this.#disk(vmCid, diskCid);
    await this.#simulator.writeFile(vmCid, { disk, ...file });
  }

  async #disk(vmCid: string, diskCid: string): Promise<GuestDisk> {
    const disks = await this.#disks(vmCid);
    const disk = disks.find(({ volumeId }) => volumeId === diskCid);
    if (disk !== undefined) return disk;
    throw new PromiseBroken(`VM ${vmCid} does not see disk ${diskCid}`);
  }

  async #disks(vmCid: string): Promise<readonly GuestDisk[]> {
    return guest.parse(await this.#simulator.guest(vmCid)).disks;
  }
}
