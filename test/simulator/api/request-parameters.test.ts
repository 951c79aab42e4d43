// What a request's query string and form become: parameters under the names that were sent, then
// maps of their indexed fields, or the error of a name that is no map entry.
import { expect, test } from '@playwright/test';
import {
  parameterNamed,
  readParameters,
  unpackParameters,
} from '../../../simulator/api/request-parameters.js';

const FORM = 'application/x-www-form-urlencoded';

function read(method: string, query: string, body = '', contentType = FORM): [string, string][] {
  return [...readParameters({ method, query, body, contentType, hostNowMs: 0 })];
}

test('query string and form count together: the last of the one before the first of the other', () => {
  expect(read('POST', 'a=1&b=2&a=3', 'b=4&c=5&c=6')).toEqual([
    ['b', '2'],
    ['c', '5'],
    ['a', '3'],
  ]);
});

test('a body that is no form, or comes with a GET, holds no parameters', () => {
  expect(read('POST', 'a=1', 'b=2', 'application/json')).toEqual([['a', '1']]);
  expect(read('GET', 'a=1', 'b=2')).toEqual([['a', '1']]);
  expect(read('POST', '', 'b=2', `${FORM}; charset=UTF-8`)).toEqual([['b', '2']]);
});

test('plus and percent are decoded, names stay as they were sent', () => {
  expect(read('GET', 'Name=a+b%2Bc&tags%5B0%5D.key=%E2%82%AC&empty=')).toEqual([
    ['Name', 'a b+c'],
    ['tags[0].key', '€'],
    ['empty', ''],
  ]);
});

test('a parameter is found in any case, the exact name first', () => {
  const parameters = new Map([
    ['apikey', 'lower'],
    ['apiKey', 'exact'],
  ]);
  expect(parameterNamed(parameters, 'apiKey')).toBe('exact');
  expect(parameterNamed(parameters, 'APIKEY')).toBe('lower');
  expect(parameterNamed(parameters, 'secret')).toBeUndefined();
});

test('names lose their case, fields of a map keep it', () => {
  const unpacked = unpackParameters(
    new Map([
      ['ZoneId', 'z'],
      ['Details[0].cpuNumber', '2'],
      ['details[0].a.b', '3'],
      ['details[07].x', '4'],
      ['details[7].y', '5'],
    ]),
  );
  expect(unpacked.get('zoneid')).toBe('z');
  expect(unpacked.get('details')).toEqual(
    new Map([
      [
        '0',
        new Map([
          ['cpuNumber', '2'],
          ['a.b', '3'],
        ]),
      ],
      [
        '7',
        new Map([
          ['x', '4'],
          ['y', '5'],
        ]),
      ],
    ]),
  );
});

for (const name of [
  'tags[0]',
  'tags[a].key',
  'tags[0][1].key',
  'tags[].key',
  'a.b[0].key',
  'x[0.y',
]) {
  test(`${name} is no map entry: 430`, () => {
    expect(() => unpackParameters(new Map([[name, 'v']]))).toThrow(
      `Unable to decode parameter ${name}; if specifying an object array, please use parameter[index].field=XXX, e.g. userGroupList[0].group=httpGroup`,
    );
  });
}

test('as many fields as a large body holds are gathered in one go over them', () => {
  const fields = Array.from({ length: 200_000 }, (_, at): [string, string] => [
    `tags[${at}].key`,
    'a',
  ]);
  const tags = unpackParameters(new Map(fields)).get('tags');
  expect((tags as ReadonlyMap<string, unknown>).size).toBe(200_000);
});
