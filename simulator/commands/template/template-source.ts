import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { SnapshotRow, VolumeRow, ZoneRow } from '../../world/entities.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { takesMore } from '../../world/storage/image-store-space.js';
import { snapshotText } from '../../world/storage/snapshots.js';
import { NO_ENDPOINT } from '../../world/storage/stored-images.js';
import type { World } from '../../world/world.js';
import { volumeText } from '../volume/volume-rules.js';

// What createTemplate makes a template of, and what keeps it from that (TemplateManagerImpl).

/** Of what a template is to be made, and where it is to come to. */
export interface Source {
  readonly volumeid?: VolumeRow | undefined;
  readonly snapshotid?: SnapshotRow | undefined;
  readonly zoneid?: ZoneRow | undefined;
}

/** What the template is made of, which the first half of the command has checked. */
export function sourceOf({ snapshotid, volumeid }: Source): SnapshotRow | VolumeRow {
  const source = snapshotid ?? volumeid;
  if (source === undefined) throw new Error('the first half of the command checks the source');
  return source;
}

/** The zone to which it comes: the caller's, or that of what it is made of. */
export function zoneOfNew(world: World, asked: Source): ZoneRow {
  return asked.zoneid ?? world.zones.require(sourceOf(asked).zoneId);
}

/** @throws 530 where the secondary storage of the zone is full */
export function assertTakesTemplate(world: World, zone: ZoneRow): void {
  if (takesMore(world, zone)) return;
  throw cloudRuntime(`cannot find an image store for zone ${zone.internalId}`);
}

/** A host copies volumes, the secondary storage VM snapshots (AncientDataMotionStrategy). */
export function assertCanBeCopied(world: World, asked: Source): void {
  if (asked.snapshotid === undefined || zoneOfNew(world, asked).secondaryStorageVmUp) return;
  throw cloudRuntime(`Failed to create template${NO_ENDPOINT}`);
}

/** Whether there is a source, and whether it is the caller's, comes first (CreateTemplateCmd.getEntityOwnerId). */
export function assertSourceThere(context: CommandContext, asked: Source): void {
  const { volumeid, snapshotid } = asked;
  const what = volumeid === undefined ? 'snapshot' : 'volume';
  const source = volumeid ?? snapshotid;
  if (source === undefined || source.removedMs !== null) {
    throw invalidParameter(`Unable to find ${what} by id=${source?.internalId ?? 'null'}`);
  }
  assertMayOperate(context, what, source);
}

/** The volume that the template is made of, or whose snapshot it is. */
export function sourceVolume(context: CommandContext, asked: Source): VolumeRow {
  const { volumeid: volume, snapshotid: snapshot, zoneid: zone } = asked;
  const failed = 'Failed to create private template record,';
  if (zone !== undefined && snapshot === undefined) {
    throw invalidParameter(`${failed} zone ID can only be specified together with snapshot ID.`);
  }
  if (volume !== undefined && snapshot !== undefined) {
    throw invalidParameter(
      `${failed} please specify only one of volume ID (${volume.internalId}) and snapshot ID (${snapshot.internalId})`,
    );
  }
  if (volume !== undefined) {
    if (isEncrypted(context.world, volume)) {
      throw cloudRuntime('Cannot create templates from encrypted volumes');
    }
    assertInactive(context, volume);
    return volume;
  }
  return volumeOfSnapshot(context, snapshot as SnapshotRow, zone, failed);
}

/** Nobody may write to the disk meanwhile (VolumeOrchestrator.volumeInactive). */
export function assertInactive({ world }: CommandContext, volume: VolumeRow): void {
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm === undefined || vm.state === 'Stopped' || vm.state === 'Destroyed') return;
  throw cloudRuntime(
    `Unable to create private template for volume: ${volumeText(world, volume)}; volume is attached to a non-stopped VM, please stop the VM first`,
  );
}

function volumeOfSnapshot(
  context: CommandContext,
  snapshot: SnapshotRow,
  zone: ZoneRow | undefined,
  failed: string,
): VolumeRow {
  if (isEncrypted(context.world, snapshot)) {
    throw cloudRuntime('Cannot create templates from snapshots of encrypted volumes');
  }
  if (snapshot.state !== 'BackedUp') {
    throw invalidParameter(
      `Snapshot ${snapshotText(context.world, snapshot)} is not in BackedUp state yet and can't be used for template creation`,
    );
  }
  if (zone !== undefined && zone.removedMs !== null) {
    throw invalidParameter(`${failed} invalid zone specified`);
  }
  return context.world.volumes.require(snapshot.volumeId);
}
