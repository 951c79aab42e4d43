import { listVolumesOfVm } from '../cloudstack/find-resources.js';
import type { Volume } from '../cloudstack/types.js';
import { text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { earlierNames } from './shared/earlier-names.js';
import { requireVm } from './shared/live-resources.js';
import { foreignDisks } from './vm/vm-disks.js';

export const getDisks = defineMethod({
  name: 'get_disks',
  summary: 'Lists the persistent disks that are attached to a VM.',
  arguments: [text('vm_cid')],
  run: async (call, [vmCid]) => {
    const vm = await requireVm(call, vmCid);
    return foreignDisks(await listVolumesOfVm(call.client, vm.id)).map(cidOf);
  },
});

/** The Director knows the disks of older CPIs by their names. */
function cidOf({ id, name }: Volume): string {
  return earlierNames.disk.test(name) ? name : id;
}
