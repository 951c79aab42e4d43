import { assertMayOperate, mayActFor } from '../../declare/access.js';
import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import {
  CloudException,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../world/cloud-exception.js';
import type { AccountRow, ProjectRow, VolumeRow } from '../../world/entities.js';
import { accountText } from '../../world/identity/accounts.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { volumeResponse } from './volume-response.js';

/**
 * Gives a volume to another account or a project. What CloudStack throws for a wrong parameter is one
 * of the errors that the command tells in a text of its own (AssignVolumeCmd.execute,
 * VolumeApiServiceImpl.assignVolumeToAccount).
 */
export const assignVolume = syncCommand({
  name: 'assignVolume',
  summary: 'Gives a volume to another account or project.',
  roles: everyAdmin,
  since: '4.18.0.0',
  parameters: {
    volumeid: entity('volume', { required: true }),
    accountid: entity('account'),
    projectid: entity('project'),
  },
  response: objectOf(volumeResponse),
  run: (context, { volumeid: volume, accountid, projectid }) => {
    toldAsFailure(volume, () => {
      assertMayGo(context, volume);
      const receiver = receiverOf(context, accountid, projectid);
      const { world } = context;
      assertMayReceive(volume, receiver);
      assertMayOperate(context, 'account', world.accounts.require(volume.accountId));
      assertMayOperate(context, 'account', receiver);
      assertWithinLimits(world, receiver, { volume: 1, primary_storage: volume.sizeBytes });
      world.volumes.change(volume, { accountId: receiver.id });
    });
    return volume;
  },
});

function assertMayGo({ world }: CommandContext, volume: VolumeRow): void {
  if (volume.removedMs !== null) {
    throw invalidParameter(`No volume was found with UUID [${volume.id}].`);
  }
  const text = JSON.stringify({ id: volume.internalId, name: volume.name, uuid: volume.id });
  if (volume.vmId !== null) {
    const { internalId, instanceName, id } = world.vms.require(volume.vmId);
    const vm = JSON.stringify({ id: internalId, instanceName, type: 'User', uuid: id });
    throw permissionDenied(
      `Volume [${text}] is attached to [VM instance ${vm}], so it cannot be moved to a different account.`,
    );
  }
  const kept = world.snapshots
    .where('volumeId', volume.id)
    .filter(({ state }) => state !== 'Error');
  if (kept.length === 0) return;
  throw permissionDenied(
    `Volume [${text}] has snapshots. Remove the volume's snapshots before assigning it to another account.`,
  );
}

function receiverOf(
  { world, caller }: CommandContext,
  account: AccountRow | undefined,
  project: ProjectRow | undefined,
): AccountRow | undefined {
  if (project !== undefined && account !== undefined) {
    throw invalidParameter(
      "Both 'accountid' and 'projectid' were informed. You must inform only one of them.",
    );
  }
  if (project === undefined) return account;
  if (project.removedMs !== null) throw invalidParameter(`Unable to find project [${project.id}]`);
  const receiver = world.accounts.require(project.accountId);
  if (mayActFor(world, caller, receiver)) return receiver;
  throw permissionDenied(
    `Account [${accountText(caller.account)}] does not have access to project [${project.id}].`,
  );
}

function assertMayReceive(
  volume: VolumeRow,
  receiver: AccountRow | undefined,
): asserts receiver is AccountRow {
  if (receiver === undefined || receiver.removedMs !== null) {
    const id = receiver?.id ?? 'null';
    throw invalidParameter(
      `UUID of the destination account is invalid. No account was found with UUID [${id}].`,
    );
  }
  if (receiver.state !== 'enabled') {
    throw invalidParameter(
      `Unable to assign volume to destination account [${accountText(receiver)}], as it is in [${receiver.state}] state.`,
    );
  }
  if (receiver.id !== volume.accountId) return;
  throw invalidParameter(
    `The new account and the old account are the same [${accountText(receiver)}].`,
  );
}

function toldAsFailure(volume: VolumeRow, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw serverApiError(
      530,
      `Assign volume command for volume [${volume.id}] failed due to [${error.message}].`,
    );
  }
}
