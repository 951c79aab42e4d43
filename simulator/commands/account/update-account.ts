import { assertMayUseDomain } from '../../declare/access.js';
import { everyAdmin, objectOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, freeForm, text } from '../../declare/parameter.js';
import { accountNamed, accountText } from '../../world/identity/accounts.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { AccountRow, RoleRow } from '../../world/entities.js';
import { assertNetworkDomain } from '../network/network-domain-rules.js';
import { apiKeyAccessOf, apiKeyAccessParameter } from '../user/api-key-access.js';
import { accountResponse } from './account-response.js';
import { assertNoEscalation, assertRankHolds, isHigher, meantAccount } from './account-rules.js';

const parameters = {
  id: entity('account', { access: 'operate' }),
  account: text(),
  domainid: entity('domain'),
  roleid: entity('role'),
  newname: text(),
  networkdomain: text(),
  accountdetails: freeForm(),
  apikeyaccess: apiKeyAccessParameter,
} as const;

type UpdateArguments = Arguments<typeof parameters>;

/** AccountManagerImpl.updateAccount. */
export const updateAccount = syncCommand({
  name: 'updateAccount',
  summary: 'Renames an account, gives it another role, or changes its details.',
  roles: everyAdmin,
  parameters,
  response: objectOf(accountResponse),
  run: (context, args) => {
    const { world } = context;
    const account = meantAccount(context, args);
    assertMayUseDomain(context, account.domainId);
    assertRankHolds(context, account);
    const { newname, networkdomain, roleid: role, accountdetails: details } = args;
    if (newname !== undefined) assertNameIsFree(context, account, newname, args);
    if (networkdomain !== undefined && networkdomain !== '') assertNetworkDomain(networkdomain);
    if (role !== undefined) assertRoleMayBeGiven(context, account, role);
    const apiKeyAccess = apiKeyAccessOf(args.apikeyaccess);
    world.accounts.change(account, {
      ...(apiKeyAccess !== undefined && { apiKeyAccess }),
      ...(newname !== undefined && { name: newname }),
      ...(role !== undefined && { roleId: role.id, type: role.type }),
      ...(networkdomain !== undefined && {
        networkDomain: networkdomain === '' ? null : networkdomain,
      }),
      ...(details !== undefined && { details: { ...account.details, ...details } }),
    });
    return account;
  },
});

function assertNameIsFree(
  { world }: CommandContext,
  account: AccountRow,
  name: string,
  { domainid }: UpdateArguments,
): void {
  const where = domainid?.id ?? 'null';
  if (name === '') {
    throw invalidParameter(
      `The new account name for account '${accountText(account)}' within domain '${where}' is empty ` +
        'string. Account will be not renamed.',
    );
  }
  const existing = accountNamed(world, name, account.domainId);
  if (existing === undefined || existing.id === account.id) return;
  throw invalidParameter(
    `The account with the proposed name '${name}' exists in the domain '${where}' with existing ` +
      `account ${accountText(existing)}`,
  );
}

function assertRoleMayBeGiven(context: CommandContext, account: AccountRow, role: RoleRow): void {
  const { caller } = context;
  if (role.removedMs !== null) {
    throw invalidParameter(
      `Role with ID '${role.internalId}' is not found or not available for the account ` +
        `'${accountText(account)}' in the domain '${account.domainId}'.`,
    );
  }
  const text = `Unable to update account role to ${role.name}, `;
  const isAbove = (type: AccountRow['type']): boolean =>
    type !== 'Project' && isHigher(type, caller.role);
  if (caller.role !== 'Admin' && (isAbove(role.type) || isAbove(account.type))) {
    throw permissionDenied(
      `${text} as either current or new role has higher privileges than the caller`,
    );
  }
  const isInRoot = context.world.domains.require(account.domainId).parentId === null;
  if (role.type === 'Admin' && !isInRoot) {
    throw permissionDenied(`${text} as the user does not belong to the ROOT domain`);
  }
  assertNoEscalation(context, role);
}
