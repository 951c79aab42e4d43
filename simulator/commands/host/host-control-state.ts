import type { World } from '../../world/world.js';

/** Whether a host takes VMs, as what runs on it shows it; null where nothing runs (ControlState). */
export function hostControlState(world: World, hostId: string | null): string | null {
  if (hostId === null) return null;
  const { up, state } = world.hosts.require(hostId);
  if (!up) return 'Offline';
  return state === 'Enabled' || state === 'Disabled' ? state : 'Maintenance';
}
