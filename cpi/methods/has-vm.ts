import { findVm } from '../cloudstack/find-resources.js';
import { text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { isLiveVm } from './shared/live-resources.js';

export const hasVm = defineMethod({
  name: 'has_vm',
  summary: 'Says whether a VM exists; one that is being cleared away does not.',
  arguments: [text('vm_cid')],
  run: async ({ client }, [vmCid]) => isLiveVm(await findVm(client, vmCid)),
});
