import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { osTypeResponse } from './os-type-response.js';

/** ManagementServerImpl.listGuestOSByCriteria. */
export const listOsTypes = syncCommand({
  name: 'listOsTypes',
  summary: 'Lists the guest operating system types that templates can have.',
  roles: everyRole,
  parameters: {
    id: entity('ostype'),
    oscategoryid: entity('oscategory'),
    description: text({ since: '3.0.1' }),
    ...pagingParameters,
  },
  response: listOf(osTypeResponse),
  run: ({ world }, { id, oscategoryid, description, keyword }) =>
    world.osTypes
      .all()
      .filter((osType) => id === undefined || osType.id === id.id)
      .filter((osType) => oscategoryid === undefined || osType.categoryId === oscategoryid.id)
      .filter((osType) => description === undefined || sameName(osType.description, description))
      .filter((osType) => keyword === undefined || contains(osType.description, keyword)),
});
