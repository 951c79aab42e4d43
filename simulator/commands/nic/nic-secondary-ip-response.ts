import { responseObject, stringField } from '../../declare/response.js';
import type { NicSecondaryIpRow } from '../../world/entities.js';

/** NicSecondaryIpResponse, as one result (ApiResponseHelper.createSecondaryIPToNicResponse). */
export const nicSecondaryIpResponse = responseObject<NicSecondaryIpRow>('nicsecondaryip', {
  id: stringField((row) => row.id),
  ipaddress: stringField((row) => row.ipAddress),
  nicid: stringField((row) => row.nicId),
  networkid: stringField((row) => row.networkId),
});
