import type { TagRow } from './entities.js';
import type { EntityName } from './entity-lookup.js';
import type { World } from './world.js';

/** The resource types that can have tags, by the name of their entity where they are simulated. */
export const taggable: Readonly<Record<string, EntityName | null>> = {
  UserVm: 'virtualmachine',
  Template: 'template',
  ISO: 'template',
  Volume: 'volume',
  Snapshot: 'snapshot',
  Backup: null,
  Network: 'network',
  LoadBalancer: 'loadbalancerrule',
  PortForwardingRule: 'portforwardingrule',
  FirewallRule: 'firewallrule',
  SecurityGroup: null,
  SecurityGroupRule: null,
  PublicIpAddress: 'publicipaddress',
  Project: 'project',
  Account: 'account',
  Vpc: 'vpc',
  NetworkACL: 'networkacl',
  StaticRoute: null,
  VMSnapshot: 'vmsnapshot',
  RemoteAccessVpn: null,
  User: 'user',
  SnapshotPolicy: 'snapshotpolicy',
  VpcOffering: 'vpcoffering',
};

/** The tags of a resource, in the order in which they were made. */
export function tagsOf(world: World, resourceId: string): TagRow[] {
  return world.tags.where('resourceId', resourceId);
}

/** Gives a resource the tags of another one, which stay their owner's. */
export function copyTags(world: World, fromId: string, toId: string, resourceType: 'UserVm'): void {
  for (const { accountId, key, value, customer } of tagsOf(world, fromId)) {
    world.tags.insert({ accountId, key, value, customer, resourceType, resourceId: toId });
  }
}

/**
 * Deletes all tags of a resource: call it when the resource itself is gone. CloudStack keeps no rows of
 * tags that were deleted (ResourceTagVO has no `removed`).
 */
export function removeTags(world: World, resourceId: string): void {
  for (const tag of tagsOf(world, resourceId)) world.tags.purge(tag);
}
