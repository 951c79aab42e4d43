// What all lists have in common: pages and their errors, and the filter by tags, asked through a
// small list of volumes.
import { expect, test } from '@playwright/test';
import { everyRole, listOf, syncCommand } from '../../../simulator/declare/command.js';
import {
  hasAnyTag,
  ownershipParameters,
  tagFilterParameters,
} from '../../../simulator/declare/list-parameters.js';
import { entity } from '../../../simulator/declare/parameter.js';
import { responseObject, stringField } from '../../../simulator/declare/response.js';
import { ownerFilter } from '../../../simulator/declare/visibility.js';
import type { VolumeRow } from '../../../simulator/world/entities.js';
import { PLAIN_VOLUME } from '../../../simulator/world/storage/volume-allocation.js';
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
    snapshotId: null,
    vmId: null,
    deviceId: null,
    attachedMs: null,
    poolId: null,
    ...PLAIN_VOLUME,
    origin: null,
    files: {},
  });
}

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

  for (const [values, cserrorcode, errortext] of [
    [{ page: 1 }, 9999, '"pagesize" parameter is required when "page" is specified'],
    [{ pagesize: 10 }, 9999, '"page" parameter is required when "pagesize" is specified'],
    [{ pagesize: '' }, 9999, 'For input string: ""'],
    [{ page: 1, pagesize: 501 }, 4350, "Page size can't exceed max allowed page size value: 500"],
    [
      { page: 1, pagesize: -1 },
      4350,
      "Can't specify page parameter when pagesize is -1 (Unlimited)",
    ],
  ] as const) {
    test(`${JSON.stringify(values)} is refused`, () => {
      expect(five().clientOf('bosh').fails('listDisks', values)).toMatchObject({
        httpStatus: 431,
        cserrorcode,
        wrapper: 'listdisksresponse',
        errortext,
      });
    });
  }

  test('half of a page is refused before anything is looked for', () => {
    const client = five().clientOf('bosh');
    expect(client.fails('listDisks', { account: 'nobody' }).errortext).toContain('nobody');
    expect(client.fails('listDisks', { account: 'nobody', page: 1 }).errortext).toContain('page');
    expect(client.fails('listDisks', { id: 'nobody', page: 1 }).errortext).toContain('nobody');
  });
});

test('tags are joined by "or"; key and value must both be equal', () => {
  const api = smallApi([listDisks]);
  for (const account of api.world.accounts.all()) {
    addVolume(api.world, `of ${account.name}`, account.id);
  }
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
  tag('admin', 'job', 'a');
  const pair = (index: number, key: string, value: string): Values => ({
    [`tags[${index}].key`]: key,
    [`tags[${index}].value`]: value,
  });
  const all = { listall: true };
  expect(seen(api, 'admin', { ...all, ...pair(0, 'director', 'a') })).toEqual(['bosh']);
  expect(
    seen(api, 'admin', { ...all, ...pair(0, 'director', 'a'), ...pair(1, 'job', 'a') }),
  ).toEqual(['admin', 'bosh']);
  expect(seen(api, 'admin', { ...all, ...pair(0, 'Director', 'a') })).toEqual([]);
});
