import type { CpiRequest } from '../director/recording.js';
import type { JsonValue } from '../json.js';
import type { Agents } from './agents.js';
import { ApiVersionRefused, resultOf, versionIn, type Ask } from './cpi-calls.js';
import type { DiskPlan } from './records.js';

/** What the CLI keeps in its state file. */
export interface CliState {
  stemcells: { readonly key: string; readonly cid: string }[];
  vmCid: string | undefined;
  disks: (DiskPlan & { readonly cid: string })[];
  currentDisk: string | undefined;
  /** What was deployed, to see whether anything has changed. */
  manifest: string | undefined;
}

export interface LiteCliOptions {
  readonly ask: Ask;
  readonly agents: Agents;
  readonly newId: () => string;
  readonly now: () => string;
  /** Which the CLI makes up for each state file. */
  readonly directorUuid: string;
  /** The API versions that it works with; those of CLIs since 7 unless given. */
  readonly versions?: { readonly least: number; readonly most: number };
  /** Whether create_vm is told of the disks; CLIs before 7 did not. */
  readonly tellsDisks?: boolean;
}

/**
 * A small `bosh` CLI, as far as it is its own Director. It asks `info` before each call, in version 1,
 * and tells in each call the version of the stemcell (cloud.go, cpi_cmd_runner.go).
 */
export class LiteCli {
  readonly agents: Agents;
  readonly newId: () => string;
  readonly now: () => string;
  readonly state: CliState = {
    stemcells: [],
    vmCid: undefined,
    disks: [],
    currentDisk: undefined,
    manifest: undefined,
  };
  readonly #options: LiteCliOptions;

  constructor(options: LiteCliOptions) {
    this.agents = options.agents;
    this.newId = options.newId;
    this.now = options.now;
    this.#options = options;
  }

  /** The disks that create_vm is told of. */
  get toldDisks(): string[] {
    return this.#options.tellsDisks === false ? [] : this.state.disks.map(({ cid }) => cid);
  }

  /** Refuses a CPI that is too old (deployment_preparer.go). Throws ApiVersionRefused. */
  async checkVersion(stemcellApiVersion: number): Promise<void> {
    const least = this.#options.versions?.least ?? 2;
    const version = await this.#info(stemcellApiVersion);
    if (version < least) throw new ApiVersionRefused(version, least);
  }

  /** Makes a call. Throws CpiCallFailed. */
  async call(
    method: string,
    args: readonly JsonValue[],
    stemcellApiVersion: number,
  ): Promise<JsonValue> {
    const most = this.#options.versions?.most ?? 2;
    const version = Math.min(await this.#info(stemcellApiVersion), most);
    return this.#send(method, args, { version, stemcellApiVersion });
  }

  async #info(stemcellApiVersion: number): Promise<number> {
    return versionIn(await this.#send('info', [], { version: 1, stemcellApiVersion }));
  }

  async #send(
    method: string,
    args: readonly JsonValue[],
    versions: { version: number; stemcellApiVersion: number },
  ): Promise<JsonValue> {
    const { ask, directorUuid } = this.#options;
    const request: CpiRequest = {
      method,
      arguments: [...args],
      context: {
        director_uuid: directorUuid,
        vm: { stemcell: { api_version: versions.stemcellApiVersion } },
      },
      api_version: versions.version,
    };
    return resultOf(method, await ask('bosh-cli', request));
  }
}
