import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { sameName } from '../../declare/list-parameters.js';
import { accountText } from '../../world/identity/accounts.js';
import { affinityGroupText } from '../../world/compute/affinity-groups.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { AccountRow, AffinityGroupRow } from '../../world/entities.js';
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

interface AskedForGroups {
  readonly affinitygroupids?: readonly AffinityGroupRow[] | undefined;
  readonly affinitygroupnames?: readonly string[] | undefined;
}

/**
 * The groups that a command is given by their ids, or by names of its owner's groups; undefined if
 * it is given none.
 *
 * @throws 431 for both at a time, and with `textOf` for the first name that is unknown.
 */
export function affinityGroupsAskedFor(
  world: World,
  owner: AccountRow,
  { affinitygroupids: groups, affinitygroupnames: names }: AskedForGroups,
  textOf: (name: string) => string,
): readonly AffinityGroupRow[] | undefined {
  if (groups !== undefined && names !== undefined) {
    throw invalidParameter(
      'affinitygroupids parameter is mutually exclusive with affinitygroupnames parameter',
    );
  }
  return (
    groups ??
    names?.map((name) => {
      const group = affinityGroupNamed(world, owner.id, name);
      if (group === undefined) throw invalidParameter(textOf(name));
      return group;
    })
  );
}

/** Throws for a group of another account than the VM's owner (AccountManagerImpl.checkAccess). */
export function assertOfSameOwner(
  { caller }: CommandContext,
  groups: readonly AffinityGroupRow[],
  owner: AccountRow,
): void {
  const foreign = groups.find((group) => group.accountId !== owner.id);
  if (foreign === undefined) return;
  const text = affinityGroupText(foreign);
  throw permissionDenied(
    isRootAdmin(caller)
      ? `Affinity Group ${text} does not belong to the VM's account`
      : `Entity ${text} and entity ${accountText(owner)} belong to different accounts`,
  );
}
