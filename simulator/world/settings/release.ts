import type { World } from '../world.js';

/**
 * Whether the cloud is of a release before this one, as `cloudstack.version` says; a version that says
 * nothing of the kind is none.
 */
export function isBefore(world: World, release: '4.19' | '4.20'): boolean {
  const [, minor] = /^4\.(\d+)(?:\.|$)/.exec(world.settings.get('cloudstack.version')) ?? [];
  return minor !== undefined && Number(minor) < Number(release.slice(2));
}
