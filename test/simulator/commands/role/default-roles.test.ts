// Proves that each default role may call what CloudStack lets it call and nothing else, as data tells
// it; that roles made by admins are granted by type what CloudStack grants; and that of the rules of
// such a role the first that matches decides, whatever the order.
import { readFileSync } from 'node:fs';
import { deepStrictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import { commands } from '../../../../simulator/commands/index.js';
import type { RoleType } from '../../../../simulator/world/entities.js';
import { createIdentityWorld, identityWorld } from '../../../support/identity-world.js';

type Callers = readonly [roles: readonly RoleType[], granted: readonly RoleType[]];

const file = new URL('../../../vectors/api/roles.json', import.meta.url);
const known = (
  JSON.parse(readFileSync(file, 'utf8')) as { readonly commands: Readonly<Record<string, Callers>> }
).commands;

const everyType: readonly RoleType[] = ['Admin', 'ResourceAdmin', 'DomainAdmin', 'User'];

test('the roles of every command are those of CloudStack', () => {
  const declared = commands.map(({ name, roles, grantedByType }) => {
    const callers = everyType.filter((type) => roles.includes(type));
    return [name, [callers, grantedByType === true ? callers : []]];
  });
  const expected = commands.map(({ name }) => [name, known[name]]);
  expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(expected));
});

const accounts = {
  Admin: 'admin',
  ResourceAdmin: 'keeper',
  DomainAdmin: 'chief',
  User: 'bosh',
} as const;

for (const [type, account] of Object.entries(accounts)) {
  test(`${type}: what it may not call is refused by name, before the request is looked at`, () => {
    const client = createIdentityWorld().clientOf(account);
    for (const { name, roles } of commands) {
      const { status, body } = client.send(name, { id: 'nonsense', zoneid: 'nonsense' });
      const mayCall = roles.includes(type as RoleType);
      deepStrictEqual([name, status !== 432 || isAboutParameters(body)], [name, mayCall]);
    }
  });
}

/** 432 is also what a parameter gets that is not simulated. */
function isAboutParameters(body: object): boolean {
  return !JSON.stringify(body).includes('does not exist or is not available for the account');
}

const rules = [
  { rule: 'listZones', permission: 'deny' },
  { rule: 'listZones', permission: 'allow' },
  { rule: 'list*', permission: 'allow' },
  { rule: '*Zones', permission: 'deny' },
  { rule: '*', permission: 'allow' },
  { rule: 'create*', permission: 'deny' },
] as const;

for (const first of rules) {
  for (const second of rules.filter(({ rule }) => rule !== first.rule)) {
    const order = [first, second].map(({ rule, permission }) => `${permission} ${rule}`).join(', ');
    test(`the first rule that matches decides: ${order}`, () => {
      const { clientOf } = createIdentityWorld({
        roles: [{ name: 'careful', type: 'User', rules: [first, second] }],
        accounts: identityWorld.accounts.map((account) =>
          account.name === 'bosh' ? { ...account, role: 'careful' } : account,
        ),
        projects: [],
      });
      const matching = [first, second].find(({ rule }) => rule !== 'create*');
      const status = matching?.permission === 'allow' ? 200 : 432;
      expect(clientOf('bosh').send('listZones').status).toBe(status);
    });
  }
}

test('a denied command in each position of five rules', () => {
  const others = ['listHosts', 'createTags', 'list*', '*'];
  for (let position = 0; position <= others.length; position += 1) {
    const { clientOf, world } = createIdentityWorld();
    const admin = clientOf('admin');
    const { role } = admin.call('createRole', { name: 'careful', type: 'User' });
    const roleid = role['id'] as string;
    const names = [...others.slice(0, position), 'listZones', ...others.slice(position)];
    for (const rule of names) {
      const permission = rule === 'listZones' ? 'deny' : 'allow';
      admin.call('createRolePermission', { roleid, rule, permission });
    }
    const account = world.accounts.all().find(({ name }) => name === 'other')!;
    admin.call('updateAccount', { id: account.id, roleid });
    const isFirst = names.indexOf('listZones') < names.indexOf('list*');
    expect(clientOf('other').send('listZones').status, names.join()).toBe(isFirst ? 432 : 200);
    expect(clientOf('other').send('listTags').status).toBe(200);
  }
});
