import type { LoadBalancerRuleState } from '../states/load-balancer-rule.js';
import type { NetworkState } from '../states/network.js';
import type { PublicIpState } from '../states/public-ip.js';
import type { BaseRow } from '../table.js';
import type { NetworkType } from './catalogue.js';

/** Networks and the addresses in them. */

export interface NetworkRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  readonly type: NetworkType;
  readonly zoneId: string;
  readonly networkOfferingId: string;
  readonly accountId: string;
  readonly domainId: string;
  /** Whether its account alone may use it, or its whole domain (ControlledEntity.ACLType). */
  readonly aclType: 'Account' | 'Domain';
  /** Null in an L2 network. */
  readonly cidr: string | null;
  readonly gateway: string | null;
  readonly netmask: string | null;
  /** The range a shared network hands out; null in the others. */
  readonly startIp: string | null;
  readonly endIp: string | null;
  readonly vlan: number;
  /** Null where nobody answers for names. */
  readonly networkDomain: string | null;
  readonly state: NetworkState;
  /** The guest address of a shared network's virtual router; in isolated ones it is the gateway. */
  readonly routerIpAddress: string | null;
}

/** The wires of a zone, on which all its networks are VLANs. */
export interface PhysicalNetworkRow extends BaseRow {
  readonly name: string;
  readonly zoneId: string;
}

/** A range of addresses of the outside: public ones, or those of a shared network (vlan). */
export interface VlanRangeRow extends BaseRow {
  readonly zoneId: string;
  readonly physicalNetworkId: string;
  /** The shared network to whose VMs it is given; null for public addresses. */
  readonly networkId: string | null;
  readonly vlan: string;
  readonly gateway: string;
  readonly netmask: string;
  readonly startIp: string;
  readonly endIp: string;
}

export interface NicRow extends BaseRow {
  readonly vmId: string;
  readonly networkId: string;
  readonly ipAddress: string | null;
  readonly macAddress: string;
  readonly deviceId: number;
  readonly isDefault: boolean;
}

/** A further address of a NIC (nic_secondary_ips); its guest has to set it up by itself. */
export interface NicSecondaryIpRow extends BaseRow {
  readonly nicId: string;
  readonly vmId: string;
  readonly networkId: string;
  readonly ipAddress: string;
}

export interface PublicIpRow extends BaseRow {
  readonly ipAddress: string;
  readonly zoneId: string;
  readonly gateway: string;
  readonly netmask: string;
  readonly vlan: string;
  readonly vlanRangeId: string;
  readonly state: PublicIpState;
  readonly allocatedMs: number | null;
  readonly accountId: string | null;
  readonly networkId: string | null;
  readonly isSourceNat: boolean;
  /** The VM that static NAT leads to. */
  readonly vmId: string | null;
  readonly vmIpAddress: string | null;
}

/** A port of a public address whose connections are shared out among VMs. */
export interface LoadBalancerRuleRow extends BaseRow {
  readonly name: string;
  readonly description: string | null;
  readonly publicIpId: string;
  readonly networkId: string;
  readonly accountId: string;
  readonly publicPort: number;
  readonly privatePort: number;
  readonly algorithm: string;
  /** As it was asked for, such as `tcp`; null means TCP. */
  readonly protocol: string | null;
  /** From where connections are taken, separated by spaces; null means from anywhere. */
  readonly cidrList: string | null;
  /** What is not displayed is listed only to root admins who ask for it. */
  readonly isDisplayed: boolean;
  readonly state: LoadBalancerRuleState;
}

/** One address of a VM behind a rule. */
export interface LoadBalancerMemberRow extends BaseRow {
  readonly ruleId: string;
  readonly vmId: string;
  readonly ipAddress: string;
}
