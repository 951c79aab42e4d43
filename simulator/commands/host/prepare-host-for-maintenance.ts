import { asyncCommand, done, objectOf, rootOnlyRole } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { beginMaintenance } from '../../world/compute/host-maintenance.js';
import { clusterText, hostText } from '../../world/compute/hosts.js';
import type { HostRow } from '../../world/entities.js';
import { isLocalStorageActive } from '../../world/storage/local-storage.js';
import type { World } from '../../world/world.js';
import { hostResponse, wholeHost } from './host-response.js';

/**
 * Empties a host, which takes a while after the job has ended, so that it can be worked on
 * (PrepareForHostMaintenanceCmd, ResourceManagerImpl.maintain).
 */
export const prepareHostForMaintenance = asyncCommand({
  name: 'prepareHostForMaintenance',
  summary:
    'Begins to move all virtual machines away from a host, and starts no more of them there.',
  roles: rootOnlyRole,
  javaClass: { user: 'admin.host.PrepareForHostMaintenanceCmd' },
  parameters: { id: entity('host', { required: true }) },
  response: objectOf(hostResponse),
  subject: ({ id }) => ({ type: 'Host', id: id.id }),
  steps: [
    ({ world }, { id: host }) => {
      const problem = problemWith(world, host);
      if (problem !== undefined) throw refusal(problem);
      if (!beginMaintenance(world, host)) throw refusal(unable(host));
      return done(wholeHost(host));
    },
  ],
});

/** Why a host cannot be emptied now, undefined if it can. */
function problemWith(world: World, host: HostRow): string | undefined {
  if (UNDER_WAY.has(host.state)) {
    return `Host is already in state ${host.state}. Cannot recall for maintenance until resolved.`;
  }
  const inCluster = world.hosts.where('clusterId', host.clusterId);
  if (inCluster.some(({ state }) => EMPTYING.has(state))) {
    return (
      'There are other servers attempting migrations for maintenance. Found hosts in ' +
      'PrepareForMaintenance OR ErrorInPrepareForMaintenance STATUS in cluster ' +
      clusterText(world.clusters.require(host.clusterId))
    );
  }
  return problemWithVms(world, host) ?? problemWithHost(host);
}

function problemWithVms(world: World, host: HostRow): string | undefined {
  if (isLocalStorageActive(world, host)) {
    return (
      "There are active VMs using the host's local storage pool. Please stop all VMs on this host " +
      'that use local storage.'
    );
  }
  if (world.vms.where('destinationHostId', host.id).length > 0) {
    return (
      'Host contains incoming VMs migrating. Please wait for them to complete before putting to ' +
      'maintenance.'
    );
  }
  const states = world.vms.where('hostId', host.id).map(({ state }) => state);
  if (!states.includes('Starting') && !states.includes('Stopping')) return undefined;
  return (
    'Host contains VMs in starting/stopping state. Please wait for them to complete before ' +
    'putting to maintenance.'
  );
}

function problemWithHost(host: HostRow): string | undefined {
  if (!host.up) return unable(host);
  if (host.state !== 'Disabled') return undefined;
  return (
    `Cannot transit resource state of ${hostText(host)} to MaintenanceNo next resource state found ` +
    'for current state = Disabled event = AdminAskMaintenance'
  );
}

function unable(host: HostRow): string {
  return `Unable to prepare for maintenance host ${hostText(host)}`;
}

function refusal(problem: string): Error {
  return serverApiError(530, `Failed to prepare host for maintenance due to: ${problem}`);
}

const UNDER_WAY: ReadonlySet<string> = new Set([
  'Maintenance',
  'PrepareForMaintenance',
  'ErrorInPrepareForMaintenance',
]);
const EMPTYING: ReadonlySet<string> = new Set([
  'PrepareForMaintenance',
  'ErrorInPrepareForMaintenance',
]);
