import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, pagingParameters } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { DomainRow, VlanRangeRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { vlanIpRangeResponse, type ListedVlanRange } from './vlan-ip-range-response.js';

/**
 * No range is dedicated here, so that accounts, projects, domains and pods find none. A keyword is
 * all that counts if there is one (ManagementServerImpl.searchForVlans).
 */
export const listVlanIpRanges = syncCommand({
  name: 'listVlanIpRanges',
  summary: 'Lists the ranges of public addresses and those of shared networks.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('vlan'),
    vlan: text(),
    zoneid: entity('zone'),
    networkid: entity('network'),
    forvirtualnetwork: flag(),
    physicalnetworkid: entity('physicalnetwork'),
    podid: entity('pod'),
    account: text(),
    domainid: entity('domain'),
    projectid: entity('project'),
    ...pagingParameters,
  },
  response: listOf(vlanIpRangeResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, vlan, zoneid, networkid, forvirtualnetwork, physicalnetworkid, keyword } = args;
    assertOwner(context, args);
    const ranges = world.vlanRanges.all().map((range) => withOwner(world, range));
    const isDedicated = [args.account, args.domainid, args.projectid, args.podid].some(
      (owner) => owner !== undefined,
    );
    if (isDedicated) return [];
    if (keyword !== undefined) return ranges.filter((range) => matches(range, keyword));
    return ranges
      .filter((range) => id === undefined || range.id === id.id)
      .filter((range) => vlan === undefined || range.vlan === vlan)
      .filter((range) => zoneid === undefined || range.zoneId === zoneid.id)
      .filter((range) => networkid === undefined || range.networkId === networkid.id)
      .filter(
        (range) =>
          forvirtualnetwork === undefined || (range.networkId === null) === forvirtualnetwork,
      )
      .filter(
        (range) =>
          physicalnetworkid === undefined || range.physicalNetworkId === physicalnetworkid.id,
      );
  },
});

interface OwnerArguments {
  readonly account?: string | undefined;
  readonly domainid?: DomainRow | undefined;
  readonly projectid?: unknown;
}

function assertOwner({ world }: CommandContext, args: OwnerArguments): void {
  const { account, domainid: domain, projectid } = args;
  if (account === undefined || domain === undefined) return;
  if (projectid !== undefined) {
    throw invalidParameter("Account and projectId can't be specified together");
  }
  if (accountNamed(world, account, domain.id) !== undefined) return;
  throw invalidParameter(`Unable to find account ${account} in specified domain`, [
    { uuid: domain.id, description: 'domainId' },
  ]);
}

/** The owner of the network whose range it is. */
function withOwner(world: World, range: VlanRangeRow): ListedVlanRange {
  const network = range.networkId === null ? undefined : world.networks.require(range.networkId);
  return { ...range, accountId: network?.accountId ?? null };
}

function matches({ vlan, startIp, endIp }: VlanRangeRow, keyword: string): boolean {
  return contains(vlan, keyword) || contains(`${startIp}-${endIp}`, keyword);
}
