import type { Kernel } from '../../kernel/kernel.js';
import type {
  FirewallRuleRow,
  IpForwardingRuleRow,
  LoadBalancerMemberRow,
  LoadBalancerRuleRow,
  NetworkAclListRow,
  NetworkAclRow,
  NetworkOfferingRow,
  NetworkRow,
  NicRow,
  NicSecondaryIpRow,
  PhysicalNetworkRow,
  PortForwardingRuleRow,
  PublicIpRow,
  RouterRow,
  VlanRangeRow,
  VpcOfferingRow,
  VpcRow,
} from '../entities.js';
import { countedOfNetwork, countedOfPublicIp, countedOfVpc } from '../identity/resource-counts.js';
import {
  loadBalancerRuleStates,
  type LoadBalancerRuleEvent,
} from '../states/load-balancer-rule.js';
import { networkStates, type NetworkEvent } from '../states/network.js';
import { portRuleStates, type PortRuleEvent } from '../states/port-rule.js';
import { publicIpStates, type PublicIpEvent } from '../states/public-ip.js';
import { routerStates, type RouterEvent } from '../states/router.js';
import { vpcStates, type VpcEvent } from '../states/vpc.js';
import { Table } from '../table.js';

/** Networks, the addresses in them, and what leads into them from outside. */
export interface NetworkTables {
  readonly networkOfferings: Table<NetworkOfferingRow>;
  readonly physicalNetworks: Table<PhysicalNetworkRow>;
  readonly vlanRanges: Table<VlanRangeRow>;
  readonly networks: Table<NetworkRow, NetworkEvent>;
  readonly routers: Table<RouterRow, RouterEvent>;
  readonly nics: Table<NicRow>;
  readonly nicSecondaryIps: Table<NicSecondaryIpRow>;
  readonly publicIps: Table<PublicIpRow, PublicIpEvent>;
  readonly loadBalancerRules: Table<LoadBalancerRuleRow, LoadBalancerRuleEvent>;
  readonly loadBalancerMembers: Table<LoadBalancerMemberRow>;
  readonly firewallRules: Table<FirewallRuleRow, PortRuleEvent>;
  readonly portForwardingRules: Table<PortForwardingRuleRow, PortRuleEvent>;
  readonly ipForwardingRules: Table<IpForwardingRuleRow, PortRuleEvent>;
  readonly vpcOfferings: Table<VpcOfferingRow>;
  readonly vpcs: Table<VpcRow, VpcEvent>;
  readonly networkAclLists: Table<NetworkAclListRow>;
  readonly networkAcls: Table<NetworkAclRow, PortRuleEvent>;
}

export function networkTables(kernel: Kernel): NetworkTables {
  return {
    networkOfferings: new Table(kernel, { entity: 'networkoffering' }),
    physicalNetworks: new Table(kernel, { entity: 'physicalnetwork' }),
    vlanRanges: new Table(kernel, { entity: 'vlan', indexes: ['networkId'] }),
    networks: new Table(kernel, {
      entity: 'network',
      states: networkStates,
      indexes: ['vpcId', 'aclListId'],
      totals: [{ by: 'accountId', of: countedOfNetwork }],
    }),
    routers: new Table(kernel, {
      entity: 'router',
      states: routerStates,
      indexes: ['networkId', 'vpcId'],
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
      indexes: ['vmId', 'networkId', 'vpcId', 'vlanRangeId'],
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
    firewallRules: new Table(kernel, {
      entity: 'firewallrule',
      states: portRuleStates,
      indexes: ['publicIpId', 'networkId', 'relatedRuleId'],
    }),
    portForwardingRules: new Table(kernel, {
      entity: 'portforwardingrule',
      states: portRuleStates,
      indexes: ['publicIpId', 'networkId', 'vmId'],
    }),
    ipForwardingRules: new Table(kernel, {
      entity: 'ipforwardingrule',
      states: portRuleStates,
      indexes: ['publicIpId', 'networkId'],
    }),
    vpcOfferings: new Table(kernel, { entity: 'vpcoffering' }),
    vpcs: new Table(kernel, {
      entity: 'vpc',
      states: vpcStates,
      indexes: ['accountId'],
      totals: [{ by: 'accountId', of: countedOfVpc }],
    }),
    networkAclLists: new Table(kernel, { entity: 'networkacllist', indexes: ['vpcId'] }),
    networkAcls: new Table(kernel, {
      entity: 'networkacl',
      states: portRuleStates,
      indexes: ['listId'],
    }),
  };
}
