// Arguments of create_network for the simulated default zone, and what the zone then holds.
import { at, type CpiZone } from '../../support/cpi-zone.js';

/** CloudStack's own offering of isolated networks. */
export const isolatedOffering = 'DefaultIsolatedNetworkOfferingWithSourceNatService';

export type CreatedNetwork = [
  cid: string,
  addresses: { range: string; gateway: string; reserved: string[] },
  cloudProperties: object,
];

/** A subnet as a Director asks for it. */
export function subnet(more: object = {}, properties: object = {}): unknown[] {
  return [
    {
      type: 'manual',
      cloud_properties: { network_offering: isolatedOffering, ...properties },
      ...more,
    },
  ];
}

export function networksOf(zone: CpiZone, as: 'admin' | 'user' = 'user'): unknown[] {
  return (zone[as].call('listNetworks')['network'] ?? []) as unknown[];
}

export function networkOf(zone: CpiZone, id: string): unknown {
  return at(zone.user.call('listNetworks', { id }), 'network', 0);
}
