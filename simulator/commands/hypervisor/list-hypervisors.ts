import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { responseObject, stringField } from '../../declare/response.js';

/** Those that clusters of the zone run, or without a zone the setting (ManagementServerImpl.getHypervisors). */
export const listHypervisors = syncCommand({
  name: 'listHypervisors',
  summary: 'Lists the hypervisors of a zone, or those that this CloudStack could have.',
  roles: everyRole,
  parameters: { zoneid: entity('zone') },
  response: listOf(responseObject<string>('hypervisor', { name: stringField((name) => name) })),
  run: ({ world }, { zoneid: zone }) => {
    if (zone === undefined) return world.settings.get('hypervisor.list').split(',');
    const clusters = world.clusters.all().filter((cluster) => cluster.zoneId === zone.id);
    return [...new Set(clusters.map(({ hypervisor }) => hypervisor))];
  },
});
