// What holds for every list of the API, in a world where several accounts and a project own things:
// it comes in pages; a filter that bears the name of a field gives the rows that have the value;
// `keyword` never adds rows; and whose things are shown follows `listall`, `account`, `domainid`,
// `isrecursive` and `projectid`.
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import { commands } from '../../../simulator/commands/index.js';
import {
  accountOf,
  domainOf,
  projectOf,
  type IdentityWorld,
} from '../../support/identity-world.js';
import { createOwnedWorld, takeThings } from '../../support/owned-things.js';
import type { Reply, TestClient, Values } from '../../support/simulator-client.js';

/** What some lists cannot be asked for without, besides the ids below. */
const required: Readonly<Record<string, Values>> = {
  listTemplates: { templatefilter: 'executable' },
};

/** Filters that do something else than compare with the field of their name. */
const unlike = new Set([
  // Refused without the group that it is in.
  'listConfigurations.subgroup',
  'listDiskOfferings.virtualmachineid',
  'listDomainChildren.id',
  'listEvents.resourceid',
  'listNetworkACLLists.vpcid',
  'listServiceOfferings.virtualmachineid',
  // Of public addresses it is a network of the system's own, which is not simulated.
  'listVlanIpRanges.networkid',
  'listVolumes.serviceofferingid',
]);

/** Lists of what one thing has, which must be named. */
const ofOneThing = new Set(['listSnapshotPolicies']);

const lists = commands.filter(
  ({ name, response, parameters }) =>
    response.kind === 'list' &&
    !ofOneThing.has(name) &&
    Object.entries(parameters).every(
      ([parameter, { required: isRequired }]) =>
        !isRequired || required[name]?.[parameter] !== undefined,
    ),
);

let shared: IdentityWorld | undefined;

/** The world, which no test here changes. */
function ownedWorld(): IdentityWorld {
  if (shared !== undefined) return shared;
  const world = createOwnedWorld();
  for (const name of ['bosh', 'worker', 'diver']) {
    const vmId = takeThings(world, world.clientOf(name));
    takeVpc(world, world.clientOf(name), { name });
    tag(world.clientOf(name), vmId, name);
  }
  const projectid = projectOf(world, 'alpha').id;
  const vmId = takeThings(world, world.clientOf('bosh'), { projectid });
  takeVpc(world, world.clientOf('bosh'), { name: 'alpha', projectid });
  tag(world.clientOf('bosh'), vmId, 'alpha');
  shared = world;
  return world;
}

/** A VPC with a list of one rule. */
function takeVpc({ world }: IdentityWorld, client: TestClient, values: Values): void {
  const { vpc } = client.done('createVPC', {
    zoneid: world.zones.all()[0]!.id,
    vpcofferingid: world.vpcOfferings.all()[0]!.id,
    cidr: '10.0.0.0/16',
    start: false,
    ...values,
  });
  const { networkacllist } = client.done('createNetworkACLList', {
    name: values['name']!,
    vpcid: (vpc as Reply)['id'],
  });
  client.done('createNetworkACL', {
    aclid: (networkacllist as Reply)['id'],
    protocol: 'tcp',
    startport: 22,
    reason: values['name']!,
  });
}

function tag(client: TestClient, resourceids: string, value: string): void {
  const values = { resourceids, resourcetype: 'UserVm', 'tags[0].key': 'owner' };
  client.done('createTags', { ...values, 'tags[0].value': value });
}

function rowsOf(client: TestClient, command: string, values: Values = {}): Reply[] {
  const reply = client.call(command, { ...required[command], ...values });
  const rows = Object.values(reply).find((value) => Array.isArray(value));
  return (rows ?? []) as Reply[];
}

test('there are many lists', () => {
  expect(lists.length).toBeGreaterThan(25);
});

for (const { name, parameters, roles } of lists) {
  const takes = (parameter: string): boolean => Object.hasOwn(parameters, parameter);
  const everything: Values = takes('listall') ? { listall: true } : {};

  if (takes('page')) {
    test(`${name} comes in pages`, () => {
      const admin = ownedWorld().clientOf('admin');
      const all = rowsOf(admin, name, everything);
      const page = (number: number): Reply[] =>
        rowsOf(admin, name, { ...everything, page: number, pagesize: 1 });
      deepStrictEqual(page(1), all.slice(0, 1));
      deepStrictEqual(page(2), all.slice(1, 2));
      deepStrictEqual(page(all.length + 1), []);
    });
  }

  test(`${name}: filters with the names of fields`, () => {
    const admin = ownedWorld().clientOf('admin');
    const all = rowsOf(admin, name, everything);
    for (const parameter of Object.keys(parameters)) {
      if (unlike.has(`${name}.${parameter}`) || takesOwner(parameter)) continue;
      const value = rarestValue(all, parameter);
      if (value === undefined) continue;
      const found = rowsOf(admin, name, { ...everything, [parameter]: value });
      const told = `${name} ${parameter}=${String(value)}`;
      strictEqual(
        found.every((row) => holds(row[parameter], value)),
        true,
        told,
      );
      const equal = all.filter((row) => row[parameter] === value);
      ok(found.length >= equal.length, told);
    }
  });

  if (takes('keyword')) {
    test(`${name}: a keyword leaves what has it, and nothing when nothing has it`, () => {
      const admin = ownedWorld().clientOf('admin');
      const all = rowsOf(admin, name, everything).map((row) => JSON.stringify(row));
      for (const keyword of ['a', 'no thing is called so']) {
        const found = rowsOf(admin, name, { ...everything, keyword });
        for (const row of found) ok(all.includes(JSON.stringify(row)), keyword);
      }
    });
  }

  if (takes('listall') && takes('domainid')) {
    test(`${name} shows the caller's own, and others' when asked for them`, () => {
      const world = ownedWorld();
      const admin = world.clientOf('admin');
      const own = rowsOf(admin, name);
      const all = rowsOf(admin, name, { listall: true });
      ok(all.length >= own.length);
      const domainid = domainOf(world, 'ROOT/sub').id;
      const inDomain = rowsOf(admin, name, { domainid, listall: true });
      const below = rowsOf(admin, name, { domainid, listall: true, isrecursive: true });
      const belowTexts = below.map((row) => JSON.stringify(row));
      for (const row of inDomain) ok(belowTexts.includes(JSON.stringify(row)), name);
      if (!takes('account') || !takes('projectid') || !roles.includes('User')) return;
      const { name: account } = accountOf(world, 'worker');
      for (const row of rowsOf(admin, name, { account, domainid })) {
        // What is public is shown to everybody, whoever is asked for.
        const isOpen = row['account'] === undefined || row['ispublic'] === true;
        ok(isOpen || row['account'] === account, JSON.stringify(row));
      }
      const projectid = projectOf(world, 'alpha').id;
      for (const row of rowsOf(world.clientOf('bosh'), name, { projectid })) {
        const isOpen = row['projectid'] === undefined || row['ispublic'] === true;
        ok(isOpen || row['projectid'] === projectid, JSON.stringify(row));
      }
    });
  }
}

/** Whose things are shown is decided by several parameters together. */
function takesOwner(parameter: string): boolean {
  return ['account', 'domainid', 'projectid', 'details', 'tags'].includes(parameter);
}

/** Of the values that rows have in a field, the one that the fewest have. */
function rarestValue(rows: readonly Reply[], field: string): string | number | boolean | undefined {
  const counts = new Map<string | number | boolean, number>();
  for (const row of rows) {
    const value: unknown = row[field];
    if (typeof value === 'object' || value === undefined) continue;
    const plain = value as string | number | boolean;
    counts.set(plain, (counts.get(plain) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => a - b)[0]?.[0];
}

/** Some filters compare with a part of a text. */
function holds(field: unknown, value: string | number | boolean): boolean {
  return String(field).toLowerCase().includes(String(value).toLowerCase());
}
