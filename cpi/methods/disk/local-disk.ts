import type { Volume } from '../../cloudstack/types.js';

/** How to name a disk of local storage: where that is CloudStack tells root admins alone. */
export function nameAndPlace({ name, id, storage }: Volume): string {
  return storage === undefined ? `${name} (${id})` : `${name} (${id}, storage pool ${storage})`;
}
