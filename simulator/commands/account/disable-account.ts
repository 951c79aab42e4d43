import { asyncCommand, done, everyAdmin, objectOf } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { disableAccount as disable } from '../../world/identity/account-cleanup.js';
import { accountText } from '../../world/identity/accounts.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import { accountResponse } from './account-response.js';
import { assertMayManage, meantAccount } from './account-rules.js';

/**
 * Disabling stops the account's VMs, locking leaves them; in both cases none of its users may call
 * any more (DisableAccountCmd, AccountManagerImpl.disableAccount, lockAccount).
 */
export const disableAccount = asyncCommand({
  name: 'disableAccount',
  summary: 'Disables an account and stops its virtual machines, or only locks it.',
  roles: everyAdmin,
  javaClass: { user: 'admin.account.DisableAccountCmd' },
  parameters: {
    id: entity('account', { access: 'operate' }),
    account: text(),
    domainid: entity('domain'),
    lock: flag({ required: true }),
  },
  response: objectOf(accountResponse),
  subject: ({ id }) => (id === undefined ? undefined : { type: 'Account', id: id.id }),
  steps: [
    (context, args) => {
      const { world } = context;
      const account = meantAccount(context, args);
      assertMayManage(context, account);
      if (!args.lock) {
        disable(world, account);
        return done(account);
      }
      if (!world.accounts.allows(account, 'Lock')) {
        throw cloudRuntime(
          `Unable to lock account ${accountText(account)} by accountId: ${account.internalId} ` +
            `OR by name: ${args.account ?? 'null'} in domain ${args.domainid?.id ?? 'null'}`,
        );
      }
      world.accounts.move(account, 'Lock');
      return done(account);
    },
  ],
});
