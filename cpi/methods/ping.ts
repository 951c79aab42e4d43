import { defineMethod } from './call/method.js';

export const ping = defineMethod({
  name: 'ping',
  summary: 'Answers `pong` if CloudStack can be reached and knows the account of this CPI.',
  arguments: [],
  run: async ({ client }) => {
    await client.call('listCapabilities');
    return 'pong';
  },
});
