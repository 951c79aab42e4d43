import type {
  AccountRow,
  DomainRow,
  NetworkRow,
  ProjectMemberRow,
  PublicIpRow,
  SnapshotRow,
  SnapshotStoreRow,
  VmRow,
  VolumeRow,
  VpcRow,
} from '../entities.js';
import { isInSubtree } from './domains.js';
import type { ResourceAmounts, ResourceType } from './resource-types.js';
import { isUploaded } from '../storage/volume-images.js';
import type { World } from '../world.js';

/** A VM counts until it is destroyed, not after a failed deployment, and not while it is hidden. */
export function countedOfVm({ state, cpuNumber, memoryMib, isDisplayed }: VmRow): ResourceAmounts {
  if (!isDisplayed) return {};
  if (state === 'Destroyed' || state === 'Expunging' || state === 'Error') return {};
  return { user_vm: 1, cpu: cpuNumber, memory: memoryMib };
}

/**
 * A volume counts from its entry, before it has a place, until it is destroyed, and not while it is
 * hidden; one that is uploaded takes of secondary storage until it is copied to a pool.
 */
export function countedOfVolume({ state, sizeBytes, isDisplayed }: VolumeRow): ResourceAmounts {
  if (!isDisplayed) return {};
  if (state === 'Destroy' || state === 'Expunging' || state === 'Expunged') return {};
  return isUploaded(state)
    ? { volume: 1, secondary_storage: sizeBytes }
    : { volume: 1, primary_storage: sizeBytes };
}

/**
 * A snapshot counts as large as its volume until it is in secondary storage, where its copies count;
 * one that is to stay on its pool counts there for good (SnapshotManagerImpl.allocSnapshot).
 */
export function countedOfSnapshot(snapshot: SnapshotRow): ResourceAmounts {
  const { state, sizeBytes, goesToSecondary } = snapshot;
  if (state === 'Destroyed' || state === 'Error') return {};
  if (!goesToSecondary) return { snapshot: 1, primary_storage: sizeBytes };
  const isOnItsWay = !['BackedUp', 'Destroying'].includes(state);
  return { snapshot: 1, secondary_storage: isOnItsWay ? sizeBytes : 0 };
}

/** Each copy in secondary storage counts with what it takes there, one from another zone at once. */
export function countedOfSnapshotStore(store: SnapshotStoreRow): ResourceAmounts {
  const { role, downloadState, sizeBytes, physicalSizeBytes } = store;
  if (role === 'Primary') return {};
  const isOnItsWay = downloadState === 'DOWNLOAD_IN_PROGRESS';
  return { secondary_storage: isOnItsWay ? sizeBytes : physicalSizeBytes };
}

/** Source NAT addresses count like the others. */
export function countedOfPublicIp({ accountId }: PublicIpRow): ResourceAmounts {
  return accountId === null ? {} : { public_ip: 1 };
}

/** Only isolated networks count: the others are no account's to make. */
export function countedOfNetwork({ type, isDisplayed }: NetworkRow): ResourceAmounts {
  return type === 'Isolated' && isDisplayed ? { network: 1 } : {};
}

/** A VPC counts until its deletion begins. */
export function countedOfVpc({ state }: VpcRow): ResourceAmounts {
  return state === 'Enabled' ? { vpc: 1 } : {};
}

/** Projects count for those who administrate them. */
export function countedOfMember({ role }: ProjectMemberRow): ResourceAmounts {
  return role === 'Admin' ? { project: 1 } : {};
}

/** How much of a type an account has (ResourceLimitManagerImpl.recalculateAccountResourceCount). */
export function countOfAccount(world: World, account: AccountRow, type: ResourceType): number {
  return counters[type](world, account.id);
}

/** How much of a type the accounts of a domain and of all below it have. */
export function countOfDomain(world: World, domain: DomainRow, type: ResourceType): number {
  if (type === 'project') {
    return world.projects.all().filter((row) => isInSubtree(world, row.domainId, domain.id)).length;
  }
  return world.accounts
    .all()
    .filter((account) => isInSubtree(world, account.domainId, domain.id))
    .reduce((sum, account) => sum + countOfAccount(world, account, type), 0);
}

const counters: Readonly<Record<ResourceType, (world: World, accountId: string) => number>> = {
  user_vm: ({ vms }, accountId) => vms.total('accountId', accountId, 'user_vm'),
  cpu: ({ vms }, accountId) => vms.total('accountId', accountId, 'cpu'),
  memory: ({ vms }, accountId) => vms.total('accountId', accountId, 'memory'),
  public_ip: ({ publicIps }, accountId) => publicIps.total('accountId', accountId, 'public_ip'),
  volume: ({ volumes }, accountId) => volumes.total('accountId', accountId, 'volume'),
  primary_storage: ({ volumes, snapshots }, accountId) =>
    volumes.total('accountId', accountId, 'primary_storage') +
    snapshots.total('accountId', accountId, 'primary_storage'),
  snapshot: ({ snapshots }, accountId) => snapshots.total('accountId', accountId, 'snapshot'),
  template: ({ templates }, accountId) => templates.where('accountId', accountId).length,
  project: ({ projectMembers }, accountId) =>
    projectMembers.total('accountId', accountId, 'project'),
  network: ({ networks }, accountId) => networks.total('accountId', accountId, 'network'),
  vpc: ({ vpcs }, accountId) => vpcs.total('accountId', accountId, 'vpc'),
  secondary_storage: (world, accountId) =>
    templateBytes(world, accountId) +
    world.volumes.total('accountId', accountId, 'secondary_storage') +
    world.snapshots.total('accountId', accountId, 'secondary_storage') +
    world.snapshotStores.total('accountId', accountId, 'secondary_storage'),
};

/** Each zone holds a copy of its own. */
function templateBytes({ templates, templateZones }: World, accountId: string): number {
  return templates
    .where('accountId', accountId)
    .flatMap((template) => templateZones.where('templateId', template.id))
    .reduce((sum, inZone) => sum + inZone.physicalSizeBytes, 0);
}
