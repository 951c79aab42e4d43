import { marks } from '../../cloudstack/tags.js';
import type { Network } from '../../cloudstack/types.js';
import { isUuid } from '../../cloudstack/uuid.js';

/** The name of a network that we make; the id is a new UUID. */
export function networkName(id: string): string {
  return `network-${id}`;
}

/**
 * Of a network that nothing runs in: a plain one is Allocated before its first VM, and again when
 * the last one has gone (settings network.gc.wait and network.gc.interval); one with a VLAN of its
 * own is `Setup` always.
 */
const idleStates: readonly (string | undefined)[] = ['Allocated', 'Setup'];

/**
 * Whether a network is one that create_network made and did not come to mark. One whose tags
 * somebody has taken off looks the same while it is idle; VMs, also stopped ones, may be in either.
 */
export function isUnmarked(network: Network): boolean {
  const [, id = ''] = /^network-(.+)$/.exec(network.name) ?? [];
  return isUuid(id) && idleStates.includes(network.state) && hasOnlyClaim(network);
}

/**
 * Whether a network has no tags, or only the claim of somebody who was about to remove it: a call
 * that keeps it puts on its marks together with the claim.
 */
export function hasOnlyClaim({ tags = [] }: Network): boolean {
  return tags.every(({ key }) => key === marks.claim);
}
