import type { CpiRequest } from '../director/recording.js';
import type { JsonValue } from '../json.js';
import { ApiVersionRefused, resultOf, versionIn, type Ask, type CallMethod } from './cpi-calls.js';

/** The API versions that a Director works with. */
export interface VersionRange {
  readonly least: number;
  readonly preferred: number;
}

/** Those of Directors since 283. */
export const currentDirector: VersionRange = { least: 2, preferred: 3 };

/** The CPI for one errand of the Director's. */
export interface DirectorCloud {
  readonly apiVersion: number;
  readonly call: CallMethod;
}

export interface DirectorCloudsOptions {
  readonly ask: Ask;
  readonly directorUuid: string;
  readonly versions: VersionRange;
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
  async get(stemcellApiVersion?: number): Promise<DirectorCloud> {
    const { least, preferred } = this.#options.versions;
    const version = versionIn(await this.#send('info', [], { stemcellApiVersion }));
    if (version < least) throw new ApiVersionRefused(version, least);
    const apiVersion = Math.min(version, preferred);
    return {
      apiVersion,
      call: (method, args) => this.#send(method, args, { stemcellApiVersion, apiVersion }),
    };
  }

  async #send(
    method: string,
    args: readonly JsonValue[],
    versions: { stemcellApiVersion: number | undefined; apiVersion?: number },
  ): Promise<JsonValue> {
    const { ask, directorUuid } = this.#options;
    const { stemcellApiVersion, apiVersion } = versions;
    const request: CpiRequest = {
      method,
      arguments: [...args],
      context: {
        director_uuid: directorUuid,
        request_id: `cpi-${String(100_000 + this.#requests)}`,
        ...(stemcellApiVersion !== undefined && {
          vm: { stemcell: { api_version: stemcellApiVersion } },
        }),
      },
      ...(apiVersion !== undefined && { api_version: apiVersion }),
    };
    this.#requests += 1;
    return resultOf(method, await ask('bosh-director', request));
  }
}
