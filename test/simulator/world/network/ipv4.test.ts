// IPv4 addresses as numbers and back, and the bounds of the networks that CIDRs name.
import { strictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  ipv4Text,
  netmaskOf,
  parseCidr,
  parseIpv4,
} from '../../../../simulator/world/network/ipv4.js';
import { assertProperty } from '../../../support/property.js';

test('an address is its number and back', async () => {
  await assertProperty(
    fc.property(fc.ipV4(), (text) => strictEqual(ipv4Text(parseIpv4(text) ?? -1), text)),
    200,
  );
});

for (const text of ['', '1.2.3', '1.2.3.4.5', '256.0.0.1', '1.2.3.x', '1.2.3.-4', ' 1.2.3.4']) {
  test(`"${text}" is no address`, () => {
    expect(parseIpv4(text)).toBeUndefined();
  });
}

test('a CIDR has a first and a last address and a netmask', () => {
  const subnet = parseCidr('10.203.6.17/23');
  expect([ipv4Text(subnet.first), ipv4Text(subnet.last), netmaskOf(subnet)]).toEqual([
    '10.203.6.0',
    '10.203.7.255',
    '255.255.254.0',
  ]);
  expect(netmaskOf(parseCidr('0.0.0.0/0'))).toBe('0.0.0.0');
  expect(netmaskOf(parseCidr('1.2.3.4/32'))).toBe('255.255.255.255');
});

for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '10.0.0.0/x']) {
  test(`"${text}" is no CIDR`, () => {
    expect(() => parseCidr(text)).toThrow(`${text} is not a CIDR`);
  });
}
