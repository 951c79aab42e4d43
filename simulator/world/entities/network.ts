import type { LoadBalancerRuleState } from '../states/load-balancer-rule.js';
import type { NetworkState } from '../states/network.js';
import type { PublicIpState } from '../states/public-ip.js';
import type { RouterState } from '../states/router.js';
import type { BaseRow } from '../base-row.js';
import type { NetworkType } from './catalogue.js';

/** Networks and the addresses in them. */

/** The IPv6 addresses of a network. */
export interface Ipv6Network {
  readonly cidr: string;
  readonly gateway: string;
  /** Between which VMs may ask for one; null where they may not. */
  readonly startIp: string | null;
  readonly endIp: string | null;
}

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
  /** Null in a network without IPv6. */
  readonly ipv6: Ipv6Network | null;
  readonly vlan: number;
  /** Null where nobody answers for names. */
  readonly networkDomain: string | null;
  readonly state: NetworkState;
  /** The whole subnet where VMs get addresses of a part of it only, which is `cidr` then. */
  readonly networkCidr: string | null;
  /** Its own name servers; null where it has those of its zone. */
  readonly dns1: string | null;
  readonly dns2: string | null;
  /** Bytes of the largest packet on the router's interfaces. */
  readonly publicMtu: number;
  readonly privateMtu: number;
  /** What is not displayed is listed only to root admins who ask for it, and counts for nothing. */
  readonly isDisplayed: boolean;
  readonly details: Readonly<Record<string, string>>;
  /** The guest address of a shared network's virtual router; in isolated ones it is the gateway. */
  readonly routerIpAddress: string | null;
  /** The VPC of which it is a tier. */
  readonly vpcId: string | null;
  /** The list that says what passes in and out of a tier; a tier without one lets nothing pass. */
  readonly aclListId: string | null;
}

/** The VM that gives a network its services (domain_router). */
export interface RouterRow extends BaseRow {
  readonly name: string;
  /** The network that it serves; null where it serves the tiers of a VPC. */
  readonly networkId: string | null;
  /** The VPC whose tiers it serves. */
  readonly vpcId: string | null;
  /** Null where the system owns it, as in shared networks. */
  readonly accountId: string | null;
  readonly zoneId: string;
  readonly podId: string;
  /** Null while it is on no host. */
  readonly hostId: string | null;
  readonly state: RouterState;
  /** One in its network, or one in each tier that has come to life. */
  readonly guestNics: readonly RouterGuestNic[];
  readonly controlNic: RouterNic;
  /** Null where it translates no addresses. */
  readonly publicNic: RouterNic | null;
  /** The address of its control NIC, while it is on a host. */
  readonly linkLocalIp: string | null;
}

/** A NIC of a router; its address is that of the network there. */
export interface RouterNic {
  readonly id: string;
  readonly macAddress: string;
}

export interface RouterGuestNic extends RouterNic {
  readonly networkId: string;
}

/** The wires of a zone, on which all its networks are VLANs. */
export interface PhysicalNetworkRow extends BaseRow {
  readonly name: string;
  readonly zoneId: string;
  /** The ids of the networks for public addresses and for the control of routers, which no list shows. */
  readonly publicNetworkId: string;
  readonly controlNetworkId: string;
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
  /** Who alone gets addresses of it; null if nobody in particular. */
  readonly dedicatedAccountId: string | null;
  readonly dedicatedDomainId: string | null;
  /** Whether only the cloud's own machines get addresses of it. */
  readonly isForSystemVms: boolean;
}

export interface NicRow extends BaseRow {
  readonly vmId: string;
  readonly networkId: string;
  readonly ipAddress: string | null;
  readonly macAddress: string;
  readonly deviceId: number;
  readonly isDefault: boolean;
  /** What its guest is told by DHCP besides, the lowest code first (nic_extra_dhcp_options). */
  readonly dhcpOptions: readonly DhcpOption[];
}

/** An option by its number (RFC 2132). */
export interface DhcpOption {
  readonly code: number;
  readonly value: string;
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
  /** The network that it is for; of a VPC's address the tier to which its rules lead, if it has any. */
  readonly networkId: string | null;
  readonly vpcId: string | null;
  readonly isSourceNat: boolean;
  /** The VM that static NAT leads to. */
  readonly vmId: string | null;
  readonly vmIpAddress: string | null;
  /** What is not displayed is listed only to root admins who ask for it. */
  readonly isDisplayed: boolean;
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
