import { marks, tagsByKey } from '../cloudstack/tags.js';
import type { CloudStackClient } from '../cloudstack/client.js';
import { timeMs } from '../cloudstack/time.js';
import type { Template } from '../cloudstack/types.js';
import { earlierNames } from '../methods/shared/earlier-names.js';
import { BoshError } from '../protocol/bosh-error.js';
import { hasFailed } from '../stemcells/await-template.js';
import { giveUp, hasOnlyGivenUp, isNobodys } from '../stemcells/choose-template.js';
import { removeUnusedTemplate } from '../stemcells/remove-template.js';
import { directorOfTemplate } from '../stemcells/template-text.js';
import { directorOf, isNamedByUs, type Finder } from './forgotten.js';

/**
 * Templates of stemcells of which nobody was told: whose call was killed before it could mark them,
 * or choose one among those of the same content; and those of earlier CPIs whose image failed. A
 * Director may know any other, ready or not. One whose tags somebody has taken off looks like one
 * that was never marked, as long as nobody puts another tag on it.
 */
export const forgottenTemplates: Finder = async ({ client }) => {
  const named = (await Promise.all(namesOfStemcells.map((name) => listNamed(client, name)))).flat();
  return [...byId(named).values()].flatMap((zones) => {
    const [template] = zones;
    const why = whyForgotten(zones);
    if (template === undefined || why === undefined) return [];
    const { id, name, tags, created } = template;
    return {
      kind: 'template',
      id,
      name,
      directorUuid: directorOf(tags) ?? directorOfTemplate(template),
      createdMs: timeMs(created),
      isUnderWay: zones.some(isMoving),
      why,
      remove: () => remove(client, id),
    };
  });
};

const namesOfStemcells = ['stemcell-', 'cpitemplate-'];

function listNamed(client: CloudStackClient, keyword: string): Promise<Template[]> {
  return client.list('listTemplates', { templatefilter: 'self', keyword });
}

/** A list tells of a template once for each of its zones. */
function byId(templates: readonly Template[]): Map<string, Template[]> {
  const zones = new Map<string, Template[]>();
  for (const template of templates) {
    zones.set(template.id, [...(zones.get(template.id) ?? []), template]);
  }
  return zones;
}

/** How one can see that nobody knows of a template, by what its zones say; or undefined. */
function whyForgotten(zones: readonly Template[]): string | undefined {
  const [template] = zones;
  if (template === undefined) return undefined;
  const status = template.status || 'without a status';
  const { [marks.purpose]: purpose } = tagsByKey(template.tags);
  if (purpose === undefined && earlierNames.template.test(template.name)) {
    return zones.every(hasFailed) ? `an earlier CPI made it, and it failed: ${status}` : undefined;
  }
  if (!isNamedByUs(template.name, 'stemcell')) return undefined;
  if (isUnmarked(template)) {
    const isLeft = isMadeByCloud(template) || zones.every(hasFailed);
    return isLeft ? `it has no marks, which create_stemcell gives (${status})` : undefined;
  }
  if (purpose !== 'stemcell' || !isNobodys(template)) return undefined;
  return zones.some(({ isready }) => isready === true)
    ? 'its call did not come to its end, or another template of the same content was chosen'
    : `its call did not come to its end, and it never became ready (${status})`;
}

/**
 * Whether create_stemcell made it, and nobody has put anything on it. Its name alone does not tell:
 * anybody may give a template such a name. What was given up, an earlier run of gc has found.
 */
function isUnmarked(template: Template): boolean {
  return directorOfTemplate(template) !== undefined && hasOnlyGivenUp(template);
}

/** Its call may be at work, and if it is not, CloudStack comes to an end with it. */
function isMoving({ isready, status = '' }: Template): boolean {
  if (isready === true) return false;
  return /^(NotUploaded|UploadInProgress|\d+% Downloaded|Installing Template)$/.test(status);
}

/**
 * Whether it was downloaded, or made of a volume, which CloudStack does without the call that
 * ordered it. An upload is sent after the marks are on: one that is ready without has lost them.
 */
function isMadeByCloud({ url, sourcetemplateid }: Template): boolean {
  return url !== undefined || sourcetemplateid !== undefined;
}

async function remove(client: CloudStackClient, id: string): Promise<void> {
  if (!(await giveUp(client, id))) {
    throw new BoshError('CloudError', 'a call of a Director has just chosen it for its stemcell');
  }
  await removeUnusedTemplate(client, id);
}
