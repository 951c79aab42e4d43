import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { sameName } from '../../declare/list-parameters.js';
import { affinityGroupText } from '../../world/affinity-groups.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { AffinityGroupRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** The group of an account with this name; the database compares without regard to case. */
export function affinityGroupNamed(
  world: World,
  accountId: string,
  name: string,
): AffinityGroupRow | undefined {
  return world.affinityGroups
    .where('accountId', accountId)
    .find((group) => sameName(group.name, name));
}

/** The groups of an account with these names. @throws 431 with `textOf` the first unknown one. */
export function affinityGroupsNamed(
  world: World,
  accountId: string,
  names: readonly string[],
  textOf: (name: string) => string,
): AffinityGroupRow[] {
  return names.map((name) => {
    const group = affinityGroupNamed(world, accountId, name);
    if (group === undefined) throw invalidParameter(textOf(name));
    return group;
  });
}

/** Throws if groups are given both by id and by name. */
export function assertIdsOrNames(args: {
  readonly affinitygroupids?: readonly AffinityGroupRow[] | undefined;
  readonly affinitygroupnames?: readonly string[] | undefined;
}): void {
  if (args.affinitygroupids === undefined || args.affinitygroupnames === undefined) return;
  throw invalidParameter(
    'affinitygroupids parameter is mutually exclusive with affinitygroupnames parameter',
  );
}

/** Throws for a group of another account than the VM's: root admins could reach both. */
export function assertOfSameAccount(
  { caller }: CommandContext,
  groups: readonly AffinityGroupRow[],
  accountId: string,
): void {
  const foreign = groups.find((group) => group.accountId !== accountId);
  if (foreign === undefined) return;
  const text = affinityGroupText(foreign);
  if (isRootAdmin(caller)) {
    throw permissionDenied(`Affinity Group ${text} does not belong to the VM's account`);
  }
  throw permissionDenied(`Entity ${text} and its virtual machine belong to different accounts`);
}
