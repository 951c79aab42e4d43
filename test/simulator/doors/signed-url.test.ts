// Proves that the URLs which the library signs are good for the simulator whatever their values hold,
// and only with the right keys.
import { expect, test } from '@playwright/test';
import { inProcess, createSimulator, signedUrl } from '../../../simulator/index.js';
import { keysOf, type Reply } from '../../support/simulator-client.js';

const simulator = createSimulator({ seed: 1 });
const keys = keysOf(simulator.userWithRole('User'));

function get(url: string): [number, Reply] {
  const { status, body } = inProcess(simulator)({ method: 'GET', url });
  return [status, JSON.parse(body)];
}

test('a command without parameters', () => {
  const url = signedUrl('http://cloudstack.test', keys, 'listZones');
  expect(url).toMatch(/^http:\/\/cloudstack\.test\/client\/api\?command=listZones&/);
  const [status, body] = get(url);
  expect([status, body['listzonesresponse'].count]).toEqual([200, 1]);
});

test('values of every kind, with characters that signing has to encode', () => {
  const values = { keyword: "a b+c*~'(ä)&=%", listall: true, page: 1, pagesize: 5 };
  const tags = { 'tags[0].key': 'owner', 'tags[0].value': '€' };
  const url = signedUrl('', keys, 'listVirtualMachines', { ...values, ...tags });
  expect(get(url)).toEqual([200, { listvirtualmachinesresponse: {} }]);
});

test('a wrong secret and a changed value are refused', () => {
  const wrong = signedUrl('', { ...keys, secretKey: 'wrong' }, 'listZones');
  expect(get(wrong)[0]).toBe(401);
  expect(get(`${signedUrl('', keys, 'listZones', { id: 'a' })}b`)[0]).toBe(401);
});

test('an origin and an endpoint, as the ready file and the environment of exec have it, are the same', () => {
  const origin = 'http://127.0.0.1:8080';
  const expected = signedUrl(origin, keys, 'listZones');
  for (const ending of ['/', '/client/api', '/client/api/']) {
    expect(signedUrl(`${origin}${ending}`, keys, 'listZones')).toBe(expected);
  }
  expect(get(signedUrl('/client/api', keys, 'listZones'))[0]).toBe(200);
});

for (const where of [
  'http://127.0.0.1:8080/api',
  'http://127.0.0.1:8080/client/api?',
  'http://127.0.0.1:8080/_sim',
  '127.0.0.1:8080',
  'http://',
]) {
  test(`${where} is neither, and the error says what would be`, () => {
    expect(() => signedUrl(where, keys, 'listZones')).toThrow(
      `"${where}" is not where a simulator is reached: give its origin, such as http://127.0.0.1:8080`,
    );
  });
}
