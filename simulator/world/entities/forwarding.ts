import type { PortRuleState } from '../states/port-rule.js';
import type { BaseRow } from '../base-row.js';

/** What a router lets in and out, and where it leads what comes in (firewall_rules). */

/** What may come in through a public address, or go out of a network. */
export interface FirewallRuleRow extends BaseRow {
  readonly trafficType: 'Ingress' | 'Egress';
  /** Null for what goes out. */
  readonly publicIpId: string | null;
  readonly networkId: string;
  readonly accountId: string;
  readonly protocol: string;
  /** Null where all ports are meant. */
  readonly startPort: number | null;
  readonly endPort: number | null;
  /** Null where the protocol is not ICMP; -1 stands for all. */
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly cidrList: readonly string[];
  readonly destCidrList: readonly string[];
  /** Made by an admin for all, which only root admins delete. */
  readonly isSystem: boolean;
  /** The rule for which it was opened, and with which it goes. */
  readonly relatedRuleId: string | null;
  /** What is not displayed is listed only to root admins who ask for it. */
  readonly isDisplayed: boolean;
  readonly state: PortRuleState;
}

/** Ports of a public address that lead to as many ports of one address of a VM. */
export interface PortForwardingRuleRow extends BaseRow {
  readonly publicIpId: string;
  readonly networkId: string;
  readonly accountId: string;
  readonly vmId: string;
  readonly vmIpAddress: string;
  readonly protocol: string;
  readonly publicPort: number;
  readonly publicEndPort: number;
  readonly privatePort: number;
  readonly privateEndPort: number;
  /** From where it may be used; empty means from anywhere. */
  readonly cidrList: readonly string[];
  /** What is not displayed is listed only to root admins who ask for it. */
  readonly isDisplayed: boolean;
  readonly state: PortRuleState;
}

/** Ports of an address with static NAT: a remnant, for the address leads everything on. */
export interface IpForwardingRuleRow extends BaseRow {
  readonly publicIpId: string;
  readonly networkId: string;
  readonly accountId: string;
  readonly protocol: string;
  readonly startPort: number;
  readonly endPort: number;
  readonly state: PortRuleState;
}
