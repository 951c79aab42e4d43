import { sameName } from '../../declare/list-parameters.js';
import { cloudRuntime, serverApiError } from '../../world/cloud-exception.js';
import type { EntityName, EntityRows } from '../../world/entity-lookup.js';
import type { BaseRow } from '../../world/base-row.js';
import type { Table } from '../../world/table.js';
import type { World } from '../../world/world.js';
import { resourceNamed, taggableEntity } from '../tag/tag-rules.js';

/** The tables whose rows have details, by the type of resource. */
const detailTables = {
  UserVm: 'vms',
  Template: 'templates',
  Network: 'networks',
  ServiceOffering: 'serviceOfferings',
  DiskOffering: 'diskOfferings',
  NetworkOffering: 'networkOfferings',
} as const;

/** The entities of types that can have details and no tags, where they are simulated. */
const entities: Readonly<Record<string, EntityName>> = {
  Nic: 'nic',
  Zone: 'zone',
  ServiceOffering: 'serviceoffering',
  Storage: 'storagepool',
  NetworkACLList: 'networkacllist',
  DiskOffering: 'diskoffering',
  NetworkOffering: 'networkoffering',
};

/** The types that cannot have details (ResourceTag.ResourceObjectType). */
const WITHOUT_DETAILS: ReadonlySet<string> = new Set([
  'ISO',
  'Snapshot',
  'Backup',
  'DomainRouter',
  'SecurityGroup',
  'SecurityGroupRule',
  'Project',
  'Account',
  'StaticRoute',
  'VMSnapshot',
  'VpcOffering',
  'Domain',
]);

export interface DetailedRow extends BaseRow {
  readonly details: Readonly<Record<string, string>>;
}

type DetailTable = Pick<Table<DetailedRow>, 'all' | 'change' | 'get'>;

/** The resource of any type, by uuid or internal id; throws 431 where there is none. */
export function resourceOfType(
  world: World,
  resourceType: string,
  id: string,
): { readonly name: EntityName; readonly row: EntityRows[EntityName] } {
  const name = entities[resourceType] ?? taggableEntity(resourceType) ?? null;
  return resourceNamed(world, name, resourceType, id);
}

/** Throws 530 for a type that cannot have details (ResourceMetaDataManagerImpl.DetailDaoHelper). */
export function assertHasDetails(resourceType: string): void {
  if (!WITHOUT_DETAILS.has(resourceType)) return;
  throw cloudRuntime(`ResourceType ${resourceType} doesn't support metadata`);
}

/** All resources of a type that have details here, in the order of their creation. */
export function detailedRows(world: World, resourceType: string): readonly DetailedRow[] {
  return tableOf(world, resourceType)?.all() ?? [];
}

/** The row of a resource that has details here. */
export function detailedRow(
  world: World,
  resourceType: string,
  id: string,
): DetailedRow | undefined {
  return tableOf(world, resourceType)?.get(id);
}

/** Puts details on a resource in the place of those that it has under these keys. */
export function putDetails(
  world: World,
  resourceType: string,
  id: string,
  added: ReadonlyMap<string, string>,
): void {
  const table = tableOf(world, resourceType);
  if (table === undefined) {
    throw serverApiError(
      432,
      `The simulator keeps no details of a resource of type ${resourceType}`,
    );
  }
  const row = table.get(id);
  if (row === undefined) throw new Error(`there is no ${resourceType} ${id}`);
  const isReplaced = (key: string): boolean => [...added.keys()].some((one) => sameName(one, key));
  table.change(row, {
    details: { ...withoutDetails(row, isReplaced), ...Object.fromEntries(added) },
  });
}

/** Takes a detail away from a resource, or all of them. */
export function dropDetails(
  world: World,
  resourceType: string,
  id: string,
  key: string | undefined,
): void {
  const table = tableOf(world, resourceType);
  const row = table?.get(id);
  if (table === undefined || row === undefined) return;
  const isDropped = (own: string): boolean => key === undefined || sameName(own, key);
  table.change(row, { details: withoutDetails(row, isDropped) });
}

function withoutDetails(
  { details }: DetailedRow,
  isLeftOut: (key: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !isLeftOut(key)));
}

function tableOf(world: World, resourceType: string): DetailTable | undefined {
  if (!Object.hasOwn(detailTables, resourceType)) return undefined;
  return world[detailTables[resourceType as keyof typeof detailTables]];
}
