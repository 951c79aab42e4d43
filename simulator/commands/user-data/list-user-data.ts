import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { rowsAskedFor } from '../../world/rows-asked-for.js';
import { userDataResponse } from './user-data-response.js';

/** Newest first; an id alone shows admins no foreign ones (ManagementServerImpl.listUserDatas). */
export const listUserData = syncCommand({
  name: 'listUserData',
  summary: 'Lists registered user data.',
  since: '4.18',
  roles: everyRole,
  grantedByType: true,
  parameters: { id: entity('userdata'), name: text(), ...ownershipParameters },
  response: listOf(userDataResponse),
  run: (context, args) => {
    const { id, name, keyword } = args;
    const isOwned = ownerFilter(context, args, false);
    return rowsAskedFor(context.world.userData, { id })
      .filter((row) => isOwned(row.accountId))
      .filter((row) => name === undefined || sameName(row.name, name))
      .filter((row) => keyword === undefined || contains(row.name, keyword))
      .reverse();
  },
});
