// Proves where a rule stands after it was moved, and which rules make room for it; and each refusal
// with its text, which changes nothing.
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { Values } from '../../../support/simulator-client.js';
import { addVpc } from '../../../support/vpc-world.js';
import {
  aclScene,
  addList,
  addRule,
  numbersOf,
  refusedJob,
  type AclScene,
} from './network-acl-scene.js';

interface Scene extends AclScene {
  /** Ids of rules by their names. */
  readonly ids: Readonly<Record<string, string>>;
}

/** A list with rules of these numbers. */
function scene(numbers: Readonly<Record<string, number>>): Scene {
  const zone = aclScene();
  const ids = Object.entries(numbers).map(([reason, number]) => [
    reason,
    addRule(zone, { reason, number })['id'] as string,
  ]);
  return { ...zone, ids: Object.fromEntries(ids) };
}

function move(zone: Scene, values: Values): Readonly<Record<string, number>> {
  zone.user.done('moveNetworkAclItem', values);
  return numbersOf(zone, zone.listId);
}

function refused(zone: Scene, values: Values, client = zone.user): readonly [number, string] {
  return refusedJob(zone, client, 'moveNetworkAclItem', values);
}

const four = { a: 1, b: 2, c: 3, d: 12 };

test('to the top: those in the way make room', () => {
  const zone = scene(four);
  const { ids } = zone;
  expect(move(zone, { id: ids['d']!, nextaclruleid: ids['a']! })).toEqual({
    d: 1,
    a: 2,
    b: 3,
    c: 4,
  });
});

test('to the top where nothing is', () => {
  const zone = scene({ a: 5, b: 6 });
  const { ids } = zone;
  expect(move(zone, { id: ids['b']!, nextaclruleid: ids['a']! })).toEqual({ b: 1, a: 5 });
});

test('to the top from the midst: room is made where the rule stood, too', () => {
  const zone = scene({ a: 1, m: 2, b: 3 });
  const { ids } = zone;
  expect(move(zone, { id: ids['m']!, nextaclruleid: ids['a']! })).toEqual({ m: 1, a: 2, b: 4 });
});

test('to the bottom: behind the last', () => {
  const zone = scene(four);
  const { ids } = zone;
  expect(move(zone, { id: ids['a']!, previousaclruleid: ids['d']! })).toEqual({
    b: 2,
    c: 3,
    d: 12,
    a: 13,
  });
});

test('between two: behind the first of them, and the others make room if they must', () => {
  const zone = scene(four);
  const { ids } = zone;
  const between = { id: ids['d']!, previousaclruleid: ids['a']!, nextaclruleid: ids['b']! };
  expect(move(zone, between)).toEqual({ a: 1, d: 2, b: 3, c: 4 });
  const wide = scene(four);
  const roomy = {
    id: wide.ids['a']!,
    previousaclruleid: wide.ids['c']!,
    nextaclruleid: wide.ids['d']!,
  };
  expect(move(wide, roomy)).toEqual({ b: 2, c: 3, a: 4, d: 12 });
});

test('answers with the rule where it stands', () => {
  const zone = scene(four);
  const { ids, user } = zone;
  const values = { id: ids['d']!, nextaclruleid: ids['a']! };
  expect(user.done('moveNetworkAclItem', values)['networkacl']).toMatchObject({
    id: ids['d'],
    number: 1,
    reason: 'd',
  });
});

test('is told of in an event', () => {
  const zone = scene({ a: 1, b: 2 });
  const { ids, user } = zone;
  move(zone, { id: ids['b']!, nextaclruleid: ids['a']! });
  const { event } = user.call('listEvents', { type: 'NETWORK.ACL.ITEM.UPDATE' });
  expect(event[0]['description']).toBe(
    `Successfully completed Placing network ACL item [${ids['b']}] between [null] and [${ids['a']}].`,
  );
});

test('only if the list is as the caller knows it', () => {
  const zone = scene({ a: 1, b: 2 });
  const { ids } = zone;
  const hash = (...names: string[]): string =>
    createHash('md5')
      .update(names.map((name) => ids[name]!).join(''))
      .digest('hex');
  const values = { id: ids['b']!, nextaclruleid: ids['a']! };
  expect(refused(zone, { ...values, aclconsistencyhash: hash('b', 'a') })).toEqual([
    431,
    'It seems that the access control list in the database is not in the state that you used to apply the changed. Could you try it again?',
  ]);
  expect(move(zone, { ...values, aclconsistencyhash: hash('a', 'b') })).toEqual({ b: 1, a: 2 });
});

test('between two that are not neighbours is refused', () => {
  const zone = scene(four);
  const { ids } = zone;
  const values = { id: ids['d']!, previousaclruleid: ids['a']!, nextaclruleid: ids['c']! };
  expect(refused(zone, values)).toEqual([
    431,
    'There are some inconsistencies with the data you sent. The new position calculated already has a ACL rule on it.',
  ]);
});

test('rules that are not named, or not there, are refused', () => {
  const zone = scene({ a: 1, b: 2 });
  const { ids } = zone;
  const nobody = '00000000-0000-0000-0000-000000000000';
  expect(refused(zone, { id: ids['a']! })).toEqual([
    431,
    'Both previous and next ACL rule IDs cannot be blank.',
  ]);
  expect(refused(zone, { id: nobody, nextaclruleid: ids['a']! })).toEqual([
    431,
    `Could not find a rule with ID[${nobody}]`,
  ]);
  expect(refused(zone, { id: ids['a']!, nextaclruleid: nobody })).toEqual([
    431,
    `Could not find rule with ID [${nobody}]`,
  ]);
});

test('rules of two lists are refused', () => {
  const zone = scene({ a: 1 });
  const aclid = addList(zone, { name: 'second', vpcid: zone.vpcId })['id'];
  const elsewhere = addRule(zone, { aclid })['id'];
  expect(refused(zone, { id: zone.ids['a']!, nextaclruleid: elsewhere })).toEqual([
    431,
    'Cannot use ACL rules from differentiating ACLs. Rule being moved.',
  ]);
});

test('rules of the shipped lists, of lists for all and of somebody else are refused', () => {
  const zone = scene({ a: 1, b: 2 });
  const { ids, world, admin, other, user, globalId } = zone;
  const [first, second] = world.networkAcls.all();
  expect(refused(zone, { id: second!.id, nextaclruleid: first!.id }, admin)).toEqual([
    431,
    'Default ACL rules cannot be moved.',
  ]);
  const [one, two] = [
    addRule(zone, { aclid: globalId }, admin),
    addRule(zone, { aclid: globalId }, admin),
  ];
  const global = { id: two['id'], nextaclruleid: one['id'] };
  expect(refused(zone, global, user)).toEqual([
    530,
    'Must be Root Admin to move global ACL rules.',
  ]);
  expect(refused(zone, { id: ids['b']!, nextaclruleid: ids['a']! }, other)[0]).toBe(530);
  admin.done('moveNetworkAclItem', global);
  addVpc(zone, { name: 'second' });
});

test('CloudStack answers in another case', () => {
  const zone = scene({ a: 1, b: 2 });
  const values = { id: zone.ids['b']!, nextaclruleid: zone.ids['a']! };
  const { body } = zone.user.send('moveNetworkAclItem', values);
  expect(Object.keys(body)).toEqual(['moveNetworkAclItemResponse']);
});
