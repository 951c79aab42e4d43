import { acceptable, applyTags, tagsByKey } from '../cloudstack/tags.js';
import type { JsonObject, JsonValue } from '../protocol/json-value.js';
import { object, text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { requireVm } from './shared/live-resources.js';
import { tagsOfMetadata } from './shared/metadata.js';
import { whileThere } from './shared/while-there.js';

export const setVmMetadata = defineMethod({
  name: 'set_vm_metadata',
  summary: 'Gives a VM the metadata as tags, and its `name` as display name.',
  rules: [
    'Of a VM without `name` the display name is `compiling/<package>` as long as it compiles one, or ' +
      'else `<job>/<index>`.',
  ],
  arguments: [text('vm_cid'), object('metadata')],
  run: async (call, [vmCid, metadata]) => {
    const { client } = call;
    const vm = await requireVm(call, vmCid);
    await whileThere(call, { vmCid }, async () => {
      const tags = tagsOfMetadata(metadata);
      await applyTags(client, { type: 'UserVm', id: vm.id }, tags, tagsByKey(vm.tags));
      const name = displayNameOf(metadata);
      if (name !== undefined && name !== vm.displayname) {
        await client.call('updateVirtualMachine', { id: vm.id, displayname: name });
      }
    });
    return null;
  },
});

/** Current Directors send a name with every VM; older ones, and other callers, do not. */
function displayNameOf(metadata: JsonObject): string | undefined {
  const name = nameOf(metadata);
  return name === undefined ? undefined : acceptable(name);
}

function nameOf({ name, compiling, job, index }: JsonObject): string | undefined {
  if (isName(name)) return name;
  if (isName(compiling)) return `compiling/${compiling}`;
  const isInstance = isName(job) && (isName(index) || typeof index === 'number');
  return isInstance ? `${job}/${index}` : undefined;
}

function isName(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
