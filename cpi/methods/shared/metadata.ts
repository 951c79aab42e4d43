import { isMark, type Tags } from '../../cloudstack/tags.js';
import type { JsonObject } from '../../protocol/json-value.js';

/**
 * BOSH metadata as tags. Null stands for "remove", which an empty value does; what is not text is
 * written as JSON. Keys of our own marks are left out: they decide what is deleted together with a
 * VM, and metadata comes from manifests.
 */
export function tagsOfMetadata(metadata: JsonObject): Tags {
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => key !== '' && !isMark(key))
      .map(([key, value]) => [key, valueOf(value)]),
  );
}

function valueOf(value: JsonObject[string]): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
