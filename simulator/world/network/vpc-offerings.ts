import type { NetworkService, OfferedService, VpcOfferingRow, VpcProvider } from '../entities.js';
import type { NewRow } from '../table.js';

/** What the networks of a VPC can have (VpcManagerImpl.getSupportedServices). */
const services: readonly NetworkService[] = [
  'Dhcp',
  'Dns',
  'UserData',
  'NetworkACL',
  'PortForwarding',
  'Lb',
  'SourceNat',
  'StaticNat',
  'Gateway',
  'Vpn',
];

/** What of a VPC the router does even where NSX is there. */
const naming: readonly NetworkService[] = ['UserData', 'Dhcp', 'Dns'];

const routed: OfferedService[] = services
  .filter((service) => service !== 'Lb')
  .map((service) => ({ service, providers: ['VpcVirtualRouter'] }));

/** The VPC offerings that every CloudStack starts with (VpcManagerImpl.configure). */
export const defaultVpcOfferings: readonly NewRow<VpcOfferingRow>[] = [
  offering('Default VPC offering', balancedBy('VpcVirtualRouter'), { isDefault: true }),
  offering('Default VPC  offering with Netscaler', balancedBy('Netscaler')),
  offering('Redundant VPC offering', balancedBy('VpcVirtualRouter'), {
    isDefault: true,
    isRedundant: true,
  }),
  offering('VPC offering with NSX - NAT Mode', ofNsx(services), { networkMode: 'NATTED' }),
  offering('VPC offering with NSX - Route Mode', ofNsx([...naming, 'SourceNat', 'NetworkACL']), {
    networkMode: 'ROUTED',
  }),
];

function offering(
  name: string,
  offered: readonly OfferedService[],
  more: Partial<Pick<VpcOfferingRow, 'isDefault' | 'isRedundant' | 'networkMode'>> = {},
): NewRow<VpcOfferingRow> {
  return {
    name,
    displayText: name,
    isDefault: false,
    isRedundant: false,
    networkMode: null,
    services: offered,
    domainIds: [],
    zoneIds: [],
    sortKey: 0,
    enabled: true,
    ...more,
  };
}

function balancedBy(provider: VpcProvider): readonly OfferedService[] {
  return [...routed, { service: 'Lb', providers: [provider, 'InternalLbVm'] }];
}

function ofNsx(names: readonly NetworkService[]): readonly OfferedService[] {
  return names.map((service) => ({
    service,
    providers: [naming.includes(service) ? 'VpcVirtualRouter' : 'Nsx'],
  }));
}
