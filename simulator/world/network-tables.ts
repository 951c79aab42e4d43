import type { Kernel } from '../kernel/kernel.js';
import type {
  LoadBalancerMemberRow,
  LoadBalancerRuleRow,
  NetworkOfferingRow,
  NetworkRow,
  NicRow,
  NicSecondaryIpRow,
  PublicIpRow,
} from './entities.js';
import { countedOfNetwork, countedOfPublicIp } from './resource-counts.js';
import { loadBalancerRuleStates, type LoadBalancerRuleEvent } from './states/load-balancer-rule.js';
import { networkStates, type NetworkEvent } from './states/network.js';
import { publicIpStates, type PublicIpEvent } from './states/public-ip.js';
import { Table } from './table.js';

/** Networks, the addresses in them, and what leads into them from outside. */
export interface NetworkTables {
  readonly networkOfferings: Table<NetworkOfferingRow>;
  readonly networks: Table<NetworkRow, NetworkEvent>;
  readonly nics: Table<NicRow>;
  readonly nicSecondaryIps: Table<NicSecondaryIpRow>;
  readonly publicIps: Table<PublicIpRow, PublicIpEvent>;
  readonly loadBalancerRules: Table<LoadBalancerRuleRow, LoadBalancerRuleEvent>;
  readonly loadBalancerMembers: Table<LoadBalancerMemberRow>;
}

export function networkTables(kernel: Kernel): NetworkTables {
  return {
    networkOfferings: new Table(kernel, { entity: 'networkoffering' }),
    networks: new Table(kernel, {
      entity: 'network',
      states: networkStates,
      totals: [{ by: 'accountId', of: countedOfNetwork }],
    }),
    nics: new Table(kernel, {
      entity: 'nic',
      indexes: ['vmId', 'networkId', 'ipAddress'],
      nameIndexes: ['macAddress'],
    }),
    nicSecondaryIps: new Table(kernel, {
      entity: 'nicsecondaryip',
      indexes: ['nicId', 'vmId', 'networkId', 'ipAddress'],
    }),
    publicIps: new Table(kernel, {
      entity: 'publicipaddress',
      states: publicIpStates,
      indexes: ['vmId', 'networkId'],
      totals: [{ by: 'accountId', of: countedOfPublicIp }],
    }),
    loadBalancerRules: new Table(kernel, {
      entity: 'loadbalancerrule',
      states: loadBalancerRuleStates,
      indexes: ['publicIpId', 'networkId'],
    }),
    loadBalancerMembers: new Table(kernel, {
      entity: 'loadbalancermember',
      indexes: ['ruleId', 'vmId'],
    }),
  };
}
