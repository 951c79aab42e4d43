import type { NetworkService, OfferingScope } from './catalogue.js';
import type { PortRuleState } from '../states/port-rule.js';
import type { VpcState } from '../states/vpc.js';
import type { BaseRow } from '../base-row.js';

/** Private clouds: networks that share a router, and the lists that say what passes between them. */

/** Who can do a service for the networks of a VPC (Network.Provider). */
export type VpcProvider = 'VpcVirtualRouter' | 'InternalLbVm' | 'Netscaler' | 'Nsx';

export interface VpcOfferingRow extends BaseRow, Omit<OfferingScope, 'active'> {
  readonly name: string;
  readonly displayText: string;
  /** Whether CloudStack brought it as one that users are to have. */
  readonly isDefault: boolean;
  /** Whether the VPC has two routers, one of which stands by. */
  readonly isRedundant: boolean;
  /** How addresses inside are seen from outside; null where the provider leaves no choice. */
  readonly networkMode: 'NATTED' | 'ROUTED' | null;
  readonly services: readonly OfferedService[];
  readonly enabled: boolean;
}

/** A service of a VPC, and who does it. */
export interface OfferedService {
  readonly service: NetworkService;
  readonly providers: readonly VpcProvider[];
}

export interface VpcRow extends BaseRow {
  readonly name: string;
  readonly displayText: string;
  readonly zoneId: string;
  readonly vpcOfferingId: string;
  readonly accountId: string;
  readonly domainId: string;
  /** Those of its tiers lie within. */
  readonly cidr: string;
  readonly networkDomain: string;
  readonly dns1: string | null;
  readonly dns2: string | null;
  readonly publicMtu: number;
  readonly isRedundant: boolean;
  /** Whether others than root admins find it. */
  readonly isDisplayed: boolean;
  readonly restartRequired: boolean;
  /** Whether it has been given its virtual router: at its start, or at that of its first tier. */
  readonly isImplemented: boolean;
  readonly state: VpcState;
}

/** A list of rules for tiers (NetworkACL). */
export interface NetworkAclListRow extends BaseRow {
  readonly name: string;
  readonly description: string | null;
  /** Null for one that all VPCs may use. */
  readonly vpcId: string | null;
  /** Whether CloudStack brought it: such a list cannot be changed. */
  readonly isDefault: boolean;
  readonly isDisplayed: boolean;
}

/** A rule of a list (NetworkACLItem): the first that fits decides. */
export interface NetworkAclRow extends BaseRow {
  readonly listId: string;
  /** Its place in the list. */
  readonly number: number;
  readonly trafficType: 'Ingress' | 'Egress';
  readonly action: 'Allow' | 'Deny';
  /** A name, or the number of a protocol. */
  readonly protocol: string;
  /** Null where all ports are meant. */
  readonly startPort: number | null;
  readonly endPort: number | null;
  /** Null where the protocol is not ICMP; -1 stands for all. */
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly cidrList: readonly string[];
  readonly reason: string | null;
  readonly isDisplayed: boolean;
  readonly state: PortRuleState;
}
