import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { responseObject, stringField } from '../../declare/response.js';
import type { PhysicalNetworkRow } from '../../world/entities.js';

/** PhysicalNetworkResponse. */
const physicalNetworkResponse = responseObject<PhysicalNetworkRow>('physicalnetwork', {
  id: stringField((row) => row.id),
  name: stringField((row) => row.name),
  broadcastdomainrange: stringField(() => 'ZONE'),
  zoneid: stringField((row) => row.zoneId),
  zonename: stringField((row, { world }) => world.zones.require(row.zoneId).name),
  state: stringField(() => 'Enabled'),
  isolationmethods: stringField(() => 'VLAN'),
});

/** Each zone has one (NetworkServiceImpl.searchPhysicalNetworks). */
export const listPhysicalNetworks = syncCommand({
  name: 'listPhysicalNetworks',
  summary: 'Lists the wires of zones, on which all networks are VLANs.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('physicalnetwork'),
    zoneid: entity('zone'),
    name: text(),
    ...pagingParameters,
  },
  response: listOf(physicalNetworkResponse),
  run: ({ world }, { id, zoneid, name, keyword }) =>
    world.physicalNetworks
      .all()
      .filter((row) => id === undefined || row.id === id.id)
      .filter((row) => zoneid === undefined || row.zoneId === zoneid.id)
      .filter((row) => name === undefined || contains(row.name, name))
      .filter((row) => keyword === undefined || contains(row.name, keyword)),
});
