import { membersOf } from '../compute/affinity-groups.js';
import type { AffinityGroupRow } from '../entities.js';
import { repeated } from '../repeated.js';
import type { World } from '../world.js';

/** What is true of affinity groups: who is in them, and that the strict ones hold. */
export function affinity(world: World): string[] {
  const { affinityGroups, affinityMembers } = world;
  return [
    ...repeated(
      affinityGroups.all(),
      (group) => `${group.accountId} ${group.name.toLowerCase()}`,
    ).map(
      ([group, other]) =>
        `affinity groups ${group.id} and ${other.id} are both called ${group.name}`,
    ),
    ...repeated(affinityMembers.all(), ({ groupId, vmId }) => `${groupId} ${vmId}`).map(
      ([{ groupId, vmId }]) => `VM ${vmId} is twice in affinity group ${groupId}`,
    ),
    ...affinityMembers.all().flatMap(({ groupId, vmId }) => membership(world, groupId, vmId)),
    ...affinityGroups.all().flatMap((group) => placement(world, group)),
  ];
}

function membership(world: World, groupId: string, vmId: string): string[] {
  const [group, vm] = [world.affinityGroups.get(groupId), world.vms.get(vmId)];
  if (group === undefined) return [`VM ${vmId} is in affinity group ${groupId}, which is deleted`];
  if (vm === undefined || vm.state === 'Expunging' || vm.state === 'Error') {
    return [`VM ${vmId} is ${vm?.state ?? 'removed'} and in affinity group ${groupId}`];
  }
  if (vm.accountId === group.accountId) return [];
  return [`VM ${vmId} and its affinity group ${groupId} belong to different accounts`];
}

/** Non-strict groups are placed as far as there is room. */
function placement(world: World, { id, type }: AffinityGroupRow): string[] {
  const placed = membersOf(world, id).filter((vm) => vm.hostId !== null);
  if (type === 'host anti-affinity') {
    return repeated(placed, (vm) => vm.hostId ?? '').map(
      ([vm, other]) => `VMs ${vm.id} and ${other.id} of anti-affinity group ${id} share a host`,
    );
  }
  const [first] = placed;
  if (type !== 'host affinity' || first === undefined) return [];
  return placed
    .filter((vm) => vm.hostId !== first.hostId)
    .map((vm) => `VMs ${first.id} and ${vm.id} of affinity group ${id} are on different hosts`);
}

/** Names and keys are each account's own. */
export function keyPairs({ sshKeyPairs }: World): string[] {
  const all = sshKeyPairs.all();
  return [
    ...repeated(all, (pair) => `${pair.accountId} ${pair.name.toLowerCase()}`),
    ...repeated(all, (pair) => `${pair.accountId} ${pair.publicKey}`),
  ].map(([pair, other]) => `SSH key pairs ${pair.id} and ${other.id} have the same name or key`);
}
