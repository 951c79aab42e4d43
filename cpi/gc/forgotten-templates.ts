import { marks, tagsByKey } from '../cloudstack/tags.js';
import type { Template } from '../cloudstack/types.js';
import { removeTemplate } from '../stemcells/remove-template.js';
import { earlierNames } from './earlier-names.js';
import { directorOf, isNamedByUs, timeMs, type Finder } from './forgotten.js';

/** Templates of stemcells whose image never came, or was no good: nobody was told of them. */
export const forgottenTemplates: Finder = async ({ client }) => {
  const own = await client.list('listTemplates', { templatefilter: 'self' });
  const ready = new Set(own.filter(({ isready }) => isready === true).map(({ id }) => id));
  return own
    .filter((template) => isStemcell(template) && !ready.has(template.id))
    .map((template) => ({
      kind: 'template',
      id: template.id,
      name: template.name,
      directorUuid: directorOf(template.tags),
      createdMs: timeMs(template.created),
      why: `it never became ready (${template.status ?? 'without a status'})`,
      remove: () => removeTemplate(client, template.id),
    }));
};

function isStemcell({ name, tags }: Template): boolean {
  const purpose = tagsByKey(tags)[marks.purpose] ?? 'stemcell';
  const isOfCpi = isNamedByUs(name, 'stemcell') || earlierNames.template.test(name);
  return isOfCpi && purpose === 'stemcell';
}
