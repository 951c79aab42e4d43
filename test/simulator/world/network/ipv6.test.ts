// Proves how IPv6 addresses are read, compared and made of MAC addresses, against spellings worked out by
// hand.
import { expect, test } from '@playwright/test';
import {
  eui64Address,
  isInIpv6Cidr,
  isInIpv6Range,
  isIpv6,
  isIpv6Cidr,
} from '../../../../simulator/world/network/ipv6.js';

for (const [cidr, mac, address] of [
  ['2001:db8::/64', '02:00:4c:4f:00:05', '2001:db8::4cff:fe4f:5'],
  ['2001:db8::/64', '00:16:3e:00:00:01', '2001:db8::216:3eff:fe00:1'],
  ['2001:db8:0:7::/64', '02:00:00:00:00:00', '2001:db8:0:7:0:ff:fe00:0'],
  ['2001:db8:1:2::/64', '1e:00:aa:bb:cc:dd', '2001:db8:1:2:1c00:aaff:febb:ccdd'],
  ['2001:db8:aaaa::/48', '02:00:4c:4f:00:05', '2001:db8:aaaa::4cff:fe4f:5'],
  ['fd00::/8', '02:00:00:00:00:01', 'fd00::ff:fe00:1'],
] as const) {
  test(`${mac} in ${cidr} makes ${address}`, () => {
    expect(eui64Address(cidr, mac)).toBe(address);
  });
}

for (const [address, first, last, isIn] of [
  ['2001:db8::10', '2001:db8::10', '2001:db8::1f', true],
  ['2001:db8:0:0:0:0:0:1F', '2001:db8::10', '2001:db8::1f', true],
  ['2001:db8::20', '2001:db8::10', '2001:db8::1f', false],
  ['2001:db8::f', '2001:db8::10', '2001:db8::1f', false],
  ['::ffff:10.0.0.1', '::ffff:a00:0', '::ffff:a00:2', true],
  ['::', '::', '::1', true],
] as const) {
  test(`${address} is ${isIn ? 'in' : 'not in'} ${first} to ${last}`, () => {
    expect(isInIpv6Range(address, first, last)).toBe(isIn);
  });
}

test('addresses', () => {
  expect(['::', '2001:DB8::1', '::ffff:10.0.0.1'].every(isIpv6)).toBe(true);
  expect(['', 'x', '10.0.0.1', 'fe80::1%eth0', '1::2::3'].some(isIpv6)).toBe(false);
});

test('subnets', () => {
  expect(isInIpv6Cidr('2001:db8::1', '2001:db8::/64')).toBe(true);
  expect(isInIpv6Cidr('2001:db8:0:1::1', '2001:db8::/64')).toBe(false);
  expect(['::/0', '2001:db8::/128'].every(isIpv6Cidr)).toBe(true);
  expect(['::', '::/129', '::/x', '10.0.0.0/8', '::/64/1'].some(isIpv6Cidr)).toBe(false);
});
