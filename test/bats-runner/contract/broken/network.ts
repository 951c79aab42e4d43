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
  ],
  'NET-02': ['takes any address', networks((network) => ({ ...network, type: 'dynamic' }))],
  'NET-03': [
    'gives no public address',
    networks((network) => (network.type === 'vip' ? undefined : network)),
  ],
  'NET-04': ['keeps public addresses for a while', later('delete_vm')],
  'NET-05': [
    'goes without a public address',
    networks((network) => (network.type === 'vip' ? undefined : network)),
  ],
  'NET-08': ['has one network', networks(() => named('private'))],
  'NET-09': ['takes another network', networks(() => named('private'))],
  'NET-10': ['has a default network', networks(() => named('private'))],
  'NET-11': ['has forgotten', argument('create_vm', 0, () => crypto.randomUUID())],
  'NET-12': [
    'names no VM',
    errs((error) => ({ ...error, message: error.message.replace(/[0-9a-f-]{36}/g, '?') })),
  ],
  'NET-13': [
    'asks by name only',
    properties((given) => ({
      ...given,
      security_groups: given.security_groups.map((group: string) => `name-${group}`),
    })),
  ],
  'NET-14': ['prefers those of networks', properties(without('security_groups'))],
  'NET-18': [
    'leaves IPv6 out',
    networks((network, name) => (name === 'six' ? undefined : network)),
  ],
  'NET-20': [
    'answers no MAC address',
    results('create_vm', ([vm, { private: network }]) => [
      vm,
      { private: without('mac')(network) },
    ]),
  ],
  'NET-21': ['keeps networks', insteadOf('delete_network')],
  'NET-22': [
    'names none of them',
    errs((error) => ({ ...error, message: error.message.replace(/[0-9a-f-]{36}/g, '?') })),
  ],
  'NET-23': [
    'ignores ACLs',
    argument('create_network', 0, (subnet) => ({
      ...subnet,
      cloud_properties: without('acl')(subnet.cloud_properties),
    })),
  ],
  'NET-24': ['keeps ports for a while', later('delete_vm')],
  'NIC-01': ['has one card', argument('create_vm', 3, ({ private: only }) => ({ private: only }))],
  'NIC-02': [
    'has nine cards at most',
    argument('create_vm', 3, (all) => Object.fromEntries(Object.entries(all).slice(0, 9))),
  ],
  'NIC-03': [
    'leaves dynamic networks out',
    networks((network) => (network.type === 'dynamic' ? undefined : network)),
  ],
  'NIC-04': [
    'always takes the first card',
    networks((network) => (network.type === 'vip' ? without('nic_group')(network) : network)),
  ],
  'NIC-05': [
    'takes the first of two',
    networks((network, name) => (name === 'second-one' ? undefined : network)),
  ],
  'NIC-07': ['has a card for each network', networks(without('nic_group'))],
  'NIC-08': ['takes the first for the default', networks(without('default'))],
};
