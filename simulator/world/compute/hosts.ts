import type { ClusterRow, HostRow } from '../entities.js';

/** A host as error texts name it (HostVO.toString). */
export function hostText({ internalId: id, name, id: uuid }: HostRow): string {
  return `Host ${JSON.stringify({ id, name, type: 'Routing', uuid })}`;
}

/** A cluster as error texts name it (ClusterVO.toString). */
export function clusterText({ internalId: id, name, id: uuid }: ClusterRow): string {
  return `Cluster ${JSON.stringify({ id, name, uuid })}`;
}
