import type { HostRow } from '../entities.js';

/** A host as error texts name it (HostVO.toString). */
export function hostText({ internalId: id, name, id: uuid }: HostRow): string {
  return `Host ${JSON.stringify({ id, name, type: 'Routing', uuid })}`;
}
