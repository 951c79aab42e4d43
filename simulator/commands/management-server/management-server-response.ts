import { dateField, responseObject, stringField } from '../../declare/response.js';
import type { ManagementServerRow } from '../../world/entities.js';

/** ManagementServerResponse (QueryManagerImpl.createManagementServerResponse). */
export const managementServerResponse = responseObject<ManagementServerRow>('managementserver', {
  id: stringField((server) => server.id),
  name: stringField((server) => server.name),
  state: stringField(() => 'Up'),
  version: stringField((_server, { world }) => world.settings.get('cloudstack.version')),
  lastserverstart: dateField((server) => server.startedMs),
  lastserverstop: dateField((server) => server.stoppedMs),
  serviceip: stringField((server) => server.serviceIp),
});
