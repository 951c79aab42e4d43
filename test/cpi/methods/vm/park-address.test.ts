// Proves where addresses are parked: at the top, never on an address that is known to be taken, and
// within few tries however many VMs are parked already; by cases and by a property.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { formatIpv4, hostRange, parseIpv4 } from '../../../../cpi/methods/vm/ipv4.js';
import { parkingAddresses } from '../../../../cpi/methods/vm/park-address.js';
import { assertProperty } from '../../../support/property.js';

const nic = {
  id: 'nic',
  networkid: 'network',
  ipaddress: '10.203.6.40',
  netmask: '255.255.254.0',
  gateway: '10.203.7.254',
};

test('the highest address that is neither gateway nor taken comes first', () => {
  expect(parkingAddresses(nic, 'vm', new Set())[0]).toBe('10.203.7.253');
  expect(parkingAddresses(nic, 'vm', new Set(['10.203.7.253', '10.203.7.252']))[0]).toBe(
    '10.203.7.251',
  );
  expect(parkingAddresses({ ...nic, gateway: '10.203.6.1' }, 'vm', new Set())[0]).toBe(
    '10.203.7.254',
  );
});

test('a NIC without IPv4 address has nowhere to park', () => {
  expect(parkingAddresses({ id: 'n', networkid: 'n' }, 'vm', new Set())).toEqual([]);
});

test('a network without room has no place', () => {
  const tiny = { ...nic, ipaddress: '10.0.0.1', netmask: '255.255.255.252', gateway: '10.0.0.2' };
  expect(parkingAddresses(tiny, 'vm', new Set())).toEqual([]);
});

test('every choice is a host of the network, given once, and the same for the same VM', async () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const network = fc.record({
    address: fc.tuple(byte, byte, byte, byte),
    prefix: fc.integer({ min: 8, max: 30 }),
  });
  await assertProperty(
    fc.property(network, fc.uuid(), ({ address, prefix }, vmId) => {
      const mask = (~0 << (32 - prefix)) >>> 0;
      const ipaddress = address.join('.');
      const place = { ...nic, ipaddress, netmask: formatIpv4(mask) };
      const choices = parkingAddresses(place, vmId, new Set());
      const { first, last } = hostRange(parseIpv4(ipaddress)!, mask);
      assert.deepEqual(choices, parkingAddresses(place, vmId, new Set()));
      assert.equal(new Set(choices).size, choices.length);
      for (const choice of choices) {
        assert.ok(
          parseIpv4(choice)! >= first && parseIpv4(choice)! <= last && choice !== ipaddress,
        );
      }
    }),
    200,
  );
});

test('where hardly any is free no choice lies outside of the network', () => {
  const small = { ...nic, ipaddress: '10.0.1.3', netmask: '255.255.255.240', gateway: '10.0.1.1' };
  const taken = new Set(Array.from({ length: 11 }, (_, number) => `10.0.1.${4 + number}`));
  for (let vm = 0; vm < 20; vm += 1) {
    expect(parkingAddresses(small, `vm-${vm}`, taken)).toEqual(['10.0.1.2']);
  }
});

test('a hundred VMs, parked one after another and never seen again, all find a place', () => {
  const taken = new Set<string>();
  for (let vm = 0; vm < 100; vm += 1) {
    const place = parkingAddresses(nic, `vm-${vm}`, new Set()).find((choice) => !taken.has(choice));
    assert.ok(place, `VM ${vm} found no place`);
    taken.add(place);
  }
});

for (const text of [
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '1.2.03.4',
  'a.b.c.d',
  '::1',
  '1.2.3.-4',
]) {
  test(`${JSON.stringify(text)} is no IPv4 address`, () => {
    expect(parseIpv4(text)).toBeUndefined();
  });
}
