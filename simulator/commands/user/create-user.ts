import { assertMayUseDomain } from '../../declare/access.js';
import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { rootDomain } from '../../world/identity/domains.js';
import { assertRankHolds } from '../account/account-rules.js';
import { addUser, isUsernameTaken, userParameters } from './new-user.js';
import { userResponse } from './user-response.js';

/** AccountManagerImpl.createUser. */
export const createUser = syncCommand({
  name: 'createUser',
  summary: 'Adds a user to an account.',
  roles: everyAdmin,
  parameters: {
    account: text({ required: true }),
    domainid: entity('domain'),
    ...userParameters,
  },
  response: objectOf(userResponse),
  run: (context, args) => {
    const { world } = context;
    const domain = args.domainid ?? rootDomain(world);
    if (domain.removedMs !== null) {
      throw cloudRuntime(`The domain ${domain.internalId} does not exist; unable to create user`);
    }
    if (domain.state === 'Inactive') {
      throw cloudRuntime(`The user cannot be created as domain ${domain.name} is being deleted`);
    }
    assertMayUseDomain(context, domain.id);
    const account = accountNamed(world, args.account, domain.id);
    if (account?.state !== 'enabled' || account.type === 'Project') {
      throw invalidParameter(
        `Unable to find account ${args.account} in domain ${domain.id} to create user`,
      );
    }
    if (isUsernameTaken(world, args.username, domain)) {
      throw cloudRuntime(`The user ${args.username} already exists in domain ${domain.internalId}`);
    }
    assertRankHolds(context, account);
    return addUser(context, account, args);
  },
});
