// CPIs that break promises about networks, one or several.
import {
  argument,
  errs,
  insteadOf,
  later,
  networks,
  properties,
  results,
  without,
  type BrokenCpis,
} from '../broken-cpi.js';

const named = (name: string) => ({ type: 'dynamic', cloud_properties: { name } });

export const brokenNetworks: BrokenCpis = {
  'NET-01': [
    'asks for the address that there was',
    networks((network) => ({ ...network, type: 'manual' })),
    "expect(card?.['ipaddress']).not.toBe(earlier)",
  ],
  'NET-02': [
    'takes any address',
    networks((network) => ({ ...network, type: 'dynamic' })),
    'expect(cards).toMatchObject([{ ipaddress: ip, networkname: offers.network.name }])',
  ],
  'NET-03': [
    'gives no public address',
    networks((network) => (network.type === 'vip' ? undefined : network)),
    'expect(await cloud.vm(vm)).toMatchObject({ publicip: ip })',
  ],
  'NET-04': ['keeps public addresses for a while', later('delete_vm'), /The vip \S+ belongs to VM/],
  'NET-05': [
    'goes without a public address',
    networks((network) => (network.type === 'vip' ? undefined : network)),
    'it should fail, and answered ',
  ],
  'NET-08': [
    'has one network',
    networks(() => named('private')),
    'expect([...cardsOf(await cloud.vm(vm)).keys()]).toEqual([network.name])',
  ],
  'NET-09': [
    'takes another network',
    networks(() => named('private')),
    'it should fail, and answered ',
  ],
  'NET-10': [
    'has a default network',
    networks(() => named('private')),
    'it should fail, and answered ',
  ],
  'NET-11': [
    'has forgotten',
    argument('create_vm', 0, () => crypto.randomUUID()),
    'deployVirtualMachine failed with code 530',
  ],
  'NET-12': [
    'names no VM',
    errs((error) => ({ ...error, message: error.message.replace(/[0-9a-f-]{36}/g, '?') })),
    'expect(message).toContain(holder)',
  ],
  'NET-13': [
    'asks by name only',
    properties((given) => ({
      ...given,
      security_groups: given.security_groups.map((group: string) => `name-${group}`),
    })),
    "expect(asked?.parameters.get(parameter)).toBe(groups.join(','))",
  ],
  'NET-14': [
    'prefers those of networks',
    properties(without('security_groups')),
    "expect(asked).toEqual(['of-network', 'of-vm'])",
  ],
  'NET-18': [
    'leaves IPv6 out',
    networks((network, name) => (name === 'six' ? undefined : network)),
    'it should fail, and answered ',
  ],
  'NET-20': [
    'answers no MAC address',
    results('create_vm', ([vm, { private: network }]) => [
      vm,
      { private: without('mac')(network) },
    ]),
    'expect(networks).toEqual({ private: { ...given, mac, routes: [route] } })',
  ],
  'NET-21': [
    'keeps networks',
    insteadOf('delete_network'),
    'expect(await cloud.network(network)).toBeUndefined()',
  ],
  'NET-22': [
    'names none of them',
    errs((error) => ({ ...error, message: error.message.replace(/[0-9a-f-]{36}/g, '?') })),
    'for (const id of ids) expect(message).toContain(id)',
  ],
  'NET-23': [
    'ignores ACLs',
    argument('create_network', 0, (subnet) => ({
      ...subnet,
      cloud_properties: without('acl')(subnet.cloud_properties),
    })),
    "expect(tier).toMatchObject({ vpcid: vpc.id, aclname: 'default_allow' })",
  ],
  'NET-24': [
    'keeps ports for a while',
    later('delete_vm'),
    'expect(await portsOf(tools, held)).toEqual({ 2202: second })',
  ],
  'NIC-01': [
    'has one card',
    argument('create_vm', 3, ({ private: only }) => ({ private: only })),
    'expect(cards.get(name)).toMatchObject({ ipaddress: ips[index] })',
  ],
  'NIC-02': [
    'has nine cards at most',
    argument('create_vm', 3, (all) => Object.fromEntries(Object.entries(all).slice(0, 9))),
    "expect(row?.['nic']).toHaveLength(mostCards)",
  ],
  'NIC-03': [
    'leaves dynamic networks out',
    networks((network) => (network.type === 'dynamic' ? undefined : network)),
    "expect(cardsOf(row).get(second.name)).toHaveProperty('ipaddress')",
  ],
  'NIC-04': [
    'always takes the first card',
    networks((network) => (network.type === 'vip' ? without('nic_group')(network) : network)),
    'expect(held).toMatchObject({ virtualmachineid: vm, associatednetworkname: expected })',
  ],
  'NIC-05': [
    'takes the first of two',
    networks((network, name) => (name === 'second-one' ? undefined : network)),
    'it should fail, and answered ',
  ],
  'NIC-07': [
    'has a card for each network',
    networks(without('nic_group')),
    'the networks manual and dynamic are the same CloudStack network private',
  ],
  'NIC-08': [
    'takes the first for the default',
    networks(without('default')),
    "expect(first?.['networkname']).toBe(offers.network.name)",
  ],
};
