import { responseObject, stringField, type ResponseObject } from '../../declare/response.js';

/** An image that somebody may fetch, and where. */
export interface Extraction {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  /** Null where the caller names none. */
  readonly zoneId: string | null;
  readonly mode: string;
  readonly url: string;
}

/** ExtractResponse, under the name of what is extracted. */
export function extractResponse(name: string): ResponseObject<Extraction> {
  return responseObject<Extraction>(name, {
    id: stringField(({ id }) => id),
    name: stringField((extraction) => extraction.name),
    accountid: stringField(({ accountId }) => accountId),
    state: stringField(() => 'DOWNLOAD_URL_CREATED'),
    zoneid: stringField(({ zoneId }) => zoneId),
    zonename: stringField(({ zoneId }, { world }) =>
      zoneId === null ? null : world.zones.require(zoneId).name,
    ),
    extractMode: stringField(({ mode }) => mode),
    url: stringField(({ url }) => url),
  });
}
