import { assertMayUseDomain } from '../../declare/access.js';
import { everyAdmin, objectOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, freeForm, integer, text } from '../../declare/parameter.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { cloudRuntime, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import { rootDomain } from '../../world/identity/domains.js';
import type { AccountRow, DomainRow, RoleRow } from '../../world/entities.js';
import { defaultRole } from '../../world/identity/roles.js';
import type { World } from '../../world/world.js';
import { assertNetworkDomain } from '../network/network-domain-rules.js';
import { addUser, isUsernameTaken, userParameters } from '../user/new-user.js';
import { accountResponse } from './account-response.js';
import { assertNoEscalation, assertRankHolds } from './account-rules.js';
import { roleTypeOfNumber } from './account-type-numbers.js';

const parameters = {
  account: text(),
  accounttype: integer(),
  roleid: entity('role'),
  domainid: entity('domain'),
  ...userParameters,
  networkdomain: text(),
  accountdetails: freeForm(),
} as const;

type CreateArguments = Arguments<typeof parameters>;

/** Enters an account and its first user (AccountManagerImpl.createUserAccount). */
export const createAccount = syncCommand({
  name: 'createAccount',
  summary: 'Creates an account with its first user.',
  roles: everyAdmin,
  parameters,
  response: objectOf(accountResponse),
  run: (context, args) => {
    const { world } = context;
    const role = chosenRole(world, args);
    const domain = args.domainid ?? rootDomain(world);
    assertUserFits(context, args, domain);
    const account = addAccount(context, args, domain, role);
    addUser(context, account, args);
    return account;
  },
});

/** A role wins over a type, which stands for the default role of that type. */
function chosenRole(world: World, { roleid: role, accounttype }: CreateArguments): RoleRow {
  if (role?.removedMs === null) return role;
  const type = accounttype === undefined ? undefined : roleTypeOfNumber(accounttype);
  if (type !== undefined && role === undefined) return defaultRole(world, type);
  throw serverApiError(431, 'Neither account type and role ID are not provided');
}

function assertUserFits(context: CommandContext, args: CreateArguments, domain: DomainRow): void {
  if (domain.removedMs !== null) {
    throw invalidParameter(
      `The domain ${domain.internalId} does not exist; unable to create account`,
    );
  }
  assertMayUseDomain(context, domain.id);
  if (isUsernameTaken(context.world, args.username, domain)) {
    throw invalidParameter(`The user ${args.username} already exists in domain ${domain.id}`);
  }
  const { networkdomain } = args;
  if (networkdomain !== undefined && networkdomain !== '') assertNetworkDomain(networkdomain);
}

function addAccount(
  context: CommandContext,
  args: CreateArguments,
  domain: DomainRow,
  role: RoleRow,
): AccountRow {
  const { world } = context;
  const name = args.account ?? args.username;
  if (domain.state === 'Inactive') {
    throw cloudRuntime(`The account cannot be created as domain ${domain.name} is being deleted`);
  }
  if (domain.parentId !== null && role.type === 'Admin') {
    throw invalidParameter(
      `Invalid account type ADMIN given for an account in domain ${domain.id}; unable to create user ` +
        'of admin role type in non-ROOT domain.',
    );
  }
  if (accountNamed(world, name, domain.id) !== undefined) {
    throw invalidParameter(`The specified account: ${name} already exists`);
  }
  assertPrivateZone(domain, role);
  const values = { id: world.kernel.ids.uuid(), name, type: role.type, roleId: role.id };
  assertRankHolds(context, values);
  assertNoEscalation(context, role);
  return world.accounts.insert({
    ...values,
    domainId: domain.id,
    state: 'enabled',
    networkDomain: args.networkdomain === '' ? null : (args.networkdomain ?? null),
    details: args.accountdetails ?? {},
    needsCleanup: false,
    isDefault: false,
    apiKeyAccess: 'INHERIT',
  });
}

/** Resource admins need a zone of their domain, and the zones of this world are everybody's. */
function assertPrivateZone(domain: DomainRow, role: RoleRow): void {
  if (role.type !== 'ResourceAdmin') return;
  throw invalidParameter(
    `The account cannot be created as domain ${domain.id} is not associated with any private Zone`,
  );
}
