// Proves that the range chosen for a managed network has the size that was asked for, is aligned,
// and overlaps with no other network, whatever those are.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { freeSubnet } from '../../../../cpi/methods/network/free-subnet.js';
import {
  cidrOf,
  netmaskOf,
  parseCidr,
  usualGatewayOf,
} from '../../../../cpi/methods/network/subnet.js';
import { assertProperty } from '../../../support/property.js';

const taken = fc.array(
  fc
    .tuple(fc.constantFrom(10, 172), fc.nat(255), fc.nat(255), fc.integer({ min: 8, max: 30 }))
    .map(([a, b, c, length]) => `${a}.${b}.${c}.0/${length}`),
  { maxLength: 12 },
);

const endOf = ({ first, prefixLength }: { first: number; prefixLength: number }): number =>
  first + 2 ** (32 - prefixLength);

test('a chosen range overlaps with no other, unless there is none', async () => {
  await assertProperty(
    fc.property(taken, fc.integer({ min: 9, max: 29 }), (others, prefixLength) => {
      let chosen;
      try {
        chosen = freeSubnet(prefixLength, others);
      } catch (error) {
        assert.match(String(error), /no range of .* is free/);
        return;
      }
      assert.equal(chosen.prefixLength, prefixLength);
      assert.equal(chosen.first % 2 ** (32 - prefixLength), 0);
      assert.ok(cidrOf(chosen).startsWith('10.'));
      for (const other of others.map((cidr) => parseCidr(cidr)!)) {
        assert.ok(chosen.first >= endOf(other) || other.first >= endOf(chosen));
      }
    }),
    300,
  );
});

test('the upper half of 10.0.0.0/8 comes first, then the lower; what is no CIDR does not count', () => {
  expect(cidrOf(freeSubnet(24, ['10.128.0.0/25', 'none']))).toBe('10.128.1.0/24');
  expect(cidrOf(freeSubnet(20, ['10.128.0.0/9']))).toBe('10.0.0.0/20');
  expect(() => freeSubnet(24, ['10.0.0.0/8'])).toThrow(/give the subnet a range/);
});

test('a subnet in words: its mask and the usual place of its router', () => {
  const subnet = parseCidr('10.66.1.200/25')!;
  expect(cidrOf(subnet)).toBe('10.66.1.128/25');
  expect(netmaskOf(subnet)).toBe('255.255.255.128');
  expect(usualGatewayOf(subnet)).toBe('10.66.1.129');
});

for (const text of ['', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/x', '10.0.0/24', '10.0.0.0/24/1']) {
  test(`${JSON.stringify(text)} is no CIDR`, () => {
    expect(parseCidr(text)).toBeUndefined();
  });
}
