// What is wrong with an input is said in words for who wrote it: the place, what was expected, what
// came, the nearest name; and nothing of a secret, of zod, or of a second line gets into it.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { nearestName } from '../../../simulator/input/nearest-name.js';
import { problemText, schemaProblems } from '../../../simulator/input/problems.js';
import { readInput } from '../../../simulator/input/readable.js';

const schema = z.strictObject({
  name: z.string().min(1).describe('What it is called.'),
  kind: z.enum(['small', 'large']).default('small'),
  address: z.ipv4().optional(),
  from: z.iso.datetime().optional(),
  hosts: z.array(z.strictObject({ cores: z.number().int().positive() })).min(1),
  ratio: z.number().min(0).max(1).default(1),
  of: z.union([z.literal('all'), z.array(z.string())]).default('all'),
  limits: z.partialRecord(z.enum(['vm', 'volume']), z.number()).default({}),
  secretKey: z.string().optional(),
  step: z
    .union([z.number(), z.literal('end')])
    .nullable()
    .default(null),
});
const right = { name: 'a', hosts: [{ cores: 1 }] };

const wrong: readonly (readonly [object, string])[] = [
  [{ name: undefined }, 'name: is missing: set it to a text (What it is called)'],
  [{ name: '' }, 'name: must be a text that is not empty, got ""'],
  [{ name: 7 }, 'name: must be a text, got 7'],
  [{ nam: 'b' }, 'nam: is unknown (did you mean name?)'],
  [{ kind: 'lagre' }, 'kind: must be one of small, large, got "lagre" (did you mean large?)'],
  [{ address: '10.0.0' }, 'address: must be an IPv4 address such as 10.0.0.10, got "10.0.0"'],
  [{ from: 'now' }, 'from: must be a time such as 2026-01-01T00:00:00Z, got "now"'],
  [{ hosts: [] }, 'hosts: must be a list of at least one, got an empty list'],
  [{ hosts: { cores: 1 } }, 'hosts: must be a list, got an object'],
  [{ hosts: [{ cores: 0 }] }, 'hosts.0.cores: must be above 0, got 0'],
  [{ hosts: [{ cores: 1, core: 2 }] }, 'hosts.0.core: is unknown (did you mean cores?)'],
  [{ ratio: 2 }, 'ratio: must be at most 1, got 2'],
  [{ of: ['x', 1] }, 'of.1: must be a text, got 1'],
  [{ of: 5 }, 'of: must be all or a list, got 5'],
  [{ limits: { vms: 1 } }, 'limits.vms: is unknown (did you mean vm?)'],
  [{ limits: { colour: 1 } }, 'limits.colour: is unknown; there are vm, volume'],
  [{ secretKey: 12345 }, 'secretKey: must be a text, got a number'],
  [{ step: 'start' }, 'step: must be a number or end, got "start"'],
];

for (const [change, text] of wrong) {
  test(`${JSON.stringify(change)} -> ${text}`, () => {
    const { read, problems } = readInput(schema, { ...right, ...change });
    expect(problems.map(problemText)).toEqual([text]);
    expect(Object.keys(read)).toEqual(Object.keys(schema.shape));
  });
}

test('an input that is right has its defaults and no problems', () => {
  expect(readInput(schema, right)).toEqual({ read: schema.parse(right), problems: [] });
});

test('what is no object at all is told without a place', () => {
  for (const value of [null, 7, 'text', []]) {
    const { read, problems } = readInput(schema, value);
    assert.match(problems.map(problemText).join('\n'), /^must be an object, got \S.*$/);
    assert.ok(Array.isArray(read.hosts) && Number.isNaN(read.hosts[0]!.cores));
  }
});

test('all problems together are a line each', () => {
  const changes = wrong.map(([change]) => change);
  const problems = schemaProblems(schema, Object.assign({}, right, ...changes)).map(problemText);
  expect(problems.length).toBeGreaterThan(8);
  for (const line of problems) expect(line).not.toMatch(/\n|Invalid|Too |Unrecognized|undefined/);
});

test('the nearest name is one that is near', () => {
  expect(nearestName('expunge.dely', ['expunge.interval', 'expunge.delay'])).toBe('expunge.delay');
  expect(nearestName('ADVANCEMS', ['mode', 'advanceMs'])).toBe('advanceMs');
  expect(nearestName('colour', ['mode', 'advanceMs'])).toBeUndefined();
});
