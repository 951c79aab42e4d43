import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { sameName } from '../../declare/list-parameters.js';
import { flag, freeForm, integer, records, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkService, NetworkType } from '../../world/entities.js';
import { scopeParameters } from '../offering/offering-parameters.js';
import { assertScopeExists, withoutSubdomains } from '../offering/offering-scope.js';
import { networkOfferingResponse } from './network-offering-response.js';
import { assertMayBeRequired, availabilityNamed } from './network-offering-rules.js';
import { offeredCapabilities, offeredDetails } from './offered-capabilities.js';
import { offeredServices } from './offered-services.js';
import { tagsNamed } from './network-offering-rules.js';

/** Disabled unless it is to be enabled at once (ConfigurationManagerImpl.createNetworkOffering). */
export const createNetworkOffering = syncCommand({
  name: 'createNetworkOffering',
  summary: 'Creates a network offering.',
  roles: rootOnlyRole,
  parameters: {
    name: text({ required: true }),
    displaytext: text(),
    traffictype: text({ required: true }),
    specifyvlan: flag(),
    availability: text(),
    conservemode: flag(),
    guestiptype: text({ required: true }),
    supportedservices: textList(),
    serviceproviderlist: records(),
    specifyipranges: flag(),
    forvpc: flag(),
    egressdefaultpolicy: flag(),
    ispersistent: flag(),
    networkrate: integer(),
    maxconnections: integer(),
    tags: text({ maxLength: 4_096 }),
    details: freeForm(),
    servicecapabilitylist: records(),
    ...scopeParameters,
    enable: flag({ since: '4.16' }),
  },
  response: objectOf(networkOfferingResponse),
  run: ({ world }, args) => {
    const { name, displaytext, domainid: domains, zoneid: zones } = args;
    assertScopeExists(domains, zones);
    assertGuestTraffic(args.traffictype);
    const guestIpType = guestIpTypeNamed(args.guestiptype);
    const availability = availabilityNamed(args.availability ?? 'Optional');
    const { services, forVpc, usesVpcRouter } = offeredServices({
      type: guestIpType,
      forvpc: args.forvpc,
      supportedservices: args.supportedservices ?? [],
      serviceproviderlist: args.serviceproviderlist ?? [],
    });
    const { servicecapabilitylist = [], networkrate } = args;
    const { dedicatedLb, isAboutLb } = offeredCapabilities(servicecapabilitylist, services);
    const details = offeredDetails(args.details ?? {});
    const specifyIpRanges = args.specifyipranges ?? false;
    assertRangesFit(guestIpType, services, specifyIpRanges);
    if (availability === 'Required') assertMayBeRequired(world, guestIpType, services);
    if (usesVpcRouter) assertFitsVpcs(guestIpType, services);
    return world.networkOfferings.insert({
      name,
      displayText: displaytext === undefined || displaytext === '' ? name : displaytext,
      guestIpType,
      specifyVlan: args.specifyvlan ?? false,
      specifyIpRanges,
      availability,
      conserveMode: args.conservemode ?? true,
      isDefault: false,
      forVpc,
      services,
      allowsEgress: args.egressdefaultpolicy ?? true,
      isPersistent: args.ispersistent ?? false,
      dedicatedLb,
      networkRate: networkrate === undefined ? null : Math.max(0, networkrate),
      maxConnections: isAboutLb ? (args.maxconnections ?? 4_096) : null,
      tags: tagsNamed(args.tags),
      details,
      enabled: args.enable ?? false,
      domainIds: withoutSubdomains(world, domains?.map(({ id }) => id) ?? []),
      zoneIds: [...new Set(zones?.map(({ id }) => id))],
      sortKey: 0,
    });
  },
});

const trafficTypes: readonly string[] = [
  'None',
  'Public',
  'Guest',
  'Storage',
  'Management',
  'Control',
  'Vpn',
];

function assertGuestTraffic(name: string): void {
  if (sameName(name, 'Guest')) return;
  if (trafficTypes.some((known) => sameName(known, name))) {
    throw invalidParameter('Only traffic type Guest is supported in the current release');
  }
  throw invalidParameter(
    'Invalid value for traffictype. Supported traffic types: Public, Management, Control, Guest, Vlan or Storage',
  );
}

function guestIpTypeNamed(name: string): NetworkType {
  const type = (['Isolated', 'Shared', 'L2'] as const).find((known) => sameName(known, name));
  if (type !== undefined) return type;
  throw invalidParameter('Invalid "type" parameter is given; can have Shared and Isolated values');
}

function assertRangesFit(
  type: NetworkType,
  services: readonly NetworkService[],
  specifyIpRanges: boolean,
): void {
  if (specifyIpRanges && type === 'Isolated' && services.includes('SourceNat')) {
    throw invalidParameter(
      'SpecifyIpRanges can only be true for Shared network offerings and Isolated with no SourceNat service',
    );
  }
  if (!specifyIpRanges && type === 'Shared') {
    throw invalidParameter('SpecifyIpRanges should always be true for Shared network offerings');
  }
}

/** VpcManagerImpl.validateNtwkOffForVpc. */
function assertFitsVpcs(type: NetworkType, services: readonly NetworkService[]): void {
  if (type === 'Isolated' && services.includes('SourceNat')) return;
  throw invalidParameter(
    'Only network offerings of type Isolated with service SourceNat are valid for vpc ',
  );
}
