// Whose a new resource is: the account, the project or the caller that a command was told of, and
// what is refused, for synchronous and asynchronous commands alike.
import { expect, test } from '@playwright/test';
import { everyRole, flat, syncCommand } from '../../../simulator/declare/command.js';
import type { CommandContext } from '../../../simulator/declare/context.js';
import {
  finalizeOwner,
  ownerOfNew,
  ownerParameters,
  type OwnerArguments,
} from '../../../simulator/declare/ownership.js';
import { stringField } from '../../../simulator/declare/response.js';
import type { AccountRow } from '../../../simulator/world/entities.js';
import { accountOf, domainOf, identityApi, projectOf } from '../../support/identity-world.js';
import type { SmallApi } from '../../support/small-api.js';
import type { Values } from '../../support/simulator-client.js';

const command = (
  name: string,
  owner: (context: CommandContext, args: OwnerArguments) => AccountRow,
) =>
  syncCommand({
    name,
    summary: 'Tells whose a new resource would be.',
    roles: everyRole,
    parameters: ownerParameters,
    response: flat<AccountRow>({ owner: stringField((account) => account.id) }),
    run: owner,
  });

const situation = (): SmallApi =>
  identityApi([command('createSync', finalizeOwner), command('createAsync', ownerOfNew)]);

/** The name of the owner, or the text of the refusal behind its status. */
function answer(api: SmallApi, caller: string, name: string, values: Values): string {
  const client = api.clientOf(caller);
  const { status, body } = client.send(name, values);
  const content = Object.values(body)[0] as { owner: string; errortext: string };
  if (status !== 200) return `${status} ${content.errortext}`;
  return api.world.accounts.require(content.owner).name;
}

const inDomain = (api: SmallApi, account: string, path: string): Values => ({
  account,
  domainid: domainOf(api, path).id,
});

for (const name of ['createSync', 'createAsync']) {
  test(`${name}: without parameters it is the caller's`, () => {
    const api = situation();
    for (const caller of ['admin', 'bosh', 'chief']) {
      expect(answer(api, caller, name, {})).toBe(caller);
    }
    expect(answer(api, 'bosh', name, { domainid: domainOf(api, 'ROOT').id })).toBe('bosh');
  });

  test(`${name}: admins create for the accounts below them, users for themselves`, () => {
    const api = situation();
    expect(answer(api, 'admin', name, inDomain(api, 'diver', 'ROOT/sub/deep'))).toBe('diver');
    expect(answer(api, 'chief', name, inDomain(api, 'diver', 'ROOT/sub/deep'))).toBe('diver');
    expect(answer(api, 'worker', name, inDomain(api, 'worker', 'ROOT/sub'))).toBe('worker');
    expect(answer(api, 'chief', name, inDomain(api, 'bosh', 'ROOT'))).toMatch(/^531 /);
    expect(answer(api, 'bosh', name, inDomain(api, 'other', 'ROOT'))).toMatch(/^531 /);
  });

  test(`${name}: members create for their projects`, () => {
    const api = situation();
    const { id, accountId } = projectOf(api, 'alpha');
    const purse = api.world.accounts.require(accountId).name;
    expect(purse).toBe(`PrjAcct-alpha-${domainOf(api, 'ROOT').internalId}`);
    for (const caller of ['bosh', 'other', 'admin']) {
      expect(answer(api, caller, name, { projectid: id })).toBe(purse);
    }
    expect(answer(api, 'worker', name, { projectid: id })).toMatch(/^531 /);
    expect(answer(api, 'chief', name, { projectid: projectOf(api, 'beta').id })).toContain('beta');
  });
}

test('a synchronous command refuses in these words', () => {
  const api = situation();
  const told = (caller: string, values: Values): string =>
    answer(api, caller, 'createSync', values);
  const projectid = projectOf(api, 'alpha').id;
  const root = domainOf(api, 'ROOT');
  expect(told('admin', { ...inDomain(api, 'bosh', 'ROOT'), projectid })).toBe(
    "431 ProjectId and account/domainId can't be specified together",
  );
  expect(told('bosh', { account: 'bosh' })).toBe(
    '431 AccountName and domainId must be specified together',
  );
  expect(told('admin', inDomain(api, 'nobody', 'ROOT'))).toBe(
    `431 Unable to find account nobody in domain ${root.id}`,
  );
  expect(told('bosh', inDomain(api, 'other', 'ROOT'))).toBe(
    `531 Can't create/list resources for account other in domain ${root.internalId}, permission denied`,
  );
  expect(told('worker', { projectid })).toContain(
    `is unauthorised to use project id=${projectOf(api, 'alpha').internalId}`,
  );
});

test('an asynchronous command refuses in these words', () => {
  const api = situation();
  const told = (caller: string, values: Values): string =>
    answer(api, caller, 'createAsync', values);
  expect(told('bosh', { account: 'bosh' })).toBe(
    '431 Account must be specified with domainId parameter',
  );
  expect(told('admin', inDomain(api, 'nobody', 'ROOT'))).toBe(
    '431 Unable to find account by name nobody in domain with specified id',
  );
  expect(told('admin', inDomain(api, `PrjAcct-alpha-1`, 'ROOT'))).toBe(
    '431 Unable to find account by name PrjAcct-alpha-1 in domain with specified id',
  );
  expect(told('bosh', inDomain(api, 'other', 'ROOT'))).toContain(
    'does not have permission to operate with resource Account [{"accountName":"other"',
  );
});

test('accounts and projects that are not active take nothing new', () => {
  const api = situation();
  const { world } = api;
  const bosh = accountOf(api, 'bosh');
  const alpha = projectOf(api, 'alpha');
  world.accounts.move(bosh, 'Lock');
  world.projects.move(alpha, 'Suspend');
  expect(answer(api, 'admin', 'createAsync', inDomain(api, 'bosh', 'ROOT'))).toBe(
    `531 Can't add resources to the account id=${bosh.internalId} in state=locked as it's no longer active`,
  );
  expect(answer(api, 'other', 'createAsync', { projectid: alpha.id })).toBe(
    "531 Can't add resources to the project with specified projectId in state=Suspended as it's no longer active",
  );
  world.projects.remove(alpha);
  expect(answer(api, 'other', 'createAsync', { projectid: alpha.id })).toBe(
    '431 Unable to find project by id',
  );
  expect(answer(api, 'other', 'createSync', { projectid: alpha.id })).toBe(
    `431 Unable to find project by id=${alpha.internalId}`,
  );
});
