import { booleanField, responseObject, stringField } from '../../declare/response.js';
import type { NetworkOfferingRow, NetworkService } from '../../world/entities.js';

/** One thing that tells how a service is given. */
export interface Capability {
  readonly name: string;
  readonly value: string;
  /** Whether an offering may choose it. */
  readonly canChoose: boolean;
}

/** CapabilityResponse. */
export const capabilityResponse = responseObject<Capability>('capability', {
  name: stringField(({ name }) => name),
  value: stringField(({ value }) => value),
  canchooseservicecapability: booleanField(({ canChoose }) => canChoose),
});

type Values = Readonly<Record<string, string>>;

const stickiness = JSON.stringify([
  {
    methodname: 'LbCookie',
    paramlist: [
      { paramname: 'cookie-name', required: false, isflag: false, description: ' ' },
      { paramname: 'mode', required: false, isflag: false, description: ' ' },
    ],
    description: 'This is loadbalancer cookie based stickiness method.',
  },
  {
    methodname: 'SourceBased',
    paramlist: [],
    description: 'This is source based Stickiness method',
  },
]);

/** What virtual routers can do (VirtualRouterElement.setCapabilities). */
const ofRouters: Readonly<Partial<Record<NetworkService, Values>>> = {
  Lb: {
    SupportedLBAlgorithms: 'roundrobin,leastconn,source',
    SupportedLBIsolation: 'dedicated',
    SupportedProtocols: 'tcp, udp, tcp-proxy, ssl',
    SupportedStickinessMethods: stickiness,
    LbSchemes: 'Public',
    SslTermination: 'true',
    VmAutoScaling: 'true',
  },
  Firewall: {
    TrafficStatistics: 'per public ip',
    SupportedProtocols: 'tcp,udp,icmp',
    SupportedEgressProtocols: 'tcp,udp,icmp, all',
    SupportedTrafficDirection: 'ingress, egress',
    MultipleIps: 'true',
  },
  Vpn: { SupportedVpnProtocols: 'pptp,l2tp,ipsec', VpnTypes: 'remoteaccessvpn' },
  Dns: { AllowDnsSuffixModification: 'true' },
  Dhcp: { DhcpAccrossMultipleSubnets: 'true' },
  PortForwarding: { SupportedProtocols: 'tcp,udp' },
};

/** The capabilities that a network shows of one of its services (ApiResponseHelper.createNetworkResponse). */
export function capabilitiesInNetwork(
  offering: NetworkOfferingRow,
  service: NetworkService,
): readonly Capability[] {
  if (service === 'SourceNat' || service === 'StaticNat') return chosen(service);
  const values = Object.entries(ofRouters[service] ?? {}).map(([name, value]) =>
    name === 'SupportedLBIsolation'
      ? { name, value: isolationOf(offering), canChoose: true }
      : { name, value, canChoose: false },
  );
  return service === 'Lb'
    ? [...values, ...plain({ ElasticLb: 'false', InlineMode: 'false' })]
    : values;
}

/** Those that an offering shows, which it chose (ApiResponseHelper.createNetworkOfferingResponse). */
export function capabilitiesInOffering(
  offering: NetworkOfferingRow,
  service: NetworkService,
): readonly Capability[] {
  if (service !== 'Lb') return chosen(service);
  return plain({
    SupportedLBIsolation: isolationOf(offering),
    ElasticLb: 'false',
    InlineMode: 'false',
    VmAutoScaling: 'true',
  });
}

function isolationOf({ dedicatedLb }: NetworkOfferingRow): string {
  return dedicatedLb ? 'dedicated' : 'shared';
}

function chosen(service: NetworkService): readonly Capability[] {
  if (service === 'StaticNat') return plain({ ElasticIp: 'false', AssociatePublicIP: 'false' });
  if (service !== 'SourceNat') return [];
  return [
    { name: 'SupportedSourceNatTypes', value: 'peraccount', canChoose: true },
    { name: 'RedundantRouter', value: 'false', canChoose: true },
  ];
}

function plain(values: Values): readonly Capability[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, canChoose: false }));
}
