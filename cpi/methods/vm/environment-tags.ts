import { marks, tagsByKey, type Tags } from '../../cloudstack/tags.js';
import type { VirtualMachine } from '../../cloudstack/types.js';
import { isJsonObject, type JsonObject } from '../../protocol/json-value.js';
import { tagsOfMetadata } from '../shared/metadata.js';

/** CloudStack's longest value of a tag. */
const noteLengthMax = 255;

/**
 * The tags of `env.bosh.tags`, which callers also send as metadata when the VM is made, with a note
 * of their keys: a VM that has them alone has not been handed out yet. Those of which there is no
 * room in the note are left to the metadata.
 */
export function environmentTags(env: JsonObject): Tags {
  const given = isJsonObject(env.bosh) ? env.bosh.tags : undefined;
  const all = Object.entries(isJsonObject(given) ? tagsOfMetadata(given) : {});
  const noted: [string, string][] = [];
  let note = '';
  for (const [key, value] of all.filter((tag) => tag[1] !== '' && !tag[0].includes(','))) {
    const longer = note === '' ? key : `${note},${key}`;
    if (longer.length > noteLengthMax) continue;
    note = longer;
    noted.push([key, value]);
  }
  return note === '' ? {} : { ...Object.fromEntries(noted), [marks.environment]: note };
}

/** The keys, in lower case, of the tags that a VM has had from its environment. */
export function keysOfEnvironment({ tags }: VirtualMachine): ReadonlySet<string> {
  return new Set(tagsByKey(tags)[marks.environment]?.toLowerCase().split(','));
}
