import { applyTags, tagsByKey } from '../cloudstack/tags.js';
import { object, text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { requireVm } from './shared/live-resources.js';
import { tagsOfMetadata } from './shared/metadata.js';

export const setVmMetadata = defineMethod({
  name: 'set_vm_metadata',
  summary: 'Gives a VM the metadata as tags, and its `name` as display name.',
  arguments: [text('vm_cid'), object('metadata')],
  run: async (call, [vmCid, metadata]) => {
    const { client } = call;
    const vm = await requireVm(call, vmCid);
    await applyTags(
      client,
      { type: 'UserVm', id: vm.id },
      tagsOfMetadata(metadata),
      tagsByKey(vm.tags),
    );
    const { name } = metadata;
    if (typeof name === 'string' && name !== '' && name !== vm.displayname) {
      await client.call('updateVirtualMachine', { id: vm.id, displayname: name });
    }
    return null;
  },
});
