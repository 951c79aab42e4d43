import { findVm } from '../cloudstack/find-resources.js';
import { isMark, marks, tagsByKey } from '../cloudstack/tags.js';
import { timeMs } from '../cloudstack/time.js';
import type { Volume } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import { deleteVolume } from '../methods/shared/delete-volume.js';
import { earlierNames } from '../methods/shared/earlier-names.js';
import { isLiveVm, isLiveVolume } from '../methods/shared/live-resources.js';
import { directorOf, isNamedByUs, type Finder } from './forgotten.js';

/** Disks that nobody was told of, and ephemeral ones whose VM is gone. */
export const forgottenVolumes: Finder = async (call) => {
  const free = (await listOurs(call)).filter(
    (volume) => isLiveVolume(volume) && volume.virtualmachineid === undefined,
  );
  const found: { volume: Volume; why: string }[] = [];
  for (const volume of free) {
    const why = isUnused(volume) ? neverUsed : await whyWithoutVm(call, volume);
    if (why !== undefined) found.push({ volume, why });
  }
  return found.map(({ volume, why }) => ({
    kind: 'volume',
    id: volume.id,
    name: volume.name,
    directorUuid: directorOf(volume.tags),
    createdMs: timeMs(volume.created),
    ...(why === neverUsed && { leastAgeMs: unusedAfterMs }),
    why,
    remove: () => deleteVolume(call.client, volume.id),
  }));
};

/**
 * Persistent disks, and the ephemeral ones of earlier CPIs, by their name; ephemeral ones, which
 * CloudStack names, by their mark. An earlier CPI's may have that, too.
 */
async function listOurs({ client }: Call): Promise<Volume[]> {
  const type = 'DATADISK';
  const tags = [{ key: marks.purpose, value: 'ephemeral-disk' }];
  const persistent = await client.list('listVolumes', { type, keyword: 'disk-' });
  const ephemeral = await client.list('listVolumes', { type, tags });
  return [...new Map([...persistent, ...ephemeral].map((volume) => [volume.id, volume])).values()];
}

/**
 * A Director knows of a disk as soon as create_disk has answered, and may attach it, or give it
 * metadata, only when a deployment that failed is made again.
 */
const unusedAfterMs = 24 * 3_600_000;

const neverUsed = 'it was never attached to a VM, and no Director gave it metadata';

const ofEarlierCpi = 'it is an ephemeral disk of an earlier CPI, and no VM has it';

/** A Director attaches a disk that it was told of, and gives it metadata then. */
function isUnused({ name, state, attached, tags = [] }: Volume): boolean {
  const purpose = tagsByKey(tags)[marks.purpose] ?? 'persistent-disk';
  // create_disk itself puts on the name that a disk type asks for.
  const hasMetadata = tags.some(({ key }) => !isMark(key) && key !== 'name');
  const wasAttached = state !== 'Allocated' || attached !== undefined;
  return isNamedByUs(name, 'disk') && purpose === 'persistent-disk' && !wasAttached && !hasMetadata;
}

async function whyWithoutVm({ client }: Call, { name, tags }: Volume): Promise<string | undefined> {
  const { [marks.purpose]: purpose, [marks.vm]: vmId } = tagsByKey(tags);
  if (purpose === undefined && earlierNames.ephemeralDisk.test(name)) return ofEarlierCpi;
  if (purpose !== 'ephemeral-disk' || vmId === undefined) return undefined;
  if (isLiveVm(await findVm(client, vmId))) return undefined;
  return `it is the ephemeral disk of VM ${vmId}, which is gone`;
}
