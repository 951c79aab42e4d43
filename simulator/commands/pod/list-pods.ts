import { listOf, rootAndResourceAdmin, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { zoneInAuthority } from '../zone/zone-authority.js';
import { podResponse } from './pod-response.js';

/** ManagementServerImpl.searchForPods; every pod is enabled. */
export const listPods = syncCommand({
  name: 'listPods',
  summary: 'Lists the pods of zones.',
  roles: rootAndResourceAdmin,
  parameters: {
    id: entity('pod'),
    name: text(),
    zoneid: entity('zone'),
    allocationstate: text(),
    showcapacities: flag(),
    ...pagingParameters,
  },
  response: listOf(podResponse),
  run: (context, { id, name, zoneid, allocationstate, showcapacities, keyword }) => {
    const zone = zoneInAuthority(context, zoneid);
    return context.world.pods
      .all()
      .filter((pod) => id === undefined || pod.id === id.id)
      .filter((pod) => name === undefined || sameName(pod.name, name))
      .filter((pod) => zone === undefined || pod.zoneId === zone.id)
      .filter(() => allocationstate === undefined || sameName('Enabled', allocationstate))
      .filter((pod) => keyword === undefined || contains(pod.name, keyword))
      .map((pod) => ({ pod, withCapacities: showcapacities === true }));
  },
});
