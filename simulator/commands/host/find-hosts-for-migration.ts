import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters } from '../../declare/list-parameters.js';
import { entity } from '../../declare/parameter.js';
import { booleanField, responseObject } from '../../declare/response.js';
import { hostResponse, type ShownHost } from './host-response.js';
import { hostsForMigration } from './hosts-for-migration.js';

/** HostForMigrationResponse: a host, and whether the volumes would have to move as well. */
const hostForMigrationResponse = responseObject<ShownHost>(hostResponse.name, {
  ...hostResponse.fields,
  requiresStorageMotion: booleanField(({ movesStorage }) => movesStorage === true),
});

/** FindHostsForMigrationCmd. */
export const findHostsForMigration = syncCommand({
  name: 'findHostsForMigration',
  summary: 'Lists the hosts to which a running virtual machine might move.',
  roles: rootOnlyRole,
  parameters: {
    virtualmachineid: entity('virtualmachine', { required: true }),
    ...pagingParameters,
  },
  response: listOf(hostForMigrationResponse),
  run: (context, { virtualmachineid: vm, keyword }) =>
    hostsForMigration(context, vm).filter(
      ({ host }) =>
        keyword === undefined ||
        [host.name, host.up ? 'Up' : 'Down', 'Routing'].some((word) => contains(word, keyword)),
    ),
});
