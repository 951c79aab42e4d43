import type { CpiRequest } from '../director/recording.js';
import type { JsonObject, JsonValue } from '../json.js';
import { ApiVersionRefused, resultOf, versionIn, type Ask, type CallMethod } from './cpi-calls.js';

/** The API versions that a Director works with. */
export interface VersionRange {
  readonly least: number;
  readonly preferred: number;
}

/** Those of Directors since 283. */
export const currentDirector: VersionRange = { least: 2, preferred: 3 };

/** Which CPI an errand needs, and for what. */
export interface Errand {
  /** The version that the stemcell of a VM declares, if it does; for calls about a VM. */
  readonly apiVersion?: number | undefined;
  /** The name of one in the cpi-config; the only one unless given. */
  readonly cpi?: string | undefined;
}

/** The CPI for one errand of the Director's. */
export interface DirectorCloud {
  readonly apiVersion: number;
  readonly call: CallMethod;
}

export interface DirectorCloudsOptions {
  readonly ask: Ask;
  readonly directorUuid: string;
  readonly versions: VersionRange;
  /** What the cpi-config says of each CPI, by name. */
  readonly cpis?: Readonly<Record<string, JsonObject>> | undefined;
}

/**
 * Where the Director gets the CPI from for each errand anew (CloudFactory#get): by asking `info`, the
 * first time in no version, and going on in the newest one that both know.
 */
export class DirectorClouds {
  readonly #options: DirectorCloudsOptions;
  #requests = 0;

  constructor(options: DirectorCloudsOptions) {
    this.#options = options;
  }

  /**
   * For calls about a VM with the version that its stemcell declares, if it does; for others without.
   * Throws ApiVersionRefused, CpiCallFailed.
   */
  async get(errand: Errand = {}): Promise<DirectorCloud> {
    const { least, preferred } = this.#options.versions;
    const version = versionIn(await this.#send('info', [], errand));
    if (version < least) throw new ApiVersionRefused(version, least);
    const apiVersion = Math.min(version, preferred);
    return {
      apiVersion,
      call: (method, args) => this.#send(method, args, errand, apiVersion),
    };
  }

  async #send(
    method: string,
    args: readonly JsonValue[],
    { apiVersion: stemcellApiVersion, cpi }: Errand,
    apiVersion?: number,
  ): Promise<JsonValue> {
    const { ask, directorUuid } = this.#options;
    const request: CpiRequest = {
      method,
      arguments: [...args],
      context: {
        director_uuid: directorUuid,
        request_id: `cpi-${String(100_000 + this.#requests)}`,
        ...(stemcellApiVersion !== undefined && {
          vm: { stemcell: { api_version: stemcellApiVersion } },
        }),
        ...this.#propertiesOf(cpi),
      },
      ...(apiVersion !== undefined && { api_version: apiVersion }),
    };
    this.#requests += 1;
    return resultOf(method, await ask('bosh-director', request));
  }

  /** They stand in the context beside what the Director says of itself (external_cpi.rb). */
  #propertiesOf(cpi: string | undefined): JsonObject {
    if (cpi === undefined) return {};
    const properties = this.#options.cpis?.[cpi];
    if (properties === undefined) throw new Error(`the cpi-config has no CPI ${cpi}`);
    return properties;
  }
}
