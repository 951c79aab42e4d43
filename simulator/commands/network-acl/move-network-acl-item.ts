import { createHash } from 'node:crypto';
import { asyncCommand, done, everyRole, objectOf, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkAclRow } from '../../world/entities.js';
import { rulesOfList } from '../../world/network/network-acls.js';
import type { World } from '../../world/world.js';
import { assertMayChangeList } from './network-acl-access.js';
import { networkAclResponse } from './network-acl-response.js';

const parameters = {
  id: text({ required: true }),
  previousaclruleid: text(),
  nextaclruleid: text(),
  aclconsistencyhash: text(),
} as const;

/** The rules behind make room where there is none (NetworkACLServiceImpl.moveNetworkAclRuleToNewPosition). */
export const moveNetworkAclItem = asyncCommand({
  name: 'moveNetworkAclItem',
  summary: 'Moves a rule to another place in its list.',
  roles: everyRole,
  javaClass: { user: 'user.network.MoveNetworkAclItemCmd' },
  wrapper: 'moveNetworkAclItemResponse',
  parameters,
  response: objectOf(networkAclResponse),
  steps: [
    (context, args) => {
      const { world } = context;
      const { rule, previous, next } = rulesNamed(world, args);
      assertMovable(context, rule, [previous, next]);
      const rules = rulesOfList(world, rule.listId);
      assertConsistent(rules, args.aclconsistencyhash);
      if (previous === undefined) place(world, rule, 1, rules, 0);
      else if (next === undefined) place(world, rule, numberOfLast(rules) + 1, [], 0);
      else placeBetween(world, rule, previous, next, rules);
      return done(rule);
    },
  ],
});

function rulesNamed(
  world: World,
  { id, previousaclruleid = '', nextaclruleid = '' }: Arguments<typeof parameters>,
) {
  if (previousaclruleid.trim() === '' && nextaclruleid.trim() === '') {
    throw invalidParameter('Both previous and next ACL rule IDs cannot be blank.');
  }
  const rule = world.networkAcls.get(id.toLowerCase());
  if (rule === undefined) throw invalidParameter(`Could not find a rule with ID[${id}]`);
  return {
    rule,
    previous: neighbour(world, previousaclruleid),
    next: neighbour(world, nextaclruleid),
  };
}

function neighbour(world: World, id: string): NetworkAclRow | undefined {
  if (id.trim() === '') return undefined;
  const rule = world.networkAcls.get(id.toLowerCase());
  if (rule !== undefined) return rule;
  throw invalidParameter(`Could not find rule with ID [${id}]`);
}

function assertMovable(
  context: CommandContext,
  { listId }: NetworkAclRow,
  neighbours: readonly (NetworkAclRow | undefined)[],
): void {
  if (neighbours.some((other) => other !== undefined && other.listId !== listId)) {
    throw invalidParameter('Cannot use ACL rules from differentiating ACLs. Rule being moved.');
  }
  const list = context.world.networkAclLists.require(listId);
  if (list.isDefault) throw invalidParameter('Default ACL rules cannot be moved.');
  assertMayChangeList(context, list, 'Must be Root Admin to move global ACL rules.');
}

/** The MD5 hash of the ids in their order tells whether the caller knows the list as it is. */
function assertConsistent(rules: readonly NetworkAclRow[], hash = ''): void {
  if (hash.trim() === '') return;
  const ids = rules.map(({ id }) => id).join('');
  if (createHash('md5').update(ids).digest('hex') === hash) return;
  throw invalidParameter(
    'It seems that the access control list in the database is not in the state that you used to ' +
      'apply the changed. Could you try it again?',
  );
}

function placeBetween(
  world: World,
  rule: NetworkAclRow,
  previous: NetworkAclRow,
  next: NetworkAclRow,
  rules: readonly NetworkAclRow[],
): void {
  const number = previous.number + 1;
  if (number === next.number) {
    place(world, rule, number, rules, rules.indexOf(previous) + 1);
    return;
  }
  if (rules.some((other) => other.number === number)) {
    throw invalidParameter(
      'There are some inconsistencies with the data you sent. The new position calculated already ' +
        'has a ACL rule on it.',
    );
  }
  place(world, rule, number, [], 0);
}

/**
 * Gives a rule its number, and those from an index on that are in its way the numbers behind. CloudStack
 * makes room for the rule itself where it stood, too.
 */
function place(
  world: World,
  rule: NetworkAclRow,
  number: number,
  rules: readonly NetworkAclRow[],
  from: number,
): void {
  const inTheWay: NetworkAclRow[] = [];
  for (const other of rules.slice(from)) {
    if (other === rule && inTheWay.length === 0) continue;
    if (other.number !== number + inTheWay.length) break;
    inTheWay.push(other);
  }
  for (const [index, other] of inTheWay.entries()) {
    if (other !== rule) world.networkAcls.change(other, { number: number + index + 1 });
  }
  world.networkAcls.change(rule, { number });
}

function numberOfLast(rules: readonly NetworkAclRow[]): number {
  return rules.at(-1)?.number ?? 0;
}
