import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { sameName } from '../../declare/list-parameters.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { MAX_USER_DATA_LENGTH, storedUserData } from '../virtual-machine/user-data.js';
import { userDataResponse } from './user-data-response.js';

/** ManagementServerImpl.registerUserData. */
export const registerUserData = syncCommand({
  name: 'registerUserData',
  summary: 'Keeps user data for virtual machines.',
  since: '4.18',
  roles: everyRole,
  grantedByType: true,
  parameters: {
    name: text({ required: true }),
    userdata: text({ required: true, maxLength: MAX_USER_DATA_LENGTH }),
    params: text(),
    ...ownerParameters,
  },
  response: objectOf(userDataResponse),
  run: (context, args) => {
    const { world } = context;
    const { name, userdata, params = null } = args;
    const accountId = finalizeOwner(context, args).id;
    const known = world.userData.where('accountId', accountId);
    if (known.some((row) => sameName(row.name, name))) {
      throw invalidParameter(`A userdata with name ${name} already exists for this account.`);
    }
    const same = known.find(({ content }) => content === userdata);
    if (same !== undefined) {
      throw invalidParameter(
        `Userdata ${same.name} with same content already exists for this account.`,
      );
    }
    const content = storedUserData(context, userdata);
    return world.userData.insert({ name, accountId, content, params });
  },
});
