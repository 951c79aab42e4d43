import { marks, tagsByKey } from '../cloudstack/tags.js';
import type { CloudStackClient } from '../cloudstack/client.js';
import type { Template } from '../cloudstack/types.js';
import { BoshError } from '../protocol/bosh-error.js';
import { giveUp, isNobodys } from '../stemcells/choose-template.js';
import { isUnmarkedDownload } from '../stemcells/register.js';
import { removeTemplate } from '../stemcells/remove-template.js';
import { earlierNames } from './earlier-names.js';
import { directorOf, isNamedByUs, timeMs, type Finder } from './forgotten.js';

/**
 * Templates of stemcells of which nobody was told: whose image never came or was no good, or whose
 * call was killed before it could choose one among those of the same content.
 */
export const forgottenTemplates: Finder = async ({ client }) => {
  const named = (await Promise.all(namesOfStemcells.map((name) => listNamed(client, name)))).flat();
  const ready = new Set(named.filter(({ isready }) => isready === true).map(({ id }) => id));
  // A list tells of a template once for each of its zones.
  const byId = new Map(named.filter(isStemcell).map((template) => [template.id, template]));
  return [...byId.values()]
    .filter((one) => !ready.has(one.id) || isNobodys(one) || isUnmarkedDownload(one))
    .map((template) => ({
      kind: 'template',
      id: template.id,
      name: template.name,
      directorUuid: directorOf(template.tags),
      createdMs: timeMs(template.created),
      why: ready.has(template.id)
        ? 'its call did not come to its end, or another template of the same content was chosen'
        : `it never became ready (${template.status ?? 'without a status'})`,
      remove: () => remove(client, template.id),
    }));
};

const namesOfStemcells = ['stemcell-', 'cpitemplate-'];

function listNamed(client: CloudStackClient, keyword: string): Promise<Template[]> {
  return client.list('listTemplates', { templatefilter: 'self', keyword });
}

function isStemcell({ name, tags }: Template): boolean {
  const purpose = tagsByKey(tags)[marks.purpose] ?? 'stemcell';
  const isOfCpi = isNamedByUs(name, 'stemcell') || earlierNames.template.test(name);
  return isOfCpi && purpose === 'stemcell';
}

async function remove(client: CloudStackClient, id: string): Promise<void> {
  if (!(await giveUp(client, id))) {
    throw new BoshError('CloudError', 'a call of a Director has just chosen it for its stemcell');
  }
  await removeTemplate(client, id);
}
