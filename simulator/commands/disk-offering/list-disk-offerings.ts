import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, sameName } from '../../declare/list-parameters.js';
import { finalizeOwner } from '../../declare/ownership.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, VmRow, VolumeRow } from '../../world/entities.js';
import { hasPoolFor } from '../../world/storage/storage-pools.js';
import { offeringListParameters } from '../offering/offering-parameters.js';
import {
  assertInHierarchy,
  hasStorageType,
  inOrder,
  isFoundBy,
  isInZone,
} from '../offering/offering-list.js';
import { isListed } from '../offering/offering-state.js';
import { diskOfferingResponse, type ShownDiskOffering } from './disk-offering-response.js';

const GIB_BYTES = 1_024 ** 3;

const parameters = {
  id: entity('diskoffering'),
  name: text(),
  zoneid: entity('zone', { since: '4.13' }),
  volumeid: entity('volume', { since: '4.17' }),
  storageid: entity('storagepool', { since: '4.17' }),
  virtualmachineid: entity('virtualmachine', { since: '4.20.0' }),
  encrypt: flag({ since: '4.18' }),
  storagetype: text({ since: '4.19' }),
  state: text({ since: '4.19' }),
  ...offeringListParameters,
  projectid: entity('project'),
} as const;

type ListArguments = Arguments<typeof parameters>;

/** QueryManagerImpl.searchForDiskOfferings; a search by domain alone looks at nothing else. */
export const listDiskOfferings = syncCommand({
  name: 'listDiskOfferings',
  summary: 'Lists the offerings that data disks can be created with.',
  roles: everyRole,
  parameters,
  ignores: ['listall'],
  response: listOf(diskOfferingResponse),
  run: (context, args) => {
    const found = searched(context, args);
    const { virtualmachineid: vm } = args;
    if (vm !== undefined) assertMayAskAbout(context, vm);
    return vm === undefined ? found : found.map((offering) => besideVm(context, offering, vm));
  },
});

function assertMayAskAbout(context: CommandContext, vm: VmRow): void {
  if (vm.removedMs !== null) {
    throw invalidParameter('Unable to find the VM instance with the specified ID');
  }
  if (!isRootAdmin(context.caller)) assertMayOperate(context, 'virtualmachine', vm);
}

/**
 * Says whether a disk of the offering would find a pool near a VM, which a VM that never ran is
 * nowhere (VirtualMachineManagerImpl.getDiskOfferingSuitabilityForVm).
 */
function besideVm(
  { world }: CommandContext,
  offering: DiskOfferingRow,
  vm: VmRow,
): ShownDiskOffering {
  const hostId = vm.hostId ?? vm.lastHostId;
  if (hostId === null) return offering;
  const bytes = offering.sizeGib * GIB_BYTES;
  return { ...offering, suitsVm: hasPoolFor(world, offering, bytes, world.hosts.require(hostId)) };
}

function searched(context: CommandContext, args: ListArguments): readonly DiskOfferingRow[] {
  const { world, caller } = context;
  const { domainid: domain, isrecursive = false } = args;
  const offerings = inOrder(world.diskOfferings.all().filter(isListed(args.state)));
  if (domain !== undefined && args.account === undefined) {
    if (!isRootAdmin(caller)) assertInHierarchy(world, caller.account, domain, 'disk');
    return offerings.filter((offering) => offering.domainIds.includes(domain.id));
  }
  if (isrecursive && caller.account.type === 'User') {
    throw invalidParameter(
      'Only ROOT admins and Domain admins can list disk offerings with isrecursive=true',
    );
  }
  const fits = fitting(context, args);
  const owner = finalizeOwner(context, args);
  return offerings
    .filter(isInZone(args.zoneid))
    .filter(hasStorageType(args.storagetype))
    .filter(isFoundBy(world, owner, isrecursive))
    .filter((offering) => isChosen(offering, args))
    .filter(fits);
}

function isChosen(
  offering: DiskOfferingRow,
  { id, name, encrypt, keyword }: ListArguments,
): boolean {
  return (
    (encrypt === undefined || offering.encrypts === encrypt) &&
    (id === undefined || offering.id === id.id) &&
    (name === undefined || sameName(offering.name, name)) &&
    (keyword === undefined ||
      contains(offering.name, keyword) ||
      contains(offering.displayText, keyword))
  );
}

/** What a volume could be changed to, or what has the tags of a pool. */
function fitting(
  { world }: CommandContext,
  { volumeid: volume, storageid: pool }: ListArguments,
): (offering: DiskOfferingRow) => boolean {
  if (volume !== undefined && pool !== undefined) {
    throw invalidParameter('Both volume ID and storage pool ID are not allowed at the same time');
  }
  if (pool !== undefined) return (offering) => hasAll(offering.storageTags, pool.tags);
  if (volume === undefined) return () => true;
  if (volume.removedMs !== null) {
    throw invalidParameter(`Unable to find a volume with specified id ${volume.internalId}`);
  }
  if (volume.diskOfferingId === null) {
    const root = world.serviceOfferings.require(volume.serviceOfferingId ?? '');
    return (offering) => !offering.sizeStrictness && hasAll(offering.storageTags, root.storageTags);
  }
  return changesOf(volume, world.diskOfferings.require(volume.diskOfferingId));
}

function changesOf(
  volume: VolumeRow,
  current: DiskOfferingRow,
): (offering: DiskOfferingRow) => boolean {
  return (offering) =>
    offering.id !== current.id &&
    offering.sizeStrictness === current.sizeStrictness &&
    (!current.sizeStrictness ||
      offering.sizeGib === 0 ||
      offering.sizeGib * GIB_BYTES === volume.sizeBytes) &&
    hasAll(offering.storageTags, current.storageTags);
}

function hasAll(tags: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((tag) => tags.includes(tag));
}
