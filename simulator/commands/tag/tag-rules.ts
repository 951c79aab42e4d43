import { assertMayOperate, ownerOf } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { findEntity, findEntityByInternalId } from '../../world/entity-lookup.js';
import { taggable } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import type { EntityName, EntityRows } from '../../world/entity-lookup.js';

/** Those that cannot. */
const notTaggable: readonly string[] = [
  'DomainRouter',
  'Nic',
  'Zone',
  'ServiceOffering',
  'Storage',
  'PrivateGateway',
  'NetworkACLList',
  'VpnGateway',
  'CustomerGateway',
  'VpnConnection',
  'DiskOffering',
  'AutoScaleVmProfile',
  'AutoScaleVmGroup',
  'LBStickinessPolicy',
  'LBHealthCheckPolicy',
  'GuestOs',
  'NetworkOffering',
  'Domain',
];

/** The resource type as CloudStack spells it; throws if there is none (ResourceObjectType). */
export function resourceTypeNamed(name: string): string {
  const types = [...Object.keys(taggable), ...notTaggable];
  const type = types.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (type === undefined) throw invalidParameter(`Invalid resource type ${name}`);
  return type;
}

export interface TagTarget {
  readonly id: string;
  readonly accountId: string;
}

/**
 * The resource that tags are to be put on; throws if its type has no tags, if it does not exist or
 * is removed, or if the caller may not (TaggedResourceManagerImpl.createTags).
 */
export function tagTarget(context: CommandContext, resourceType: string, id: string): TagTarget {
  const entityName = taggable[resourceType];
  if (entityName === undefined) {
    throw invalidParameter(`The resource type ${resourceType} doesn't support resource tags`);
  }
  const { world } = context;
  const { name, row } = resourceNamed(world, entityName, resourceType, id);
  const owner = ownerOf(world, name, row);
  if (owner === undefined) {
    throw permissionDenied(
      `Account '${context.caller.account.name}' doesn't have permissions to create tags for ` +
        `resource [id: ${row.internalId}, type: ${resourceType}].`,
    );
  }
  assertMayOperate(context, name, row);
  return { id: row.id, accountId: owner.id };
}

/** The entity of a resource type that can have tags: null where it is not simulated. */
export function taggableEntity(resourceType: string): EntityName | null | undefined {
  return taggable[resourceType];
}

/**
 * The resource of a type, by uuid or internal id (ResourceManagerUtilImpl.getResourceId).
 *
 * @throws 431 where there is none.
 */
export function resourceNamed(
  world: World,
  name: EntityName | null,
  resourceType: string,
  id: string,
): { readonly name: EntityName; readonly row: EntityRows[EntityName] } {
  const row = name === null ? undefined : findLive(world, name, id);
  if (name !== null && row !== undefined) return { name, row };
  const kind = isInternalId(id) ? 'id' : 'uuid';
  throw invalidParameter(`Unable to find resource by ${kind} ${id} and type ${resourceType}`);
}

/** Resources are named by uuid or by internal id; tags know them by uuid. */
export function resourceUuid(world: World, resourceType: string, id: string): string {
  const entityName = taggable[resourceType];
  if (!isInternalId(id) || entityName === undefined || entityName === null) return id;
  return findLive(world, entityName, id)?.id ?? id;
}

function findLive(world: World, name: EntityName, id: string): EntityRows[EntityName] | undefined {
  const row = isInternalId(id)
    ? findEntityByInternalId(world, name, Number(id))
    : findEntity(world, name, id.toLowerCase());
  return row?.removedMs === null ? row : undefined;
}

/** Whether a resource is named by its internal id. */
export function isInternalId(id: string): boolean {
  return /^\d+$/.test(id);
}
