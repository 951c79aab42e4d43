import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { CloudException, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkRow } from '../../world/entities.js';
import { implementNetwork, translates } from '../../world/network/networks.js';
import { applyRulesOfNetwork } from '../../world/network/port-rules.js';
import { replaceRouter, routerOf } from '../../world/network/routers.js';
import type { World } from '../../world/world.js';

/**
 * With cleanup another router takes the place of the old one; without, it is started if it is stopped,
 * and rules that a job left half done are applied (NetworkServiceImpl.restartNetwork).
 */
export const restartNetwork = asyncCommand({
  name: 'restartNetwork',
  summary: 'Restarts the virtual router of a network, and applies its rules again.',
  roles: everyRole,
  javaClass: { user: 'user.network.RestartNetworkCmd' },
  // Routers have the software of the cloud already.
  ignores: ['livepatch'],
  parameters: {
    id: entity('network', { required: true, access: 'operate' }),
    cleanup: flag(),
  },
  response: success,
  check: (_, { id: network }) => {
    if (network.removedMs === null) return;
    throw invalidParameter(`Network ID=${network.internalId} doesn't exist`);
  },
  subject: ({ id }) => ({ type: 'Network', id: id.id }),
  steps: [
    (_, { id: network, cleanup }) => {
      assertRestartable(network, cleanup === true);
      return wait('duration.network');
    },
    ({ world }, { id: network, cleanup }) => {
      if (network.removedMs !== null) throw failed();
      if (cleanup === true && routerOf(world, network.id) !== undefined)
        renewRouter(world, network);
      else bringUp(world, network);
      applyRulesOfNetwork(world, network.id);
      return succeeded;
    },
  ],
});

/** Tiers share the router of their VPC, which alone can be given another. */
function assertRestartable({ id, state, removedMs, vpcId }: NetworkRow, cleanup: boolean): void {
  if (removedMs !== null) throw invalidParameter('Network [%s] to restart was not found.');
  if (vpcId !== null && cleanup) {
    throw invalidParameter(
      'Cannot restart a VPC tier with cleanup, please restart the whole VPC.',
      [{ uuid: id, description: 'network tier' }],
    );
  }
  if (state === 'Implemented' || state === 'Setup') return;
  throw invalidParameter(
    'Network is not in the right state to be restarted. Correct states are: Implemented, Setup',
  );
}

function renewRouter(world: World, network: NetworkRow): void {
  if (!replaceRouter(world, network, translates(world, network))) throw failed();
}

/** Whatever it is that a network lacks, it is only logged. */
function bringUp(world: World, network: NetworkRow): void {
  try {
    implementNetwork(world, network);
  } catch (error) {
    throw error instanceof CloudException ? failed() : error;
  }
}

function failed(): Error {
  return serverApiError(530, 'Failed to restart network');
}
