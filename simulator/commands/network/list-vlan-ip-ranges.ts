import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, pagingParameters } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { DomainRow, PodRow, ProjectRow, VlanRangeRow } from '../../world/entities.js';
import { vlanIpRangeResponse } from './vlan-ip-range-response.js';

/**
 * No range is of a pod. Accounts are looked for among those of the domain to which a range is
 * dedicated, so that none is found. A keyword is all that counts beside whose a range is
 * (ManagementServerImpl.searchForVlans).
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
    const ranges = world.vlanRanges.all().filter((range) => isDedicatedTo(range, args));
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
  readonly projectid?: ProjectRow | undefined;
  readonly podid?: PodRow | undefined;
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

function isDedicatedTo(
  { dedicatedAccountId, dedicatedDomainId }: VlanRangeRow,
  { account, domainid: domain, projectid: project, podid: pod }: OwnerArguments,
): boolean {
  if (pod !== undefined || (account !== undefined && domain !== undefined)) return false;
  if (project !== undefined && dedicatedAccountId !== project.accountId) return false;
  return domain === undefined || dedicatedDomainId === domain.id;
}

function matches({ vlan, startIp, endIp }: VlanRangeRow, keyword: string): boolean {
  return contains(vlan, keyword) || contains(`${startIp}-${endIp}`, keyword);
}
