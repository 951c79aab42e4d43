import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { accountResponse } from './account-response.js';
import { assertMayManage, meantAccount } from './account-rules.js';

/** Whatever was stopped when the account was disabled stays stopped (AccountManagerImpl.enableAccount). */
export const enableAccount = syncCommand({
  name: 'enableAccount',
  summary: 'Enables an account that was disabled or locked.',
  roles: everyAdmin,
  parameters: {
    id: entity('account'),
    account: text(),
    domainid: entity('domain'),
  },
  response: objectOf(accountResponse),
  run: (context, args) => {
    const { world } = context;
    const account = meantAccount(context, args);
    assertMayManage(context, account);
    world.accounts.move(account, 'Enable');
    world.accounts.change(account, { needsCleanup: false });
    return account;
  },
});
