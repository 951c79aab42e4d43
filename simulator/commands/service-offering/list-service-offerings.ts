import { isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import { contains, sameName } from '../../declare/list-parameters.js';
import { finalizeOwner } from '../../declare/ownership.js';
import { entity, flag, integer, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, ServiceOfferingRow } from '../../world/entities.js';
import { offeringListParameters } from '../offering/offering-parameters.js';
import {
  assertInHierarchy,
  hasStorageType,
  inOrder,
  isFoundBy,
  isInZone,
} from '../offering/offering-list.js';
import { isListed } from '../offering/offering-state.js';
import { scalingTargets } from './scaling-targets.js';
import { serviceOfferingResponse } from './service-offering-response.js';

const parameters = {
  id: entity('serviceoffering'),
  name: text(),
  virtualmachineid: entity('virtualmachine'),
  issystem: flag(),
  zoneid: entity('zone', { since: '4.13' }),
  cpunumber: integer({ since: '4.15' }),
  memory: integer({ since: '4.15' }),
  cpuspeed: integer({ since: '4.15' }),
  encryptroot: flag({ since: '4.18' }),
  storagetype: text({ since: '4.19' }),
  state: text({ since: '4.19' }),
  ...offeringListParameters,
  projectid: entity('project'),
} as const;

type ListArguments = Arguments<typeof parameters>;

/**
 * QueryManagerImpl.searchForServiceOfferings. Offerings have no owner: `account` says for whom they
 * are looked for.
 */
export const listServiceOfferings = syncCommand({
  name: 'listServiceOfferings',
  summary: 'Lists the compute offerings that virtual machines can be deployed with.',
  roles: everyRole,
  parameters,
  ignores: ['listall'],
  response: listOf(serviceOfferingResponse),
  run: (context, args) => {
    const { world, caller } = context;
    const { domainid: domain, account, isrecursive = false } = args;
    const owner = finalizeOwner(context, args);
    if (args.issystem === true && !isRootAdmin(caller)) {
      throw invalidParameter('Only ROOT admins can access system offerings.');
    }
    if (domain !== undefined && !isRootAdmin(caller)) {
      assertInHierarchy(world, owner, domain, 'service');
    }
    const { virtualmachineid: vm } = args;
    const isTarget = vm === undefined ? () => true : scalingTargets(context, owner, vm);
    assertMayAskBelow(owner, isrecursive);
    const isOfDomain = (offering: ServiceOfferingRow): boolean =>
      owner.type !== 'Admin' ||
      domain === undefined ||
      account !== undefined ||
      offering.domainIds.includes(domain.id);
    return inOrder(
      world.serviceOfferings
        .all()
        .filter(isListed(args.state))
        .filter(isTarget)
        .filter(isOfDomain)
        .filter(isInZone(args.zoneid))
        .filter(hasStorageType(args.storagetype))
        .filter(isFoundBy(world, owner, isrecursive))
        .filter((offering) => isChosen(offering, args))
        .filter((offering) => isLargeEnough(offering, args)),
    );
  },
});

function assertMayAskBelow({ type }: AccountRow, recursive: boolean): void {
  if (!recursive || type !== 'User') return;
  throw invalidParameter(
    'Only ROOT admins and Domain admins can list service offerings with isrecursive=true',
  );
}

function isChosen(
  offering: ServiceOfferingRow,
  { id, name, issystem, encryptroot, keyword }: ListArguments,
): boolean {
  return (
    issystem !== true &&
    (encryptroot === undefined || offering.encrypts === encryptroot) &&
    (id === undefined || offering.id === id.id) &&
    (name === undefined || sameName(offering.name, name)) &&
    (keyword === undefined ||
      contains(offering.name, keyword) ||
      contains(offering.displayText, keyword))
  );
}

/** Fixed offerings that are as large, and custom ones within whose ranges the size lies. */
function isLargeEnough(
  { cpuNumber, cpuMhz, memoryMib, constraints }: ServiceOfferingRow,
  { cpunumber, memory, cpuspeed }: ListArguments,
): boolean {
  return (
    reaches(cpuNumber, cpunumber, constraints?.minCpuNumber, constraints?.maxCpuNumber) &&
    reaches(memoryMib, memory, constraints?.minMemoryMib, constraints?.maxMemoryMib) &&
    (cpuspeed === undefined || cpuMhz === null || cpuMhz >= cpuspeed)
  );
}

function reaches(
  fixed: number | null,
  asked: number | undefined,
  least: number | undefined,
  most: number | undefined,
): boolean {
  if (asked === undefined) return true;
  if (fixed !== null) return fixed >= asked;
  return (least ?? -Infinity) <= asked && asked <= (most ?? Infinity);
}
