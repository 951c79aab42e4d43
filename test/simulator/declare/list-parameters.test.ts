// What all lists have in common: pages and their errors, whose resources they show to whom, and
// the filter by tags, asked through a small list of volumes in a world with two domains.
import { expect, test } from '@playwright/test';
import { everyRole, listOf, syncCommand } from '../../../simulator/declare/command.js';
import {
  hasAnyTag,
  ownerFilter,
  ownershipParameters,
  tagFilterParameters,
} from '../../../simulator/declare/list-parameters.js';
import { entity } from '../../../simulator/declare/parameter.js';
import { responseObject, stringField } from '../../../simulator/declare/response.js';
import type { Role, VolumeRow } from '../../../simulator/world/entities.js';
import type { World } from '../../../simulator/world/world.js';
import { smallApi, type SmallApi } from '../../support/small-api.js';
import type { Values } from '../../support/simulator-client.js';

const listDisks = syncCommand({
  name: 'listDisks',
  summary: 'Lists volumes by the common rules.',
  roles: everyRole,
  parameters: { id: entity('volume'), ...ownershipParameters, ...tagFilterParameters },
  response: listOf(
    responseObject<VolumeRow>('disk', { name: stringField((volume) => volume.name) }),
  ),
  run: (context, args) => {
    const isShown = ownerFilter(context, args, args.id !== undefined);
    return context.world.volumes
      .all()
      .filter((row) => args.id === undefined || args.id.id === row.id)
      .filter((row) => isShown(row.accountId))
      .filter((row) => hasAnyTag(context.world, row.id, args.tags));
  },
});

/** Domain ROOT: admin, bosh, other. Domain ROOT/sub: chief (its admin), worker. ROOT/sub/deep: diver. */
function situation(): SmallApi {
  const api = smallApi([listDisks]);
  const { world } = api;
  const root = world.domains.all()[0]!;
  const sub = addDomain(world, 'sub', root.id);
  const deep = addDomain(world, 'deep', sub);
  addAccount(world, 'chief', sub, 'DomainAdmin');
  addAccount(world, 'worker', sub, 'User');
  addAccount(world, 'diver', deep, 'User');
  for (const account of world.accounts.all()) addVolume(world, `of ${account.name}`, account.id);
  return api;
}

function addDomain(world: World, name: string, parentId: string): string {
  return world.domains.insert({ name, path: `ROOT/${name}`, parentId }).id;
}

function addAccount(world: World, name: string, domainId: string, role: Role): void {
  const account = world.accounts.insert({ name, domainId, role, enabled: true });
  world.users.insert({
    username: name,
    accountId: account.id,
    apiKey: `${name}-key`,
    secretKey: `${name}-secret`,
    enabled: true,
  });
}

function addVolume(world: World, name: string, accountId: string): VolumeRow {
  return world.volumes.insert({
    name,
    type: 'DATADISK',
    state: 'Allocated',
    accountId,
    zoneId: world.zones.all()[0]!.id,
    sizeBytes: 1,
    diskOfferingId: world.diskOfferings.all()[0]!.id,
    serviceOfferingId: null,
    templateId: null,
    vmId: null,
    deviceId: null,
    attachedMs: null,
    poolId: null,
  });
}

const domainId = (api: SmallApi, name: string): string =>
  api.world.domains.all().find((row) => row.name === name)!.id;

function seen(api: SmallApi, account: string, values: Values = {}): string[] {
  const disks = (api.clientOf(account).call('listDisks', values)['disk'] ?? []) as {
    name: string;
  }[];
  return disks.map((disk) => disk.name.replace('of ', ''));
}

test.describe('pages', () => {
  function five(): SmallApi {
    const api = smallApi([listDisks]);
    const owner = api.world.accounts.all().find((row) => row.name === 'bosh')!;
    for (const name of ['a', 'b', 'c', 'd', 'e']) addVolume(api.world, name, owner.id);
    return api;
  }

  test('a page holds its part, and the count is of all', () => {
    const client = five().clientOf('bosh');
    expect(client.call('listDisks', { page: 2, pagesize: 2 })).toEqual({
      count: 5,
      disk: [{ name: 'c' }, { name: 'd' }],
    });
    expect(client.call('listDisks', { page: 3, pagesize: 2 })).toEqual({
      count: 5,
      disk: [{ name: 'e' }],
    });
  });

  test('a page beyond the end has a count and no array', () => {
    expect(five().clientOf('bosh').call('listDisks', { page: 4, pagesize: 2 })).toEqual({
      count: 5,
    });
  });

  test('a list without matches is an empty object', () => {
    const client = smallApi([listDisks]).clientOf('bosh');
    expect(client.send('listDisks').body).toEqual({ listdisksresponse: {} });
    expect(client.call('listDisks', { page: 1, pagesize: 2 })).toEqual({});
  });

  test('pages below 1 are the first; -1 is one page of everything', () => {
    const api = five();
    expect(seen(api, 'bosh', { page: 0, pagesize: 2 })).toEqual(['a', 'b']);
    expect(seen(api, 'bosh', { page: -3, pagesize: 2 })).toEqual(['a', 'b']);
    api.world.settings.set('default.page.size', 2);
    expect(seen(api, 'bosh')).toEqual(['a', 'b']);
    expect(seen(api, 'bosh', { pagesize: -1 })).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  for (const [values, errortext] of [
    [{ page: 1 }, '"pagesize" parameter is required when "page" is specified'],
    [{ pagesize: 10 }, '"page" parameter is required when "pagesize" is specified'],
    [{ page: 1, pagesize: 501 }, "Page size can't exceed max allowed page size value: 500"],
    [{ page: 1, pagesize: -1 }, "Can't specify page parameter when pagesize is -1 (Unlimited)"],
  ] as const) {
    test(`${JSON.stringify(values)} is refused`, () => {
      expect(five().clientOf('bosh').fails('listDisks', values)).toMatchObject({
        httpStatus: 431,
        cserrorcode: 4350,
        wrapper: 'listdisksresponse',
        errortext,
      });
    });
  }
});

test.describe('whose resources', () => {
  test('a user sees its own, whatever it asks for', () => {
    const api = situation();
    expect(seen(api, 'bosh')).toEqual(['bosh']);
    expect(seen(api, 'bosh', { listall: true, isrecursive: true })).toEqual(['bosh']);
    expect(seen(api, 'bosh', { domainid: domainId(api, 'ROOT') })).toEqual(['bosh']);
    expect(seen(api, 'bosh', { account: 'bosh' })).toEqual(['bosh']);
  });

  test("another's id gives an empty list, no error", () => {
    const api = situation();
    const foreign = api.world.volumes.all().find((row) => row.name === 'of other')!;
    expect(api.clientOf('bosh').call('listDisks', { id: foreign.id })).toEqual({});
    expect(seen(api, 'admin', { id: foreign.id })).toEqual(['other']);
    expect(api.clientOf('chief').call('listDisks', { id: foreign.id })).toEqual({});
  });

  test("an admin sees the calling account's unless it asks for more", () => {
    const api = situation();
    expect(seen(api, 'admin')).toEqual(['admin']);
    expect(seen(api, 'admin', { listall: true })).toEqual([
      'admin',
      'bosh',
      'other',
      'chief',
      'worker',
      'diver',
    ]);
    expect(seen(api, 'admin', { account: 'worker', domainid: domainId(api, 'sub') })).toEqual([
      'worker',
    ]);
    expect(seen(api, 'admin', { domainid: domainId(api, 'sub') })).toEqual(['chief', 'worker']);
    expect(seen(api, 'admin', { domainid: domainId(api, 'sub'), isrecursive: true })).toEqual([
      'chief',
      'worker',
      'diver',
    ]);
  });

  test('a domain admin sees its subtree, and nothing outside of it', () => {
    const api = situation();
    expect(seen(api, 'chief')).toEqual(['chief']);
    expect(seen(api, 'chief', { listall: true })).toEqual(['chief', 'worker', 'diver']);
    expect(seen(api, 'chief', { account: 'worker' })).toEqual(['worker']);
    expect(seen(api, 'chief', { domainid: domainId(api, 'deep') })).toEqual(['diver']);
    const root = domainId(api, 'ROOT');
    expect(api.clientOf('chief').fails('listDisks', { domainid: root })).toMatchObject({
      httpStatus: 531,
      errortext: `Account chief does not have permission to operate within domain id=${root}`,
    });
  });

  test('a user may not ask for another account or domain', () => {
    const api = situation();
    expect(api.clientOf('bosh').fails('listDisks', { account: 'other' }).httpStatus).toBe(531);
    const sub = domainId(api, 'sub');
    expect(api.clientOf('bosh').fails('listDisks', { domainid: sub })).toMatchObject({
      httpStatus: 531,
      errortext: `Account bosh does not have permission to operate within domain id=${sub}`,
    });
  });

  test('an account is looked for in the given domain, or in the own one', () => {
    const api = situation();
    const root = domainId(api, 'ROOT');
    expect(api.clientOf('admin').fails('listDisks', { account: 'worker' })).toMatchObject({
      httpStatus: 431,
      cserrorcode: 4350,
      errortext: `could not find account worker in domain ${root}`,
    });
  });
});

test('tags are joined by "or"; key and value must both be equal', () => {
  const api = situation();
  const tag = (name: string, key: string, value: string): void => {
    const volume = api.world.volumes.all().find((row) => row.name === `of ${name}`)!;
    api.world.tags.insert({
      accountId: volume.accountId,
      resourceType: 'Volume',
      resourceId: volume.id,
      key,
      value,
      customer: null,
    });
  };
  tag('bosh', 'director', 'a');
  tag('other', 'director', 'b');
  tag('worker', 'job', 'a');
  const pair = (index: number, key: string, value: string): Values => ({
    [`tags[${index}].key`]: key,
    [`tags[${index}].value`]: value,
  });
  const all = { listall: true };
  expect(seen(api, 'admin', { ...all, ...pair(0, 'director', 'a') })).toEqual(['bosh']);
  expect(
    seen(api, 'admin', { ...all, ...pair(0, 'director', 'a'), ...pair(1, 'job', 'a') }),
  ).toEqual(['bosh', 'worker']);
  expect(seen(api, 'admin', { ...all, ...pair(0, 'Director', 'a') })).toEqual([]);
});
