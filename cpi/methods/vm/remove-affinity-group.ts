import type { CloudStackClient } from '../../cloudstack/client.js';
import { directorIn } from '../../cloudstack/director-text.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import type { AffinityGroup } from '../../cloudstack/types.js';
import type { Call } from '../call/call.js';
import { deleteUnlessUsed } from '../shared/delete-unless-used.js';
import { isLiveVm } from '../shared/live-resources.js';

/** Of an instance group, as the Go CPI named its groups, which have no description. */
const nameOfEarlierGroup = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-/;

/**
 * The Director for whom we made a group, or the Go CPI did for an instance group; undefined for a
 * group of somebody else.
 */
export function directorOfGroup({ name, description = '' }: AffinityGroup): string | undefined {
  return description === '' ? nameOfEarlierGroup.exec(name)?.[1] : directorIn(description);
}

/**
 * Removes those of the groups of a deleted VM that we made and that no other VM is in. That the VM
 * is gone counts for more: what cannot be removed is told and left.
 */
export async function removeUnusedGroups(
  { client, context: { directorUuid }, log }: Call,
  groups: readonly AffinityGroup[],
): Promise<void> {
  for (const group of groups) {
    try {
      await removeUnusedGroup(client, directorUuid, group);
    } catch (failure) {
      if (!isCloudStackError(failure)) throw failure;
      log(`warning: affinity group ${group.name} (${group.id}) stays: ${failure.message}`);
    }
  }
}

/**
 * Removes a group that we made if no VM is in it; destroyed ones, which leave it only when they are
 * expunged, do not count. CloudStack would delete it with VMs in it, too.
 */
export async function removeUnusedGroup(
  client: CloudStackClient,
  directorUuid: string,
  group: AffinityGroup,
): Promise<void> {
  if (directorOfGroup(group) !== directorUuid) return;
  const { id, name } = group;
  const what = `deletion of affinity group ${name} (${id})`;
  try {
    await deleteUnlessUsed(client, {
      isUsed: async () =>
        (await client.list('listVirtualMachines', { affinitygroupid: id })).some(isLiveVm),
      remove: (validUntilMs) => client.run('deleteAffinityGroup', { id }, { what, validUntilMs }),
    });
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found')) throw failure;
  }
}
