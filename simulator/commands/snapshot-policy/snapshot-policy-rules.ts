import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { sameName } from '../../declare/list-parameters.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { VolumeRow, ZoneRow } from '../../world/entities.js';
import { UNLIMITED, limitOfAccount, limitOfDomain } from '../../world/identity/resource-limits.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { mostKept } from '../../world/storage/recurring-snapshots.js';
import type { PolicyWish } from '../../world/storage/snapshot-policies.js';
import {
  nextRunMs,
  policyIntervals,
  timezoneNamed,
  type PolicyInterval,
} from '../../world/storage/snapshot-schedule.js';
import type { World } from '../../world/world.js';
import { volumeText } from '../volume/volume-rules.js';

/** What a caller asks for. */
export interface AskedPolicy {
  readonly volumeid: VolumeRow;
  readonly intervaltype: string;
  readonly schedule: string;
  readonly timezone: string;
  readonly maxsnaps: number | undefined;
  readonly fordisplay: boolean | undefined;
  readonly zoneids: readonly ZoneRow[] | undefined;
}

/** The policy that is asked for, checked in the order of SnapshotManagerImpl.createPolicy. */
export function checkedPolicy(context: CommandContext, asked: AskedPolicy): PolicyWish {
  const { world } = context;
  const { volumeid: volume, schedule, fordisplay: isDisplayed = true, zoneids = [] } = asked;
  const { maxsnaps: maxSnaps = 0 } = asked;
  if (volume.removedMs !== null) {
    throw invalidParameter(`Unable to find volume by id=${volume.internalId}`);
  }
  if (isEncrypted(world, volume)) {
    throw cloudRuntime(
      `Encrypted volumes don't support snapshot schedules, cannot create snapshot policy for the volume [${volume.id}]`,
    );
  }
  assertMayOperate(context, 'volume', volume);
  if (volume.state !== 'Ready' && isDisplayed) {
    throw invalidParameter(
      `Volume: ${volumeText(world, volume)} is not in Ready state but ${volume.state}. Cannot take snapshot.`,
    );
  }
  const interval = policyIntervals.find((name) => sameName(name, asked.intervaltype));
  if (interval === undefined) {
    throw invalidParameter(`Unsupported interval type ${asked.intervaltype}`);
  }
  const timezone = timezoneNamed(asked.timezone);
  if (nextRunMs(interval, schedule, timezone, world.kernel.nowMs) === undefined) {
    throw invalidParameter(
      `${volumeText(world, volume)} has an invalid schedule [${schedule}] for interval type [${asked.intervaltype}].`,
    );
  }
  assertNumber(world, volume, maxSnaps, interval, asked.intervaltype);
  if (isDisplayed) assertWithinSnapshotLimits(world, volume, maxSnaps);
  assertZones(context, zoneids);
  const zoneIds = zoneids.map(({ id }) => id);
  return { interval, schedule, timezone, maxSnaps, isDisplayed, zoneIds };
}

function assertNumber(
  world: World,
  volume: VolumeRow,
  maxSnaps: number,
  interval: PolicyInterval,
  intervalText: string,
): void {
  const what = `maxSnaps [${maxSnaps}] for volume ${volumeText(world, volume)}`;
  if (maxSnaps <= 0) throw invalidParameter(`${what} should be greater than 0.`);
  const max = mostKept(world, interval);
  if (maxSnaps <= max) return;
  throw invalidParameter(`${what} exceeds limit [${max}] for interval type [${intervalText}].`);
}

/** More snapshots than the owner may have at all make no sense; root admins may have any number. */
function assertWithinSnapshotLimits(world: World, volume: VolumeRow, maxSnaps: number): void {
  const owner = world.accounts.require(volume.accountId);
  if (owner.type === 'Admin') return;
  const limits = [
    limitOfAccount(world, owner, 'snapshot'),
    limitOfDomain(world, world.domains.require(owner.domainId), 'snapshot'),
  ];
  if (limits.every((limit) => limit === UNLIMITED || maxSnaps <= limit)) return;
  const level = owner.type === 'Project' ? 'domain/project' : 'domain/account';
  throw invalidParameter(
    `Max number of snapshots shouldn't exceed the ${level} level snapshot limit`,
  );
}

function assertZones({ world, caller }: CommandContext, zones: readonly ZoneRow[]): void {
  if (zones.length === 0) return;
  if (!world.settings.get('snapshot.backup.to.secondary')) {
    throw invalidParameter(
      'Backing up of snapshot has been disabled. Snapshot can not be taken for multiple zones',
    );
  }
  for (const zone of zones) {
    if (zone.removedMs !== null) {
      throw invalidParameter('Please specify a valid destination zone.');
    }
    if (zone.allocationState === 'Enabled' || isRootAdmin(caller)) continue;
    throw permissionDenied(
      `Cannot perform this operation, Zone is currently disabled: ${zone.name}`,
    );
  }
}
