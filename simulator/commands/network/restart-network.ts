import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkRow } from '../../world/entities.js';
import { applyRulesOfNetwork } from '../../world/network/port-rules.js';

/** Only rules that a job left half done change (NetworkServiceImpl.restartNetwork). */
export const restartNetwork = asyncCommand({
  name: 'restartNetwork',
  summary: 'Restarts the virtual router of a network, and applies its rules again.',
  roles: everyRole,
  javaClass: { user: 'user.network.RestartNetworkCmd' },
  parameters: {
    id: entity('network', { required: true, access: 'operate' }),
    // With or without a new router: it makes no difference that clients could see.
    cleanup: flag(),
  },
  response: success,
  check: (_, { id: network }) => {
    if (network.removedMs === null) return;
    throw invalidParameter(`Network ID=${network.internalId} doesn't exist`);
  },
  subject: ({ id }) => ({ type: 'Network', id: id.id }),
  steps: [
    (_, { id: network }) => {
      assertRestartable(network);
      return wait('duration.network');
    },
    ({ world }, { id: network }) => {
      if (network.removedMs !== null) throw serverApiError(530, 'Failed to restart network');
      applyRulesOfNetwork(world, network.id);
      return succeeded;
    },
  ],
});

function assertRestartable({ state, removedMs }: NetworkRow): void {
  if (removedMs !== null) throw invalidParameter('Network [%s] to restart was not found.');
  if (state === 'Implemented' || state === 'Setup') return;
  throw invalidParameter(
    'Network is not in the right state to be restarted. Correct states are: Implemented, Setup',
  );
}
