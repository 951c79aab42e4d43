import { sameName } from '../../declare/list-parameters.js';
import { CloudException, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkService, NetworkType } from '../../world/entities.js';
import { isNetworkServiceName } from '../network/network-service-rules.js';

/** The services of a new offering, and whether they are those of a tier of a VPC. */
export interface OfferedServices {
  readonly services: readonly NetworkService[];
  readonly forVpc: boolean;
  /** Whether one of them is asked of the router of a VPC. */
  readonly usesVpcRouter: boolean;
}

export interface ServiceArguments {
  readonly type: NetworkType;
  readonly forvpc: boolean | undefined;
  readonly supportedservices: readonly string[];
  /** `service` and `provider` of each. */
  readonly serviceproviderlist: readonly Readonly<Record<string, string>>[];
}

const offerable: readonly NetworkService[] = [
  'Dhcp',
  'Dns',
  'UserData',
  'Firewall',
  'Lb',
  'SourceNat',
  'StaticNat',
  'PortForwarding',
  'Vpn',
  'NetworkACL',
];

const routed = [
  'Dhcp',
  'Dns',
  'UserData',
  'Lb',
  'SourceNat',
  'StaticNat',
  'PortForwarding',
  'Vpn',
] as const;

/** What the providers of this world can do (the elements' getCapabilities). */
const abilities = {
  VirtualRouter: [...routed, 'Firewall'],
  VpcVirtualRouter: [...routed, 'NetworkACL'],
  ConfigDrive: ['UserData', 'Dhcp', 'Dns'],
} satisfies Record<string, readonly NetworkService[]>;

type Provider = keyof typeof abilities;

const simulatedProviders = Object.keys(abilities) as readonly Provider[];

/** Others that CloudStack knows (com.cloud.network.Network.Provider). */
const otherProviders: readonly string[] = [
  'JuniperSRX',
  'PaloAlto',
  'F5BigIp',
  'Netscaler',
  'SecurityGroupProvider',
  'None',
  'NiciraNvp',
  'InternalLbVm',
  'Ovs',
  'Opendaylight',
  'BrocadeVcs',
  'GloboDns',
  'Tungsten',
  'Nsx',
];

/**
 * What an offering is asked to do for its networks, by whom
 * (ConfigurationManagerImpl.createNetworkOffering).
 *
 * @throws 431 for services and providers that there are not, or that do not go together; 530 for
 *   a provider that does not do what is asked of it.
 */
export function offeredServices(args: ServiceArguments): OfferedServices {
  const services = args.supportedservices.map((name) => serviceNamed(name, args.type));
  const given = providersOf(args, services);
  const usesVpcRouter = given.some(({ provider }) => provider === 'VpcVirtualRouter');
  const rules = services.find((service) => service === 'Firewall' || service === 'NetworkACL');
  const isTier = rules === undefined ? usesVpcRouter : rules === 'NetworkACL';
  assertUserDataReaches(given);
  given.forEach(assertAble);
  const all = new Set<NetworkService>(services);
  if (services.includes('SourceNat')) all.add('Gateway');
  if (given.some(bringsFirewall)) all.add('Firewall');
  return { services: [...all], forVpc: args.forvpc ?? isTier, usesVpcRouter };
}

function serviceNamed(name: string, type: NetworkType): NetworkService {
  if (!isNetworkServiceName(name) || sameName(name, 'Gateway')) {
    throw invalidParameter(`Invalid service ${name}`);
  }
  if (sameName(name, 'SecurityGroup') && type !== 'Shared') {
    throw invalidParameter(
      'Security group service is supported for network offerings with guest ip type Shared',
    );
  }
  const service = offerable.find((known) => sameName(known, name));
  if (service !== undefined) return service;
  throw serverApiError(432, `The simulator does not have the service ${name} in networks`);
}

interface Provision {
  readonly service: NetworkService;
  readonly provider: Provider;
}

function providersOf(
  { serviceproviderlist }: ServiceArguments,
  services: readonly NetworkService[],
): readonly Provision[] {
  return serviceproviderlist.map(({ service: name = '', provider = '' }) => {
    const service = services.find((known) => sameName(known, name));
    if (service === undefined) {
      throw invalidParameter(
        `Service ${name} is not enabled for the network offering, can't add a provider to it`,
      );
    }
    const count = serviceproviderlist.filter((other) => other['service'] === name).length;
    if (count > 1 && service !== 'Lb') {
      throw invalidParameter(
        'In the current release only one provider can be specified for the service if the service is not LB',
      );
    }
    return { service, provider: providerNamed(provider) };
  });
}

function providerNamed(name: string): Provider {
  const provider = simulatedProviders.find((known) => sameName(known, name));
  if (provider !== undefined) return provider;
  if (otherProviders.some((known) => sameName(known, name))) {
    throw serverApiError(432, `The simulator does not have the provider ${name}`);
  }
  throw invalidParameter(`Invalid service provider: ${name}`);
}

/** Guests ask the server that gave them their address. */
function assertUserDataReaches(given: readonly Provision[]): void {
  const byRouter = given.some(
    ({ service, provider }) => service === 'UserData' && provider === 'VirtualRouter',
  );
  if (!byRouter || given.some(({ service }) => service === 'Dhcp')) return;
  throw invalidParameter(
    "Without VR as dhcp provider, User data can't selected for VR. Please select VR as DHCP provider ",
  );
}

function assertAble({ service, provider }: Provision): void {
  const able: readonly NetworkService[] = abilities[provider];
  if (able.includes(service)) return;
  throw new CloudException(
    'UnsupportedServiceException',
    `${provider} Provider cannot provide service ${service}`,
  );
}

function bringsFirewall({ service, provider }: Provision): boolean {
  return (service === 'PortForwarding' || service === 'StaticNat') && provider === 'VirtualRouter';
}
