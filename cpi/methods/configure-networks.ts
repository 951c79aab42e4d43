import { BoshError } from '../protocol/bosh-error.js';
import { object, text } from './call/argument.js';
import { defineMethod } from './call/method.js';

export const configureNetworks = defineMethod({
  name: 'configure_networks',
  summary: 'Answers NotSupported: Directors recreate VMs whose networks change.',
  arguments: [text('vm_cid'), object('networks')],
  run: (_, [vmCid]) =>
    Promise.reject(
      new BoshError(
        'NotSupported',
        `configure_networks: the networks of VM ${vmCid} are what it was created with; recreate it`,
      ),
    ),
});
