// The types of parameters: what each makes of its text, and CloudStack's own error for what it
// cannot use, asked through small commands that answer with what they understood.
import { expect, test } from '@playwright/test';
import {
  asyncCommand,
  everyRole,
  succeeded,
  success,
  syncCommand,
  type AnyCommand,
} from '../../../simulator/declare/command.js';
import {
  date,
  entity,
  entityList,
  flag,
  freeForm,
  integer,
  keyValues,
  long,
  oneOf,
  records,
  text,
  textList,
  type Parameter,
} from '../../../simulator/declare/parameter.js';
import type { VolumeRow } from '../../../simulator/world/entities.js';
import { PLAIN_VOLUME } from '../../../simulator/world/storage/volume-allocation.js';
import type { World } from '../../../simulator/world/world.js';
import { accountOf, domainOf, identityApi } from '../../support/identity-world.js';
import { smallApi, type SmallApi } from '../../support/small-api.js';
import type { Refused, Values } from '../../support/simulator-client.js';

/** An API with one command, `tryOut`, which keeps the arguments of its last call. */
interface TryOut {
  readonly api: SmallApi;
  readonly understood: (values: Values, account?: string) => unknown;
  readonly refused: (values: Values, account?: string) => Refused;
}

function tryOut(parameters: Readonly<Record<string, Parameter<unknown>>>): TryOut {
  let last: unknown;
  const command: AnyCommand = syncCommand({
    name: 'tryOut',
    summary: 'Keeps its arguments.',
    roles: everyRole,
    parameters,
    response: success,
    run: (_, args) => void (last = args),
  });
  const api = smallApi([command]);
  return {
    api,
    understood: (values, account = 'bosh') => {
      api.clientOf(account).call('tryOut', values);
      return last;
    },
    refused: (values, account = 'bosh') => api.clientOf(account).fails('tryOut', values),
  };
}

const wrong = (value: string): string =>
  `Unable to execute API command tryout due to invalid value ${value} for parameter p`;
const unknown = (value: string): string =>
  `Unable to execute API command tryout due to invalid value. Invalid parameter p value=${value} ` +
  'due to incorrect long value format, or entity does not exist or due to incorrect parameter ' +
  'annotation for the field in api cmd class.';

test.describe('what every parameter may run into', () => {
  test('a missing one is named; the first in the order of the declaration decides', () => {
    const { refused } = tryOut({ b: text({ required: true }), a: text({ required: true }) });
    expect(refused({})).toEqual({
      httpStatus: 431,
      wrapper: 'tryoutresponse',
      errorcode: 431,
      cserrorcode: 9999,
      errortext: 'Unable to execute API command tryout due to missing parameter b',
    });
    expect(refused({ b: 'x' }).errortext).toContain('missing parameter a');
  });

  test('a required one that is empty is refused in its own words', () => {
    const { refused } = tryOut({ p: text({ required: true }) });
    expect(refused({ p: '' })).toMatchObject({
      httpStatus: 431,
      cserrorcode: 4350,
      errortext: 'Invalid value provided for API arg: p',
    });
  });

  test('names are compared without regard to case', () => {
    expect(tryOut({ zoneid: text() }).understood({ zoneId: 'x' })).toEqual({ zoneid: 'x' });
  });

  test('one restricted to root admins is dropped for everybody else', () => {
    const { understood } = tryOut({ hostid: entity('host', { rootOnly: true }) });
    expect(understood({ hostid: 'nonsense' })).toEqual({});
    const { refused } = tryOut({ hostid: entity('host', { rootOnly: true }) });
    expect(refused({ hostid: 'nonsense' }, 'admin').httpStatus).toBe(431);
  });

  test('control characters are refused, line breaks are not', () => {
    const { refused, understood } = tryOut({ p: text() });
    for (const character of ['\u0000', '\t', '\u000b', '\u001b', '\u007f']) {
      expect(refused({ p: `a${character}` }).errortext).toBe(
        'Received value containing illegal ASCII non-printable characters for parameter p',
      );
    }
    expect(understood({ p: 'a\r\nb' })).toEqual({ p: 'a\r\nb' });
  });

  test('a map where none is expected is taken as text', () => {
    const { understood, refused } = tryOut({ p: text(), n: integer(), e: entity('diskoffering') });
    expect(understood({ 'p[0].x': '1', 'p[0].y': '', 'p[3].x': '2' })).toEqual({
      p: '{0={x=1, y=}, 3={x=2}}',
    });
    expect(refused({ 'n[0].x': '1' }).errortext).toBe(wrong('{0={x=1}}').replace(/p$/, 'n'));
    expect(refused({ 'e[0].x': '1' }).errortext).toContain('Invalid parameter e value={0={x=1}}');
  });
});

test.describe('text', () => {
  test('has up to 255 characters, or as many as declared', () => {
    const { understood, refused } = tryOut({ p: text(), long: text({ maxLength: 300 }) });
    expect(understood({ p: 'x'.repeat(255), long: 'x'.repeat(300) })).toBeDefined();
    expect(refused({ p: 'x'.repeat(256) }).errortext).toBe(
      'Unable to execute API command tryout due to invalid value. Value greater than max allowed length 255 for param: p',
    );
    expect(refused({ long: 'x'.repeat(301) }).errortext).toContain('length 300 for param: long');
  });

  test('may be empty', () => {
    expect(tryOut({ p: text() }).understood({ p: '' })).toEqual({ p: '' });
  });
});

test('a flag is true for "true" in any case and false for the rest', () => {
  const { understood } = tryOut({ p: flag() });
  for (const value of ['true', 'True', 'TRUE']) {
    expect(understood({ p: value })).toEqual({ p: true });
  }
  for (const value of ['false', 'yes', '1', '']) {
    expect(understood({ p: value })).toEqual({ p: false });
  }
});

test('an integer has 32 bits; an empty one counts as none', () => {
  const { understood, refused } = tryOut({ p: integer() });
  expect(understood({ p: '-17' })).toEqual({ p: -17 });
  expect(understood({ p: '2147483647' })).toEqual({ p: 2_147_483_647 });
  expect(understood({ p: '' })).toEqual({});
  for (const value of ['2147483648', '1.5', '1e3', 'one', '0x10', '1 ']) {
    expect(refused({ p: value }).errortext).toBe(wrong(value));
  }
});

test('a long is larger, and an empty one is refused', () => {
  const { understood, refused } = tryOut({ p: long() });
  expect(understood({ p: '21474836480' })).toEqual({ p: 21_474_836_480 });
  for (const value of ['', 'x', '1.0', '99999999999999999999']) {
    expect(refused({ p: value }).errortext).toBe(wrong(value));
  }
});

test.describe('a date', () => {
  for (const [sent, iso] of [
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-05-01 10:11:12', '2024-05-01T10:11:12.000Z'],
    ['2024-05-01T10:11:12Z', '2024-05-01T10:11:12.000Z'],
    ['2024-05-01T10:11:12+0200', '2024-05-01T08:11:12.000Z'],
    ['2024-05-01T10:11:12-05:30', '2024-05-01T15:41:12.000Z'],
  ] as const) {
    test(`"${sent}" is read`, () => {
      const { understood } = tryOut({ p: date() });
      expect(understood({ p: sent })).toEqual({ p: Date.parse(iso) });
    });
  }

  test('is the last second of a day under the name enddate', () => {
    const { understood } = tryOut({ startdate: date(), enddate: date() });
    const day = { startdate: '2024-05-01', enddate: '2024-05-01' };
    expect(understood(day)).toEqual({
      startdate: Date.parse('2024-05-01T00:00:00Z'),
      enddate: Date.parse('2024-05-01T23:59:59Z'),
    });
    expect(understood({ enddate: '2024-05-01 10:00:00' })).toEqual({
      enddate: Date.parse('2024-05-01T10:00:00Z'),
    });
  });

  for (const sent of ['', 'x', '2024', '2024-05', '0', 'T10:00:00Z']) {
    test(`"${sent}" is none`, () => {
      expect(tryOut({ p: date() }).refused({ p: sent })).toMatchObject({
        httpStatus: 431,
        cserrorcode: 9999,
        errortext: `Unable to parse date ${sent} for command tryout, please pass dates in the format mentioned in the api documentation`,
      });
    });
  }
});

test('one of a few words is compared as it is written', () => {
  const { understood, refused } = tryOut({ p: oneOf(['all', 'self']) });
  expect(understood({ p: 'self' })).toEqual({ p: 'self' });
  expect(refused({ p: 'Self' })).toMatchObject({ httpStatus: 431, errortext: wrong('Self') });
});

test.describe('an entity', () => {
  const parameters = { p: entity('diskoffering') };

  test('is found by its uuid in any case, also when it is removed', () => {
    const { api, understood } = tryOut(parameters);
    const offering = api.world.diskOfferings.all()[0]!;
    expect(understood({ p: offering.id })).toEqual({ p: offering });
    expect(understood({ p: offering.id.toUpperCase() })).toEqual({ p: offering });
    api.world.diskOfferings.remove(offering);
    expect(understood({ p: offering.id })).toEqual({ p: offering });
  });

  test('is found by its database id where the parameter is old enough', () => {
    const { api, understood } = tryOut(parameters);
    const offering = api.world.diskOfferings.all()[0]!;
    expect(understood({ p: offering.internalId })).toEqual({ p: offering });
    const newer = tryOut({ p: entity('diskoffering', { since: '4.2.0' }) });
    expect(newer.understood({ p: 1 })).toEqual({});
  });

  test('of a younger parameter that is no uuid leaves the parameter unset, unless it is required', () => {
    const { understood, refused } = tryOut({ p: entity('diskoffering', { since: '4.4' }) });
    expect(understood({ p: 'nobody' })).toEqual({});
    const unused = '11111111-2222-4333-8444-555555555555';
    expect(refused({ p: unused }).errortext).toBe(unknown(unused));
    const required = tryOut({ p: entity('diskoffering', { since: '4.4', required: true }) });
    expect(required.refused({ p: 'nobody' }).errortext).toBe(unknown('nobody'));
  });

  test('has a positive database id', () => {
    const { refused } = tryOut(parameters);
    for (const value of ['0', '-5', '+0']) {
      expect(refused({ p: value })).toMatchObject({
        httpStatus: 431,
        cserrorcode: 9999,
        errortext:
          'Unable to execute API command tryout due to invalid value. Invalid value provided for API arg: p',
      });
    }
  });

  test('that does not exist has the text by which clients know it is gone', () => {
    const { api, refused } = tryOut(parameters);
    const zoneId = api.world.zones.all()[0]!.id;
    for (const value of [
      '11111111-2222-4333-8444-555555555555',
      zoneId,
      'no-uuid',
      '4711',
      '',
      '-1',
    ]) {
      expect(refused({ p: value })).toMatchObject({
        httpStatus: 431,
        cserrorcode: 9999,
        errortext: unknown(value),
      });
    }
  });
});

test('lists drop empty items; each id is looked up by itself', () => {
  const { api, understood, refused } = tryOut({ p: entityList('diskoffering'), t: textList() });
  const offering = api.world.diskOfferings.all()[0]!;
  expect(understood({ p: `,${offering.id},,${offering.id}`, t: 'a,,b c,' })).toEqual({
    p: [offering, offering],
    t: ['a', 'b c'],
  });
  expect(understood({ p: '', t: ',' })).toEqual({ p: [], t: [] });
  expect(refused({ p: `${offering.id},nobody` }).errortext).toBe(unknown('nobody'));
});

test.describe('maps', () => {
  test('are pairs of key and value', () => {
    const { understood } = tryOut({ p: keyValues() });
    const sent = { 'p[1].key': 'b', 'p[1].value': '2', 'p[0].key': 'a', 'p[0].value': '1' };
    expect(understood(sent)).toEqual({
      p: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    });
  });

  test('are one free map whatever the index, with the case of their fields', () => {
    const { understood } = tryOut({ p: freeForm() });
    expect(understood({ 'p[0].cpuNumber': '2', 'p[5].memory': '1024' })).toEqual({
      p: { cpuNumber: '2', memory: '1024' },
    });
  });

  test('are records, one for each index, with the case of their fields', () => {
    const { understood } = tryOut({ p: records() });
    expect(understood({ 'p[10].networkId': 'b', 'p[2].networkid': 'a', 'p[2].ip': 'c' })).toEqual({
      p: [{ networkid: 'a', ip: 'c' }, { networkId: 'b' }],
    });
  });

  test('are refused as 430 when a name is malformed, and as 431 when they are plain text', () => {
    const { refused } = tryOut({ p: keyValues() });
    expect(refused({ 'p[x].key': '1' })).toMatchObject({
      httpStatus: 430,
      errorcode: 430,
      wrapper: 'tryoutresponse',
      errortext:
        'Unable to decode parameter p[x].key; if specifying an object array, please use parameter[index].field=XXX, e.g. userGroupList[0].group=httpGroup',
    });
    expect(refused({ p: 'plain' })).toMatchObject({ httpStatus: 431, errortext: wrong('plain') });
  });
});

test.describe('access to an entity', () => {
  const operate = asyncCommand({
    name: 'operate',
    summary: 'Needs the right to operate.',
    roles: everyRole,
    parameters: {
      id: entity('volume', { required: true, access: 'operate' }),
      deviceid: long(),
    },
    response: success,
    steps: [() => succeeded],
  });

  function addVolume(world: World, accountId: string): VolumeRow {
    return world.volumes.insert({
      name: 'v',
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

  function situation(): { api: SmallApi; volumeId: string } {
    const api = smallApi([operate]);
    const owner = api.world.accounts.all().find((row) => row.name === 'bosh')!;
    return { api, volumeId: addVolume(api.world, owner.id).id };
  }

  test('is the owner’s and the root admin’s, nobody else’s; no job is made', () => {
    const { api, volumeId } = situation();
    expect(api.clientOf('bosh').run('operate', { id: volumeId }).status).toBe(1);
    expect(api.clientOf('admin').run('operate', { id: volumeId }).status).toBe(1);
    const before = api.kernel.log.lastSeq;
    const refused = api.clientOf('other').fails('operate', { id: volumeId });
    expect(refused).toMatchObject({ httpStatus: 531, cserrorcode: 4365 });
    expect(refused.errortext).toMatch(
      /^Account \[{"accountName":"other","id":\d+,"uuid":"[^"]+"}\] does not have permission to operate with resource volume /,
    );
    expect(api.kernel.log.lastSeq).toBe(before);
  });

  test('users are told of the resource, whatever its domain; admins of the domain', () => {
    const api = identityApi([operate]);
    const refusal = (caller: string, owner: string): string => {
      const volume = addVolume(api.world, accountOf(api, owner).id);
      return api.clientOf(caller).fails('operate', { id: volume.id }).errortext;
    };
    const ofResource = /^Account \[.*\] does not have permission to operate with resource volume /;
    expect(refusal('bosh', 'other')).toMatch(ofResource);
    expect(refusal('worker', 'bosh')).toMatch(ofResource);
    expect(refusal('chief', 'bosh')).toBe(
      `Account chief does not have permission to operate within domain id=${domainOf(api, 'ROOT').id}`,
    );
  });

  test('is asked for after every parameter was read, and not for removed entities', () => {
    const { api, volumeId } = situation();
    const refused = api.clientOf('other').fails('operate', { id: volumeId, deviceid: 'x' });
    expect(refused.errortext).toContain('invalid value x for parameter deviceid');
    api.world.volumes.remove(api.world.volumes.require(volumeId));
    expect(api.clientOf('other').run('operate', { id: volumeId }).status).toBe(1);
  });
});
