import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { managementServerResponse } from './management-server-response.js';

/** QueryManagerImpl.listManagementServersInternal, which does not page. */
export const listManagementServers = syncCommand({
  name: 'listManagementServers',
  summary: 'Lists the management servers of the cloud.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('managementserver'),
    name: text(),
  },
  ignores: ['keyword', 'page', 'pagesize'],
  response: listOf(managementServerResponse),
  run: ({ world }, { id, name }) =>
    world.managementServers
      .all()
      .filter((server) => id === undefined || server.id === id.id)
      .filter((server) => name === undefined || sameName(server.name, name)),
});
