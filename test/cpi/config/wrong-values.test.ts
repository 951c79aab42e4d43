// What is wrong with a value is told, so that one knows what to write, and no word of the value.
import { expect, test } from '@playwright/test';
import { checkProperties } from '../../../cpi/config/check.js';
import { blobstore, offeringTags, pollSettings, timeouts } from '../../../cpi/config/kinds.js';
import * as kinds from '../../../cpi/config/property.js';
import type { Kind } from '../../../cpi/config/property.js';
import { tlsKeyPair } from '../../../cpi/config/server-property.js';

const cases: readonly (readonly [kind: Kind<unknown>, value: unknown, problem: string])[] = [
  [kinds.token, 'can ary', 'got a string: it has white space'],
  [kinds.token, ['canary'], 'got an array'],
  [kinds.userName, 'can:ary', 'got a string: it has a colon'],
  [kinds.userName, 'can:a ry', 'got a string: it has white space'],
  [kinds.hostName, 'http://canary', 'got a string: it has a scheme'],
  [kinds.hostName, 'canary@h', 'got a string: it has a user'],
  [kinds.hostName, 'h/canary', 'got a string: it has a path'],
  [kinds.hostName, 'canary:80', 'got a string: it has a port'],
  [kinds.httpUrl, 'canary.example.com', 'it does not begin with http:// or https://'],
  [kinds.httpUrl, 'ftp://canary', 'it does not begin with http:// or https://'],
  [kinds.httpUrl, 'http://u:canary@h/', 'it has a user name'],
  [kinds.httpUrl, 'http://h/canary@h?x', 'it has a query'],
  [kinds.httpUrl, 'http://h/#canary', 'it has a fragment'],
  [kinds.httpUrl, 'http://h:canary/', 'its host or port is none'],
  [kinds.publicUrl, 'http://0.0.0.0:1/canary', 'its host stands for any address'],
  [kinds.publicUrl, 'canary', 'it does not begin with http:// or https://'],
  [kinds.registryUrl, 'canary:25777', 'it does not begin with http:// or https://'],
  [kinds.registryUrl, 'http://h/canary', 'it has a path'],
  [kinds.registryUrl, 'http://u:canary%zz@h', 'it has a % that encodes nothing'],
  [kinds.registryUrl, 'http://h?canary', 'it has a query'],
  [kinds.busUrl, 'canary:4222', 'it does not begin with nats:// or https://'],
  [kinds.busUrl, 'nats://can ary', 'it has white space'],
  [kinds.certificates, 'canary', 'it has no -----BEGIN CERTIFICATE-----'],
  [kinds.textList, ['canary', 5], 'number 2 of the list is no string'],
  [tlsKeyPair, { certificate: 'canary' }, 'private_key is missing, or no string'],
  [tlsKeyPair, {}, 'certificate and private_key are missing, or no string'],
  [pollSettings, { first_ms: 1, factor: 0.5 }, 'its factor is the number 0.5'],
  [pollSettings, { first_ms: -1 }, 'its first_ms is the integer -1'],
  [pollSettings, { canary: 1 }, 'it has another key'],
  [timeouts, { create_vn: 3 }, 'it has another key (create_vm may be meant)'],
  [kinds.objectList, [{}, 'canary'], 'number 2 of the list is no object'],
  [kinds.objectList, { canary: 1 }, 'got an object'],
  [kinds.oneOf('debug', 'info'), 'debg', 'got a string: "debug" may be meant'],
  [kinds.oneOf('debug', 'info'), 'canary', 'got a string'],
  [blobstore, { options: {} }, 'its provider is no string'],
  [blobstore, { provider: 'canary', options: 'canary' }, 'its options are no object'],
  [timeouts, { create_vm: 0 }, 'its create_vm is the integer 0'],
  [offeringTags, { disk_tags: 'canary' }, 'its disk_tags is a string'],
];

for (const [kind, value, problem] of cases) {
  test(`${JSON.stringify(value)}: ${problem}`, () => {
    for (const secret of [undefined, true] as const) {
      const about = { description: '', example: 'x', ...(secret && { secret }) };
      const table = { it: kinds.optional(kind, about) };
      const { problems } = checkProperties(table, { it: value as never });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`it must be ${kind.expected}`);
      expect(problems[0]?.endsWith(problem), problems[0]).toBe(true);
      expect(problems[0]).not.toMatch(/canary|can[ :]a/);
    }
  });
}

const right: readonly (readonly [kind: Kind<unknown>, value: unknown])[] = [
  [kinds.token, 'x'],
  [kinds.hostName, 'fd00::6'],
  [kinds.httpUrl, 'https://h:1/client/api@x'],
  [kinds.registryUrl, 'http://u:p%40@h:25777/'],
  [kinds.busUrl, 'nats://u:p@h:4222'],
  [kinds.textList, []],
  [timeouts, { create_vm: 1, poll_template: 86_400 }],
  [offeringTags, { disk_tags: ['a'] }],
];

test('what is right has no problem', () => {
  for (const [kind, value] of right) {
    const table = { it: kinds.optional(kind, { description: '', example: 'x' }) };
    expect(checkProperties(table, { it: value as never }).problems).toEqual([]);
  }
});
