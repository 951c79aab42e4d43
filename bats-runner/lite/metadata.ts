import type { JsonObject } from '../json.js';

type Tags = Readonly<Record<string, string>>;

/** Whose instance something is (metadata_updater.rb). */
export interface MetadataOf {
  readonly director: string;
  readonly deployment: string;
  readonly tags: Tags;
  readonly group: string;
  readonly instanceId: string;
  readonly now: string;
}

/** What the Director says of a VM. */
export function vmMetadata(of: MetadataOf, more: Tags = {}): JsonObject {
  const { director, deployment, tags, group, instanceId, now } = of;
  return {
    ...tags,
    ...more,
    director,
    deployment,
    id: instanceId,
    job: group,
    instance_group: group,
    index: '0',
    name: `${group}/${instanceId}`,
    created_at: now,
  };
}

/** What the Director says of a persistent disk. */
export function diskMetadata(of: MetadataOf): JsonObject {
  const { director, deployment, tags, group, instanceId, now } = of;
  return {
    ...tags,
    director,
    deployment,
    instance_id: instanceId,
    instance_index: '0',
    instance_group: group,
    attached_at: now,
  };
}

/** What the Director says of a snapshot (snapshot_manager.rb). */
export function snapshotMetadata(
  of: MetadataOf,
  { directorUuid, agentId }: { directorUuid: string; agentId: string },
): JsonObject {
  const { director, deployment, tags, group, instanceId } = of;
  return {
    deployment,
    job: group,
    index: 0,
    director_name: director,
    director_uuid: directorUuid,
    agent_id: agentId,
    instance_id: instanceId,
    ...tags,
  };
}
