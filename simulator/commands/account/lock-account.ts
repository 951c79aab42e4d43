import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import { accountResponse } from './account-response.js';

/** CloudStack has the command and does not carry it out (LockAccountCmd). */
export const lockAccount = syncCommand({
  name: 'lockAccount',
  summary: 'Always fails, as in CloudStack: disableAccount with lock=true does it.',
  roles: everyAdmin,
  parameters: {
    account: text({ required: true }),
    domainid: entity('domain', { required: true }),
  },
  response: objectOf(accountResponse),
  run: () => {
    throw cloudRuntime(
      'LockAccount does not lock Accounts. Its implementation is disabled. Use DisableAccount instead.',
    );
  },
});
