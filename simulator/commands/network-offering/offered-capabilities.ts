import { sameName } from '../../declare/list-parameters.js';
import { CloudException, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkService } from '../../world/entities.js';

/** `service`, `capabilitytype` and `capabilityvalue` of each. */
type Asked = readonly Readonly<Record<string, string>>[];

/** How an offering wants its services to be done. */
export interface OfferedCapabilities {
  readonly dedicatedLb: boolean;
  /** Whether anything was said about load balancers: their connections are limited only then. */
  readonly isAboutLb: boolean;
}

/** The capabilities that CloudStack knows (com.cloud.network.Network.Capability). */
const known: readonly string[] = [
  'SupportedLBIsolation',
  'ElasticLb',
  'InlineMode',
  'LbSchemes',
  'VmAutoScaling',
  'SupportedSourceNatTypes',
  'RedundantRouter',
  'ElasticIp',
  'AssociatePublicIP',
  'DhcpAccrossMultipleSubnets',
  'StretchedL2Subnet',
  'PublicAccess',
];

/**
 * What is asked of the services of a new offering (ConfigurationManagerImpl.createNetworkOffering).
 *
 * @throws 431 for what there is not or what another service does; 530 for what virtual routers do not
 *   do; 432 for redundant routers, and elastic addresses and load balancers.
 */
export function offeredCapabilities(
  asked: Asked,
  services: readonly NetworkService[],
): OfferedCapabilities {
  const ofLb = valuesFor(asked, 'Lb');
  assertOffered(ofLb, services.includes('Lb'), 'LB service can be specifed only when LB service');
  assertLb(ofLb);
  const ofSourceNat = valuesFor(asked, 'SourceNat');
  assertOffered(
    ofSourceNat,
    services.includes('SourceNat'),
    'source NAT service can be specified only when source NAT service',
  );
  assertSourceNat(ofSourceNat);
  const ofStaticNat = valuesFor(asked, 'StaticNat');
  assertOffered(
    ofStaticNat,
    services.includes('StaticNat'),
    'static NAT service can be specified only when static NAT service',
  );
  assertStaticNat(ofStaticNat);
  return { dedicatedLb: ofLb.size > 0, isAboutLb: ofLb.size > 0 };
}

function valuesFor(asked: Asked, service: NetworkService): ReadonlyMap<string, string> {
  return new Map(
    asked.flatMap(({ service: of = '', capabilitytype, capabilityvalue }) => {
      const name = known.find((candidate) => sameName(candidate, capabilitytype ?? ''));
      if (name === undefined || capabilityvalue === undefined) {
        throw invalidParameter(
          `Invalid capability:${capabilitytype ?? 'null'} capability value:${capabilityvalue ?? 'null'}`,
        );
      }
      return sameName(of, service) ? [[name, capabilityvalue] as const] : [];
    }),
  );
}

function assertOffered(values: ReadonlyMap<string, string>, isThere: boolean, text: string): void {
  if (values.size === 0 || isThere) return;
  throw invalidParameter(`Capabilities for ${text} is enabled for network offering.`);
}

const OF_LB: readonly string[] = [
  'SupportedLBIsolation',
  'ElasticLb',
  'InlineMode',
  'LbSchemes',
  'VmAutoScaling',
];

function assertLb(values: ReadonlyMap<string, string>): void {
  if (values.size === 0) return;
  const isolation = values.get('SupportedLBIsolation');
  if (isolation === undefined || [...values.keys()].some((name) => !OF_LB.includes(name))) {
    throw invalidParameter(`Only ${OF_LB.join('')} capabilities can be specified for LB service`);
  }
  if (isolation.includes('dedicated') === isolation.includes('shared')) {
    throw invalidParameter(
      'Either dedicated or shared isolation can be specified for SupportedLBIsolation',
    );
  }
  if (isolation.includes('shared')) throw cannot('Lb', isolation, 'SupportedLBIsolation');
  for (const name of ['ElasticLb', 'InlineMode', 'VmAutoScaling']) {
    const value = values.get(name);
    if (value !== undefined) assertFlag(name, value);
  }
  if ([values.get('ElasticLb'), values.get('InlineMode')].some((value) => value === 'true')) {
    throw serverApiError(432, 'The simulator does not have elastic or inline load balancers');
  }
}

function assertSourceNat(values: ReadonlyMap<string, string>): void {
  for (const [name, value] of values) {
    if (name === 'SupportedSourceNatTypes') {
      if (value !== 'peraccount' && value !== 'perzone') {
        throw invalidParameter(
          'Either peraccount or perzone source NAT type can be specified for SupportedSourceNatTypes',
        );
      }
      if (value === 'perzone') throw cannot('SourceNat', value, name);
    } else if (name === 'RedundantRouter') {
      assertFlag(name, value.toLowerCase());
      if (value.toLowerCase() === 'true') {
        throw serverApiError(432, 'The simulator does not have redundant routers');
      }
    } else {
      throw invalidParameter(
        'Only SupportedSourceNatTypes, Network.Capability[name=RedundantRouter] capabilities can be ' +
          'specified for source nat service',
      );
    }
  }
}

function assertStaticNat(values: ReadonlyMap<string, string>): void {
  for (const [name, value] of values) {
    if (value.toLowerCase().includes('true') === value.toLowerCase().includes('false')) {
      throw invalidParameter(`Unknown specified value (${value.toLowerCase()}) for ${name}`);
    }
    if (name !== 'ElasticIp' && name !== 'AssociatePublicIP') {
      throw invalidParameter(
        'Only ElasticIp and AssociatePublicIP capability can be sepcified for static nat service',
      );
    }
  }
  if (values.get('ElasticIp')?.toLowerCase().includes('true') === true) {
    throw serverApiError(432, 'The simulator does not have elastic addresses');
  }
  const associates = values.get('AssociatePublicIP')?.toLowerCase() ?? 'true';
  if (values.size === 0 || !associates.includes('true')) return;
  throw invalidParameter(
    'Capability AssociatePublicIP can only be set when capability ElasticIp is true',
  );
}

function assertFlag(name: string, value: string): void {
  if (value.includes('true') || value.includes('false')) return;
  throw invalidParameter(`Unknown specified value for ${name}`);
}

/** NetworkModelImpl.checkCapabilityForProvider. */
function cannot(service: NetworkService, value: string, name: string): CloudException {
  return new CloudException(
    'UnsupportedServiceException',
    `Service ${service} doesn't support value ${value} for capability ${name} for ` +
      'element=VirtualRouter implementing Provider=VirtualRouter',
  );
}

/** What an offering can say of itself besides (NetworkOffering.Detail). */
const detailNames: readonly string[] = [
  'InternalLbProvider',
  'PublicLbProvider',
  'servicepackageuuid',
  'servicepackagedescription',
  'PromiscuousMode',
  'MacAddressChanges',
  'ForgedTransmits',
  'MacLearning',
  'RelatedNetworkOffering',
  'domainid',
  'zoneid',
  'pvlanType',
  'internetProtocol',
];

/** The details of a new offering, by CloudStack's spelling of their names. */
export function offeredDetails(
  asked: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(asked).map(([name, value]) => {
      const detail = detailNames.find((candidate) => sameName(candidate, name));
      if (detail === undefined) throw invalidParameter(`Unsupported detail ${name}`);
      return [detail, value];
    }),
  );
}
