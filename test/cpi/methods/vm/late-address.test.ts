// Proves which public address counts as one that a request without an answer has got: in its time, for
// its network or VPC, and of no use to anybody; by cases.
import { expect, test } from '@playwright/test';
import { isLate, lateNotesOf } from '../../../../cpi/methods/vm/late-address.js';
import type { PublicIpAddress } from '../../../../cpi/cloudstack/types.js';

const late = {
  ip: '203.0.113.15',
  fromMs: Date.parse('2026-01-01T00:00:00Z'),
  untilMs: Date.parse('2026-01-01T00:02:00Z'),
};
const ofNothing: PublicIpAddress = {
  id: 'a',
  ipaddress: late.ip,
  allocated: '2026-01-01T00:01:00+0000',
  issourcenat: false,
  isstaticnat: false,
  hasrules: false,
};
const address = { ...ofNothing, associatednetworkid: 'n' };
const ofVpc = { ...ofNothing, vpcid: 'v' };

for (const [what, place, is] of [
  ['of the network', { id: 'n' }, true],
  ['of another network', { id: 'm' }, false],
  ['of the network, a tier', { id: 'n', vpcid: 'v' }, true],
] as const) {
  test(`an address ${what}: ${is}`, () => {
    expect(isLate(late, place, address)).toBe(is);
  });
}

for (const [what, place, found, is] of [
  ['of the VPC, for none of its tiers yet', { id: 'n', vpcid: 'v' }, ofVpc, true],
  ['of another VPC', { id: 'n', vpcid: 'w' }, ofVpc, false],
  ['of a VPC, for a network in none', { id: 'n' }, ofVpc, false],
  ['for no network and no VPC', { id: 'n' }, ofNothing, false],
  ['at the first moment', { id: 'n' }, { ...address, allocated: '2026-01-01T00:00:00+0000' }, true],
  ['too early', { id: 'n' }, { ...address, allocated: '2025-12-31T23:59:59+0000' }, false],
  ['too late', { id: 'n' }, { ...address, allocated: '2026-01-01T00:02:01+0000' }, false],
  ['that tells no time', { id: 'n' }, { ...address, allocated: '' }, false],
  ['that is another', { id: 'n' }, { ...address, ipaddress: '203.0.113.16' }, false],
  ['with a tag', { id: 'n' }, { ...address, tags: [{ key: 'owner', value: 'me' }] }, false],
  ['with rules', { id: 'n' }, { ...address, hasrules: true }, false],
  ['with static NAT', { id: 'n' }, { ...address, isstaticnat: true }, false],
  ['of the router', { id: 'n' }, { ...address, issourcenat: true }, false],
] as const) {
  test(`an address ${what}: ${is}`, () => {
    expect(isLate(late, place, found)).toBe(is);
  });
}

test('a network may note several, and what is no note is none', () => {
  const key = 'bosh-cpi-late-address-';
  const value = `${late.ip} 2026-01-01T00:00:00.000Z/2026-01-01T00:02:00.000Z a Director`;
  const tags = [
    { key: `${key}1`, value },
    { key: `${key}2`, value: value.replace('.15', '.16') },
    { key: `${key}3`, value: 'by hand' },
    { key: 'owner', value },
  ];
  expect(lateNotesOf({ tags })).toEqual([
    { ...late, directorUuid: 'a Director', key: `${key}1`, value },
    { ...late, ip: '203.0.113.16', directorUuid: 'a Director', ...tags[1] },
  ]);
  expect(lateNotesOf({})).toEqual([]);
});
