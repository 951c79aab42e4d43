import type { NetworkAclListRow, NetworkAclRow } from '../entities.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/**
 * The lists that every CloudStack starts with, in the order of their numbers 1 and 2
 * (NetworkACL.DEFAULT_DENY, DEFAULT_ALLOW): one that lets nothing pass, one that lets all pass.
 */
export function addDefaultAcls(world: World): void {
  addDefaultAcl(world, 'default_deny', 'Default Network ACL Deny All', 'Deny');
  addDefaultAcl(world, 'default_allow', 'Default Network ACL Allow All', 'Allow');
}

/** A list as CloudStack's error texts show it (NetworkACLVO.toString). */
export function aclListText(world: World, list: NetworkAclListRow): string {
  const { id: uuid, internalId: id, name } = list;
  const vpcId = list.vpcId === null ? 0 : world.vpcs.require(list.vpcId).internalId;
  return JSON.stringify({ id, name, uuid, vpcId });
}

/** The rules of a list by their numbers. */
export function rulesOfList(world: World, listId: string): NetworkAclRow[] {
  return world.networkAcls.where('listId', listId).sort((a, b) => a.number - b.number);
}

/** Tells the routers of the rules of a list: those that were revoked are gone (NetworkACLManagerImpl.applyNetworkACL). */
export function applyList(world: World, listId: string): void {
  for (const rule of rulesOfList(world, listId)) {
    if (rule.state === 'Revoke') purgeAcl(world, rule);
    else if (rule.state === 'Add') world.networkAcls.move(rule, 'Applied');
  }
}

/** Deletes a list with its rules: CloudStack does not remember them. */
export function purgeList(world: World, list: NetworkAclListRow): void {
  for (const rule of rulesOfList(world, list.id)) {
    if (rule.state !== 'Revoke') world.networkAcls.move(rule, 'Revoked');
    purgeAcl(world, rule);
  }
  world.networkAclLists.purge(list);
}

function purgeAcl(world: World, rule: NetworkAclRow): void {
  removeTags(world, rule.id);
  world.networkAcls.purge(rule);
}

function addDefaultAcl(
  world: World,
  name: string,
  description: string,
  action: NetworkAclRow['action'],
): void {
  const list = world.networkAclLists.insert({
    name,
    description,
    vpcId: null,
    isDefault: true,
    isDisplayed: true,
  });
  for (const [index, trafficType] of (['Ingress', 'Egress'] as const).entries()) {
    const rule = world.networkAcls.insert({
      listId: list.id,
      number: index + 1,
      trafficType,
      action,
      protocol: 'all',
      startPort: null,
      endPort: null,
      icmpType: null,
      icmpCode: null,
      cidrList: ['0.0.0.0/0'],
      reason: null,
      isDisplayed: true,
      state: 'Add',
    });
    world.networkAcls.move(rule, 'Applied');
  }
}
