import { findZone } from '../cloudstack/find-catalog.js';
import { defineMethod } from './call/method.js';

export const ping = defineMethod({
  name: 'ping',
  summary:
    'Answers `pong` if CloudStack can be reached, knows the account of this CPI, and has the ' +
    'zone of `cloudstack.default_zone`.',
  arguments: [],
  run: async ({ client, configuration }) => {
    await findZone(client, configuration.cloudstack.default_zone);
    return 'pong';
  },
});
