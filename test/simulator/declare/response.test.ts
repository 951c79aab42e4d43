// Response objects: fields that are null are left out, those for root admins only are, dates have
// CloudStack's form, lists and nested objects are rendered for the same reader.
import { expect, test } from '@playwright/test';
import { callerOf } from '../../../simulator/api/authenticate.js';
import {
  booleanField,
  dateField,
  emptyListField,
  integerField,
  listField,
  longField,
  mapField,
  render,
  responseObject,
  rootOnly,
  stringField,
} from '../../../simulator/declare/response.js';
import { smallApi } from '../../support/small-api.js';

interface Thing {
  readonly name: string | null;
  readonly count: number | null;
  readonly parts: readonly string[];
}

const part = responseObject<string>('part', {
  name: stringField((name) => name),
  secret: rootOnly(stringField(() => 'inner')),
});
const thing = responseObject<Thing>('thing', {
  name: stringField((row) => row.name),
  count: integerField((row) => row.count),
  bytes: longField((row) => row.count),
  ready: booleanField(() => false),
  created: dateField(() => Date.parse('2021-10-04T09:24:38.999Z')),
  removed: dateField(() => null),
  part: listField(part, (row) => row.parts),
  tags: emptyListField(),
  details: mapField(() => ({ a: 'b' })),
  host: rootOnly(stringField(() => 'host1')),
});

function seenBy(account: 'admin' | 'bosh', row: Thing): object {
  const { world } = smallApi([]);
  const user = world.users.all().find((candidate) => candidate.username === account)!;
  return render(thing, row, { world, caller: callerOf(world, user) });
}

test('a root admin sees every field that is not null, in the order of the declaration', () => {
  const seen = seenBy('admin', { name: 'x', count: 0, parts: ['p'] });
  expect(JSON.stringify(seen)).toBe(
    JSON.stringify({
      name: 'x',
      count: 0,
      bytes: 0,
      ready: false,
      created: '2021-10-04T09:24:38+0000',
      part: [{ name: 'p', secret: 'inner' }],
      tags: [],
      details: { a: 'b' },
      host: 'host1',
    }),
  );
});

test('others do not see what is for root admins, nor what is null', () => {
  expect(seenBy('bosh', { name: null, count: null, parts: ['p'] })).toEqual({
    ready: false,
    created: '2021-10-04T09:24:38+0000',
    part: [{ name: 'p' }],
    tags: [],
    details: { a: 'b' },
  });
});
