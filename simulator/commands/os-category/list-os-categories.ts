import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { responseObject, stringField } from '../../declare/response.js';
import type { OsCategoryRow } from '../../world/entities.js';

/** Names match in part; a keyword wins over a name (ManagementServerImpl.listGuestOSCategoriesByCriteria). */
export const listOsCategories = syncCommand({
  name: 'listOsCategories',
  summary: 'Lists the families of guest operating systems.',
  roles: everyRole,
  parameters: {
    id: entity('oscategory'),
    name: text({ since: '3.0.1' }),
    ...pagingParameters,
  },
  response: listOf(
    responseObject<OsCategoryRow>('oscategory', {
      id: stringField((category) => category.id),
      name: stringField((category) => category.name),
    }),
  ),
  run: ({ world }, { id, name, keyword }) => {
    const part = keyword ?? name;
    return world.osCategories
      .all()
      .filter((category) => id === undefined || category.id === id.id)
      .filter((category) => part === undefined || contains(category.name, part));
  },
});
