import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  wait,
  type Arguments,
} from '../../declare/command.js';
import { entity, flag, integer, text } from '../../declare/parameter.js';
import { CloudException, cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkOfferingRow, NetworkRow } from '../../world/entities.js';
import { networkOfferingText } from '../../world/identity/offering-access.js';
import {
  hasVirtualRouter,
  implementNetwork,
  offeringOf,
  translates,
} from '../../world/network/networks.js';
import { expungeRouter, replaceRouter, routerOf } from '../../world/network/routers.js';
import type { World } from '../../world/world.js';
import { assertNetworkDomain } from './network-domain-rules.js';
import { assertCanHave, dropLostServices } from './network-offering-change.js';
import { networkResponse } from './network-response.js';
import { allowedMtus, assertDns } from './network-router-rules.js';
import { reservation } from './reserved-addresses.js';
import { assertTierOffering } from './vpc-tier-rules.js';

const parameters = {
  id: entity('network', { required: true, access: 'operate' }),
  name: text(),
  displaytext: text(),
  networkdomain: text(),
  networkofferingid: entity('networkoffering'),
  changecidr: flag(),
  forced: flag(),
  guestvmcidr: text(),
  displaynetwork: flag({ rootOnly: true }),
  hideipaddressusage: flag({ rootOnly: true }),
  dns1: text({ since: '4.18.0' }),
  dns2: text({ since: '4.18.0' }),
  publicmtu: integer({ since: '4.18.0' }),
  privatemtu: integer({ since: '4.18.0' }),
  sourcenatipaddress: text({ since: '4.19' }),
} as const;

type UpdateArguments = Arguments<typeof parameters>;
type Changes = Parameters<World['networks']['change']>[1];

/**
 * What changes is checked as a whole and then written. Where the router has to hear of it, another one
 * takes its place, in networks that have one already (NetworkServiceImpl.updateGuestNetwork).
 */
export const updateNetwork = asyncCommand({
  name: 'updateNetwork',
  summary: 'Changes a network: its names, its offering, its name servers, what its VMs get.',
  roles: everyRole,
  javaClass: {
    user: 'user.network.UpdateNetworkCmd',
    rootAdmin: 'admin.network.UpdateNetworkCmdByAdmin',
  },
  parameters,
  response: objectOf(networkResponse),
  check: (_, { id: network }) => {
    if (network.removedMs === null) return;
    throw invalidParameter(`Network ID=${network.internalId} doesn't exist`);
  },
  subject: ({ id }) => ({ type: 'Network', id: id.id }),
  steps: [
    ({ world }, args) => {
      const { id: network, networkofferingid: offering } = args;
      if (network.removedMs !== null) {
        throw invalidParameter("Specified network id doesn't exist in the system");
      }
      const changes = changesOf(world, network, args);
      const restarts = needsRestart(world, network, args, changes);
      const isAnother = offering !== undefined && offering.id !== network.networkOfferingId;
      if (isAnother) dropLostServices(world, network, offering);
      translateBy(world, network, args.sourcenatipaddress);
      world.networks.change(network, {
        ...changes,
        ...(isAnother && args.changecidr === true && withoutReservation(network)),
        ...(!restarts && routerOf(world, network.id) !== undefined && mtusOf(world, args)),
      });
      return restarts && network.state !== 'Allocated' ? wait('duration.network') : done(network);
    },
    ({ world }, { id: network }) => {
      if (network.removedMs === null) renewRouter(world, network);
      return done(network);
    },
  ],
});

function changesOf(world: World, network: NetworkRow, args: UpdateArguments): Changes {
  const { name, displaytext, displaynetwork, hideipaddressusage, networkdomain } = args;
  const { networkofferingid: asked, guestvmcidr } = args;
  if (asked !== undefined) assertTierOffering(world, network, asked);
  assertOfItsKind(network, args);
  if (asked !== undefined) assertCanHave(world, network, asked, args);
  const offering = asked ?? offeringOf(world, network);
  const dns = dnsOf(network, offering, args);
  if (networkdomain !== undefined) assertTakesDomain(offering, asked, networkdomain);
  return {
    ...(name !== undefined && { name }),
    ...(displaytext !== undefined && { displayText: displaytext }),
    ...(displaynetwork !== undefined && { isDisplayed: displaynetwork }),
    ...(hideipaddressusage !== undefined && {
      details: { ...network.details, hideIpAddressUsage: String(hideipaddressusage) },
    }),
    ...(networkdomain !== undefined && { networkDomain: networkdomain }),
    ...dns,
    ...(guestvmcidr !== undefined && reserved(world, network, args, guestvmcidr)),
    ...(asked !== undefined && { networkOfferingId: asked.id }),
  };
}

function assertOfItsKind(
  { type }: NetworkRow,
  { networkofferingid, networkdomain }: UpdateArguments,
): void {
  if (networkofferingid !== undefined && type !== 'Isolated') {
    throw invalidParameter('NetworkOffering update can be performed for Isolated networks only.');
  }
  if (networkdomain !== undefined && type === 'L2') {
    throw invalidParameter(
      'Domain suffix update can only be performed for Isolated and shared networks.',
    );
  }
}

/** An empty name server is none. */
function dnsOf(
  network: NetworkRow,
  offering: NetworkOfferingRow,
  args: Pick<UpdateArguments, 'dns1' | 'dns2'>,
): Pick<NetworkRow, 'dns1' | 'dns2'> {
  if (args.dns1 === undefined && args.dns2 === undefined) {
    return offering.services.includes('Dns')
      ? { dns1: network.dns1, dns2: network.dns2 }
      : { dns1: null, dns2: null };
  }
  const [dns1, dns2] = [args.dns1 ?? network.dns1, args.dns2 ?? network.dns2].map((dns) =>
    dns === null || dns.trim() === '' ? null : dns.trim(),
  ) as [string | null, string | null];
  if (dns1 !== network.dns1 || dns2 !== network.dns2) {
    assertDns(offering, network.vpcId !== null, dns1, dns2);
  }
  return { dns1, dns2 };
}

function assertTakesDomain(
  { services }: NetworkOfferingRow,
  asked: NetworkOfferingRow | undefined,
  domain: string,
): void {
  assertNetworkDomain(domain);
  if (services.includes('Dns')) return;
  // CloudStack names the new offering, also where there is none.
  const text = asked === undefined ? 'null' : networkOfferingText(asked);
  throw invalidParameter(`Domain name change is not supported by the network offering ${text}`);
}

function reserved(
  world: World,
  network: NetworkRow,
  { networkofferingid: offering }: UpdateArguments,
  guestCidr: string,
): Changes {
  if (network.type !== 'Isolated') {
    throw invalidParameter('Can only allow IP Reservation in networks with guest type Isolated');
  }
  if (offering !== undefined && offering.id !== network.networkOfferingId) {
    throw invalidParameter(
      'Cannot specify this network offering change and guestVmCidr at same time. Specify only one.',
    );
  }
  return reservation(world, network, guestCidr);
}

function withoutReservation({ cidr, networkCidr }: NetworkRow): Changes {
  return { cidr: networkCidr ?? cidr, networkCidr: null };
}

function mtusOf(world: World, { publicmtu, privatemtu, id }: UpdateArguments): Changes {
  return allowedMtus(world, {
    ...(publicmtu !== undefined && id.vpcId === null && { publicMtu: publicmtu }),
    ...(privatemtu !== undefined && { privateMtu: privatemtu }),
  });
}

function needsRestart(
  world: World,
  network: NetworkRow,
  { networkdomain, sourcenatipaddress }: UpdateArguments,
  { dns1, dns2, networkOfferingId = network.networkOfferingId }: Changes,
): boolean {
  return (
    networkdomain !== undefined ||
    networkOfferingId !== network.networkOfferingId ||
    dns1 !== network.dns1 ||
    dns2 !== network.dns2 ||
    nextSourceNat(world, network, sourcenatipaddress) !== undefined
  );
}

/** The address of the network that is to be the one that it is seen with; undefined if nothing changes. */
function nextSourceNat(
  world: World,
  network: NetworkRow,
  ipAddress: string | undefined,
): ReturnType<World['publicIps']['get']> {
  if (ipAddress === undefined) return undefined;
  return world.publicIps
    .where('networkId', network.id)
    .find((publicIp) => publicIp.ipAddress === ipAddress && !publicIp.isSourceNat);
}

function translateBy(world: World, network: NetworkRow, ipAddress: string | undefined): void {
  const next = nextSourceNat(world, network, ipAddress);
  if (next === undefined) return;
  for (const publicIp of world.publicIps.where('networkId', network.id)) {
    if (publicIp.isSourceNat) world.publicIps.change(publicIp, { isSourceNat: false });
  }
  world.publicIps.change(next, { isSourceNat: true });
}

function renewRouter(world: World, network: NetworkRow): void {
  const old = routerOf(world, network.id);
  if (!hasVirtualRouter(world, network)) {
    if (old !== undefined) expungeRouter(world, old);
    return;
  }
  if (old !== undefined && replaceRouter(world, network, translates(world, network))) return;
  try {
    implementNetwork(world, network);
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw cloudRuntime(
      `failed to update network ${network.id} due to Failed to implement network (with specified id) ` +
        'elements and resources as a part of network update',
    );
  }
}
