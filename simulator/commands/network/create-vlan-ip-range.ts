import type { Arguments } from '../../declare/command.js';
import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkRow, ZoneRow } from '../../world/entities.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { networkText, offeringOf, translates } from '../../world/network/networks.js';
import {
  UNTAGGED,
  addRange,
  physicalNetworkOf,
  rangesOf,
} from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';
import { vlanResponse } from './vlan-ip-range-response.js';
import {
  assertNoOverlap,
  assertNotPrivate,
  checkedRange,
  rangeInSubnetOf,
  type AskedBounds,
  type AskedRange,
} from './vlan-range-rules.js';

const parameters = {
  account: text(),
  domainid: entity('domain'),
  projectid: entity('project'),
  startip: text(),
  endip: text(),
  gateway: text(),
  netmask: text(),
  vlan: text(),
  zoneid: entity('zone'),
  podid: entity('pod'),
  networkid: entity('network'),
  physicalnetworkid: entity('physicalnetwork'),
  forvirtualnetwork: flag(),
  forsystemvms: flag(),
} as const;

type RangeArguments = Arguments<typeof parameters>;

/** The order of the checks is that of ConfigurationManagerImpl.createVlanAndPublicIpRange. */
export const createVlanIpRange = syncCommand({
  name: 'createVlanIpRange',
  summary: 'Adds addresses to the public ones of a zone, or to those of a shared network.',
  roles: rootOnlyRole,
  parameters,
  response: objectOf(vlanResponse),
  run: ({ world }, args) => {
    const { networkid: network, forsystemvms = false, startip } = args;
    if (network !== undefined && network.removedMs !== null) {
      throw invalidParameter(`Unable to find network by id ${network.internalId}`);
    }
    if (forsystemvms && args.account !== undefined) {
      throw invalidParameter('Account name should not be provided when ForSystemVMs is enabled');
    }
    if (startip === undefined) {
      throw invalidParameter('StartIP or IPv6 CIDR is missing in the parameters!');
    }
    const owner = ownerOf(world, args);
    const zone = zoneOf(world, args);
    assertPlace(world, args);
    const { gateway, netmask } = args;
    const asked = { startIp: startip, endIp: args.endip ?? startip, gateway, netmask };
    const bounds = network === undefined ? asked : inNetwork(world, network, asked, args.vlan);
    if (network === undefined && owner !== undefined) {
      assertWithinLimits(world, owner, { public_ip: sizeOf(asked) });
    }
    assertNotPrivate(world, zone, asked);
    assertNoPod(args, zone);
    const range = checkedRange(bounds);
    const vlan = vlanOf(network, args.vlan);
    assertNoOverlap(world, zone, range, { vlan, isPublic: network === undefined });
    return addRange(world, {
      zoneId: zone.id,
      physicalNetworkId: physicalNetworkOf(world, zone.id).id,
      networkId: network?.id ?? null,
      vlan,
      ...range,
      dedicatedAccountId: owner?.id ?? null,
      dedicatedDomainId: owner === undefined && !forsystemvms ? (args.domainid?.id ?? null) : null,
      isForSystemVms: forsystemvms,
    });
  },
});

/** The account or project to which the range is dedicated, if it is to one. */
function ownerOf(
  world: World,
  { account, domainid: domain, projectid: project }: RangeArguments,
): AccountRow | undefined {
  if (project !== undefined) {
    if (account !== undefined) {
      throw invalidParameter('Account and projectId are mutually exclusive');
    }
    if (project.removedMs !== null) {
      throw invalidParameter(`Unable to find project by id ${project.internalId}`);
    }
  }
  if (domain !== undefined && domain.removedMs !== null) {
    throw invalidParameter('Please specify a valid domain id');
  }
  if (account !== undefined && domain !== undefined) {
    const owner = accountNamed(world, account, domain.id);
    if (owner === undefined) throw invalidParameter('Please specify a valid account.');
    return owner;
  }
  return project === undefined ? undefined : world.accounts.require(project.accountId);
}

function zoneOf(world: World, { networkid: network, zoneid: zone }: RangeArguments): ZoneRow {
  if (network !== undefined) return world.zones.require(network.zoneId);
  if (zone?.removedMs === null) return zone;
  throw invalidParameter(`Unable to find zone by id ${zone?.internalId ?? 'null'}`);
}

/** Public addresses are in no guest network, all others are in one that takes ranges. */
function assertPlace(world: World, args: RangeArguments): void {
  const { networkid: network, physicalnetworkid, forvirtualnetwork = true } = args;
  if (forvirtualnetwork) {
    if (network === undefined) return;
    throw invalidParameter(`Can't find Public network ${networkText(world, network)}`);
  }
  if (network === undefined) {
    throw invalidParameter(
      physicalnetworkid === undefined
        ? 'Physical Network Id is null, please provide the Network id for Direct vlan creation '
        : 'Network id is required for Direct vlan creation ',
    );
  }
  if (network.type === 'Isolated' && translates(world, network)) {
    throw invalidParameter(
      `Can't create direct vlan for network ${networkText(world, network)} with type: ${network.type}`,
    );
  }
  if (!offeringOf(world, network).specifyIpRanges) {
    throw invalidParameter(
      `Network ${networkText(world, network)} doesn't support adding ip ranges`,
    );
  }
  if (network.type === 'Shared') return;
  throw invalidParameter(
    'Can execute createVLANIpRanges on shared guest network, but type of this guest network ' +
      `${networkText(world, network)} is ${network.type}`,
  );
}

function inNetwork(
  world: World,
  network: NetworkRow,
  asked: AskedBounds,
  vlan: string | undefined,
): AskedRange {
  const [first] = rangesOf(world, network.id);
  if (first !== undefined && vlanOf(network, vlan) !== first.vlan) {
    throw invalidParameter(
      `there is already one vlan ${first.vlan} on network :${networkText(world, network)}, only ` +
        'one vlan is allowed on guest network',
    );
  }
  return rangeInSubnetOf(world, network, asked);
}

function vlanOf(network: NetworkRow | undefined, asked = ''): string {
  const vlan = asked === '' || asked.startsWith('vlan://') ? asked : `vlan://${asked}`;
  const own = network === undefined ? UNTAGGED : `vlan://${network.vlan}`;
  return vlan === '' || vlan === UNTAGGED ? own : vlan;
}

/** Ranges of pods are for basic zones. */
function assertNoPod({ podid: pod }: RangeArguments, zone: ZoneRow): void {
  if (pod === undefined) return;
  if (pod.removedMs !== null) throw invalidParameter('Please specify a valid pod.');
  if (pod.zoneId !== zone.id) {
    const text = `HostPod ${JSON.stringify({ id: pod.internalId, name: pod.name, uuid: pod.id })}`;
    throw invalidParameter(`Pod ${text} doesn't belong to zone id=${zone.internalId}`);
  }
  throw invalidParameter(
    'Pod id can be specified only for the networks of type Guest in zone of type Basic',
  );
}

function sizeOf({ startIp, endIp }: Pick<AskedRange, 'startIp' | 'endIp'>): number {
  return Math.max(0, (parseIpv4(endIp) ?? 0) - (parseIpv4(startIp) ?? 0) + 1);
}
