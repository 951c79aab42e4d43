import { resourceAllocation, type CloudException } from '../cloud-exception.js';
import { domainsUpFrom } from './domains.js';
import type { AccountRow, DomainRow } from '../entities.js';
import { limitSettings } from '../settings/limit-settings.js';
import { projectOfAccount } from './projects.js';
import { readableSize } from '../readable-size.js';
import { countOfAccount, countOfDomain } from './resource-counts.js';
import {
  isStorageType,
  resourceTypes,
  type ResourceAmounts,
  type ResourceType,
} from './resource-types.js';
import { isBefore } from '../settings/release.js';
import type { World } from '../world.js';

/** What a limit is where there is none. */
export const UNLIMITED = -1;

const GIB_BYTES = 1_024 ** 3;

/**
 * Throws 535 unless an account, and each domain from its own up to below ROOT, may have that much
 * more; root admins may have everything (ResourceLimitManagerImpl.checkResourceLimit). Call it before
 * anything is entered, with the amounts that will be.
 */
export function assertWithinLimits(world: World, owner: AccountRow, wanted: ResourceAmounts): void {
  if (owner.type === 'Admin') return;
  for (const type of resourceTypes) {
    const amount = wanted[type];
    if (amount === undefined) continue;
    assertAccountLimit(world, owner, type, amount);
    for (const domain of domainsUpFrom(world, owner.domainId)) {
      assertDomainLimit(world, domain, type, amount);
    }
  }
}

function assertAccountLimit(
  world: World,
  owner: AccountRow,
  type: ResourceType,
  amount: number,
): void {
  const limit = limitOfAccount(world, owner, type);
  const current = countOfAccount(world, owner, type);
  if (limit === UNLIMITED || current + amount <= limit) return;
  throw accountLimitReached(world, owner, { type, limit, current, amount });
}

/** That an account has no room for so much more of a type; bytes for storage. */
export function accountLimitReached(
  world: World,
  owner: AccountRow,
  reached: {
    readonly type: ResourceType;
    readonly limit: number;
    readonly current: number;
    readonly amount: number;
  },
): CloudException {
  const { type, limit, current, amount } = reached;
  const project = projectOfAccount(world, owner);
  const whose =
    project === undefined ? `Account Name = ${owner.name}` : `Project Name = ${project.name}`;
  const tag = isBefore(world, '4.20') ? '' : ", tag = 'null'";
  return resourceAllocation(
    `Maximum amount of resources of Type = '${type}'${tag} for ${whose} in Domain Id = ` +
      `${world.domains.require(owner.domainId).internalId} is exceeded: ` +
      `Account Resource Limit = ${amountText(type, limit)}, ` +
      `Current Account Resource Amount = ${amountText(type, current)}, ` +
      `Current Account Resource Reservation = ${amountText(type, 0)}, ` +
      `Requested Resource Amount = ${amountText(type, amount)}.`,
  );
}

function assertDomainLimit(
  world: World,
  domain: DomainRow,
  type: ResourceType,
  amount: number,
): void {
  const limit = limitOfDomain(world, domain, type);
  if (limit === UNLIMITED) return;
  const current = countOfDomain(world, domain, type);
  if (current + amount <= limit) return;
  throw resourceAllocation(
    `Maximum domain resource limits of Type '${type}' for Domain Id = ${domain.id} is exceeded: ` +
      `Domain Resource Limit = ${amountText(type, limit)}, ` +
      `Current Domain Resource Amount = ${amountText(type, current)}, ` +
      `Current Resource Reservation = ${amountText(type, 0)}, ` +
      `Requested Resource Amount = ${amountText(type, amount)}.`,
  );
}

function amountText(type: ResourceType, amount: number): string {
  return isStorageType(type) ? readableSize(amount) : String(amount);
}

/**
 * The most an account may have of a type: its own limit, else the setting for accounts or projects;
 * bytes for storage (ResourceLimitManagerImpl.findCorrectResourceLimitForAccount).
 */
export function limitOfAccount(world: World, account: AccountRow, type: ResourceType): number {
  if (account.type === 'Admin') return UNLIMITED;
  const own = ownLimit(world, account.id, type);
  return own ?? defaultLimit(world, account.type === 'Project' ? 'project' : 'account', type);
}

/** The same for a domain: its own, else that of the next domain above which has one, else the setting. */
export function limitOfDomain(world: World, domain: DomainRow, type: ResourceType): number {
  if (domain.parentId === null) return UNLIMITED;
  const inherited = domainsUpFrom(world, domain.id)
    .filter((above) => above.parentId !== null)
    .map((above) => ownLimit(world, above.id, type))
    .find((limit) => limit !== undefined);
  return inherited ?? defaultLimit(world, 'domain', type);
}

/** The limit that was set for an account or a domain, if any was. */
export function ownLimit(world: World, ownerId: string, type: ResourceType): number | undefined {
  return world.limits.where('ownerId', ownerId).find((row) => row.resourceType === type)?.max;
}

/** Sets the limit of an account or a domain; `max` in bytes for storage. */
export function setLimit(
  world: World,
  ownerId: string,
  resourceType: ResourceType,
  max: number,
): void {
  const row = world.limits
    .where('ownerId', ownerId)
    .find((own) => own.resourceType === resourceType);
  if (row === undefined) world.limits.insert({ ownerId, resourceType, max });
  else world.limits.change(row, { max });
}

/** A limit as people give it, GiB for storage, in what is counted. */
export function limitInUnits(type: ResourceType, limit: number): number {
  return limit > 0 && isStorageType(type) ? limit * GIB_BYTES : limit;
}

type LimitKind = 'account' | 'project' | 'domain';

function defaultLimit(world: World, kind: LimitKind, type: ResourceType): number {
  const name = `max.${kind}.${settingSuffix[type]}`;
  // Projects have no limit of projects.
  if (!isLimitSetting(name)) return UNLIMITED;
  const value = world.settings.get(name);
  return value < 0 ? UNLIMITED : limitInUnits(type, value);
}

function isLimitSetting(name: string): name is keyof typeof limitSettings {
  return Object.hasOwn(limitSettings, name);
}

/** With which the names of the settings end. */
const settingSuffix: Readonly<Record<ResourceType, string>> = {
  user_vm: 'user.vms',
  public_ip: 'public.ips',
  volume: 'volumes',
  snapshot: 'snapshots',
  template: 'templates',
  project: 'projects',
  network: 'networks',
  vpc: 'vpcs',
  cpu: 'cpus',
  memory: 'memory',
  primary_storage: 'primary.storage',
  secondary_storage: 'secondary.storage',
};
