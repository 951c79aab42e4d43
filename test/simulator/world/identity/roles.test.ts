// Roles: which rules match which commands, and that the first matching rule decides, then the type.
import { expect, test } from '@playwright/test';
import {
  roleMayCall,
  ruleMatches,
  type Callable,
} from '../../../../simulator/world/identity/roles.js';
import type { World } from '../../../../simulator/world/world.js';
import type { RoleRow } from '../../../../simulator/world/entities.js';
import { identityApi, identityWorld } from '../../../support/identity-world.js';
import { smallApi } from '../../../support/small-api.js';

for (const [rule, matching, others] of [
  ['listZones', ['listZones', 'LISTZONES'], ['listZone', 'listZonesX', 'xlistZones']],
  ['list*', ['listZones', 'list'], ['xlist', 'lis']],
  ['*VirtualMachine', ['startVirtualMachine', 'VirtualMachine'], ['listVirtualMachines']],
  ['*', ['anything', ''], []],
  ['**', ['anything', ''], []],
  ['list*s', ['lists', 'listZones'], ['list', 'listZone']],
  ['a*a', ['aa', 'aba'], ['a']],
  ['a*b*b', ['abb', 'axbyb'], ['ab', 'abc']],
] as const) {
  test(`the rule ${rule}`, () => {
    for (const name of matching) expect(ruleMatches(rule, name), name).toBe(true);
    for (const name of others) expect(ruleMatches(rule, name), name).toBe(false);
  });
}

test('a rule of many stars is read in no time', () => {
  expect(ruleMatches(`${'*a'.repeat(127)}b`, 'a'.repeat(200))).toBe(false);
  expect(ruleMatches('*a'.repeat(127), 'a'.repeat(200))).toBe(true);
});

const destroy: Callable = { name: 'destroyVirtualMachine', roles: ['Admin', 'User'] };
const granted: Callable = { name: 'getUserKeys', roles: ['Admin', 'User'], grantedByType: true };

function role(rules: readonly (readonly [string, 'allow' | 'deny'])[]): [World, RoleRow] {
  const { world } = smallApi([], {
    world: {
      ...identityWorld,
      roles: [
        {
          name: 'careful',
          type: 'User',
          rules: rules.map(([rule, permission]) => ({ rule, permission })),
        },
      ],
    },
  });
  return [world, world.roles.all().find(({ name }) => name === 'careful')!];
}

test('of the rules that match, the first decides', () => {
  expect(
    roleMayCall(
      ...role([
        ['destroy*', 'deny'],
        ['*', 'allow'],
      ]),
      destroy,
    ),
  ).toBe(false);
  expect(
    roleMayCall(
      ...role([
        ['*', 'allow'],
        ['destroy*', 'deny'],
      ]),
      destroy,
    ),
  ).toBe(true);
});

test('without a rule a role may call only what is granted to its type', () => {
  expect(roleMayCall(...role([]), destroy)).toBe(false);
  expect(roleMayCall(...role([]), granted)).toBe(true);
  expect(roleMayCall(...role([['getUserKeys', 'deny']]), granted)).toBe(false);
  expect(roleMayCall(...role([]), { ...granted, roles: ['Admin'] })).toBe(false);
});

test('default roles go by what the command declares', () => {
  const { world } = identityApi([]);
  const callers = world.roles
    .all()
    .filter((row) => roleMayCall(world, row, destroy))
    .map(({ name }) => name);
  expect(callers).toEqual(['Root Admin', 'User']);
});
