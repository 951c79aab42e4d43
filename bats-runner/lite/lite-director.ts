import type { JsonObject } from '../json.js';
import type { Agents } from './agents.js';
import type { Ask } from './cpi-calls.js';
import {
  currentDirector,
  DirectorClouds,
  type DirectorCloud,
  type Errand,
  type VersionRange,
} from './director-clouds.js';
import type { DirectorEnvironment } from './environment.js';
import type { Deployment, DirectorDisk, DirectorVm, Instance, Stemcell } from './records.js';

/** What differs from one Director to another. */
export interface DirectorSettings {
  readonly name: string;
  readonly uuid: string;
  readonly environment: DirectorEnvironment;
  /** `director.enable_snapshots` */
  readonly takesSnapshots: boolean;
  /** `director.enable_cpi_resize_disk` */
  readonly resizesDisks?: boolean;
  /** `director.enable_cpi_update_disk` */
  readonly updatesDisks?: boolean;
  readonly versions?: VersionRange;
  /** The cpi-config: what each CPI is told, by name. Without it there is one, which knows by itself. */
  readonly cpis?: Readonly<Record<string, JsonObject>>;
}

export interface LiteDirectorOptions {
  readonly settings: DirectorSettings;
  readonly ask: Ask;
  readonly agents: Agents;
  readonly newId: () => string;
  /** Now, as a Director writes it: `2026-11-26T20:00:00Z`. */
  readonly now: () => string;
}

/**
 * A small Director: what it keeps in its database, and how it gets at the CPI. What it does stands in
 * `flows/`, made of the steps in `steps/`; one instance after another, as with one thread.
 */
export class LiteDirector {
  readonly settings: DirectorSettings;
  readonly agents: Agents;
  readonly newId: () => string;
  readonly now: () => string;
  readonly stemcells: Stemcell[] = [];
  readonly deployments = new Map<string, Deployment>();
  readonly orphanedDisks: DirectorDisk[] = [];
  /** VMs in whose place others are (create-swap-delete). */
  readonly orphanedVms: DirectorVm[] = [];
  /** What packages are compiled for: `name of package, CID of stemcell`. */
  readonly compiled = new Set<string>();
  readonly #clouds: DirectorClouds;

  constructor({ settings, ask, agents, newId, now }: LiteDirectorOptions) {
    this.settings = settings;
    this.agents = agents;
    this.newId = newId;
    this.now = now;
    this.#clouds = new DirectorClouds({
      ask,
      directorUuid: settings.uuid,
      versions: settings.versions ?? currentDirector,
      cpis: settings.cpis,
    });
  }

  /** Gets the CPI for an errand, which asks it for `info`; for calls on VMs with their stemcell. */
  cloud(errand?: Errand): Promise<DirectorCloud> {
    return this.#clouds.get(errand);
  }

  /** The one instance of a group. Throws if there is none. */
  instance(deployment: string, group: string): Instance {
    const found = this.deployments.get(deployment)?.instances.get(group);
    if (found !== undefined) return found;
    throw new Error(`there is no instance ${group} of a deployment ${deployment}`);
  }
}
