import type { NetworkOfferingRow, NetworkService, NetworkType } from '../entities.js';
import type { NewRow } from '../table.js';

/** A network offering as a description gives it; the rest follows from the type. */
export interface NetworkOfferingValues {
  readonly name: string;
  readonly guestIpType: NetworkType;
  readonly displayText?: string | undefined;
  readonly specifyVlan?: boolean | undefined;
  readonly specifyIpRanges?: boolean | undefined;
  readonly availability?: NetworkOfferingRow['availability'] | undefined;
  readonly conserveMode?: boolean | undefined;
  readonly forVpc?: boolean | undefined;
  readonly services?: readonly NetworkService[] | undefined;
  readonly enabled?: boolean | undefined;
}

/** The row of an offering: what its values leave open is as in the default one of its type. */
export function networkOfferingRow(
  values: NetworkOfferingValues,
  isDefault: boolean,
): NewRow<NetworkOfferingRow> {
  const { name, guestIpType } = values;
  const isShared = guestIpType === 'Shared';
  return {
    name,
    guestIpType,
    isDefault,
    displayText: values.displayText ?? name,
    specifyVlan: values.specifyVlan ?? isShared,
    specifyIpRanges: values.specifyIpRanges ?? isShared,
    availability: values.availability ?? 'Optional',
    conserveMode: values.conserveMode ?? true,
    forVpc: values.forVpc ?? false,
    services: values.services ?? usualServices[guestIpType],
    allowsEgress: false,
    ...usualQualities,
    domainIds: [],
    zoneIds: [],
    sortKey: 0,
    enabled: values.enabled ?? true,
  };
}

/** What an offering is of which nothing else is said. */
export const usualQualities = {
  isPersistent: false,
  dedicatedLb: true,
  networkRate: null,
  maxConnections: null,
  tags: [],
  details: {},
} as const;

const naming: readonly NetworkService[] = ['Dhcp', 'Dns', 'UserData'];

const usualServices: Readonly<Record<NetworkType, readonly NetworkService[]>> = {
  Isolated: [
    ...naming,
    'Firewall',
    'Gateway',
    'Lb',
    'SourceNat',
    'StaticNat',
    'PortForwarding',
    'Vpn',
  ],
  Shared: naming,
  L2: [],
};

const vpcServices: readonly NetworkService[] = [
  ...naming,
  'NetworkACL',
  'Gateway',
  'Lb',
  'SourceNat',
  'StaticNat',
  'PortForwarding',
  'Vpn',
];

/**
 * The network offerings that every CloudStack starts with, but those for security groups and for
 * other products (ConfigurationServerImpl.createDefaultNetworkOfferings,
 * NetworkOfferingDaoImpl.persistDefaultL2NetworkOfferings). The first of each type is the one that
 * networks of a world have unless it names another.
 */
export const defaultNetworkOfferings: readonly NetworkOfferingValues[] = [
  {
    name: 'DefaultIsolatedNetworkOfferingWithSourceNatService',
    displayText: 'Offering for Isolated networks with Source Nat service enabled',
    guestIpType: 'Isolated',
    availability: 'Required',
  },
  {
    name: 'DefaultSharedNetworkOffering',
    displayText: 'Offering for Shared networks',
    guestIpType: 'Shared',
  },
  {
    name: 'DefaultIsolatedNetworkOffering',
    displayText: 'Offering for Isolated networks with no Source Nat service',
    guestIpType: 'Isolated',
    specifyVlan: true,
    specifyIpRanges: true,
    services: naming,
  },
  {
    name: 'DefaultIsolatedNetworkOfferingForVpcNetworks',
    displayText: 'Offering for Isolated Vpc networks with Source Nat service enabled',
    guestIpType: 'Isolated',
    conserveMode: false,
    forVpc: true,
    services: vpcServices,
  },
  {
    name: 'DefaultIsolatedNetworkOfferingForVpcNetworksNoLB',
    displayText:
      'Offering for Isolated Vpc networks with Source Nat service enabled and LB service Disabled',
    guestIpType: 'Isolated',
    conserveMode: false,
    forVpc: true,
    services: vpcServices.filter((service) => service !== 'Lb'),
  },
  {
    name: 'DefaultL2NetworkOffering',
    displayText: 'Offering for L2 networks',
    guestIpType: 'L2',
  },
  {
    name: 'DefaultL2NetworkOfferingVlan',
    displayText: 'Offering for L2 networks VLAN',
    guestIpType: 'L2',
    specifyVlan: true,
  },
  {
    name: 'DefaultL2NetworkOfferingConfigDrive',
    displayText: 'Offering for L2 networks with config drive user data',
    guestIpType: 'L2',
    services: ['UserData'],
  },
  {
    name: 'DefaultL2NetworkOfferingConfigDriveVlan',
    displayText: 'Offering for L2 networks with config drive user data VLAN',
    guestIpType: 'L2',
    specifyVlan: true,
    services: ['UserData'],
  },
];
