import type { CloudStackClient } from '../cloudstack/client.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { findOwnTemplate } from '../cloudstack/find-resources.js';
import { addTags, marks, tagsByKey } from '../cloudstack/tags.js';
import type { Template } from '../cloudstack/types.js';
import { tryAgain } from '../flow/again.js';
import { MustStay } from '../flow/errors.js';
import { removeTemplate } from './remove-template.js';

/** What the templates of a stemcell have in common. */
export interface Stemcell {
  /** The mark of its content. */
  readonly content: string;
  readonly zoneId: string;
}

/** What the mark `chosen` says: it is put on once, and stays. */
const verdicts = { stemcell: 'true', toGo: 'false' } as const;

/** Each round finds what another call has done meanwhile. */
const roundsMax = 8;

/**
 * Chooses one of the ready templates of a stemcell, the same for all calls at once; undefined if
 * there is none. Names of templates are not unique, but the keys of a template's tags are: a
 * verdict is put on once, whoever is the first. So a template becomes the stemcell only after all
 * others that are ready were marked to go, the youngest of which lose. A call that did not see
 * another's template looked before that was ready; the other then sees this one, and has to mark it
 * first. One that was chosen and is not ready any more is nobody's to remove, as a Director knows
 * it, but is no stemcell: another is chosen beside it.
 *
 * Whoever is killed here leaves all to the next call, which goes on with what is marked already. No
 * template is answered to a Director before it is chosen, so those marked to go are nobody's.
 *
 * @param seen what `listEqual` has just found.
 * @throws CloudStackError, Aborted.
 */
export function chooseTemplate(
  client: CloudStackClient,
  stemcell: Stemcell,
  seen?: readonly Template[],
): Promise<string | undefined> {
  return tryAgain(
    roundsMax,
    async (round) => {
      const known = round === 1 ? seen : undefined;
      return chooseAmong(client, known ?? (await listEqual(client, stemcell)));
    },
    (failure) => isCloudStackError(failure, ...signsOfOthers),
  );
}

async function chooseAmong(
  client: CloudStackClient,
  equal: readonly Template[],
): Promise<string | undefined> {
  const ready = equal.filter(({ isready }) => isready === true).sort(byAge);
  const chosen = ready.find((template) => verdictOf(template) === verdicts.stemcell);
  if (chosen !== undefined) return chosen.id;
  const [eldest, ...others] = ready.filter((template) => verdictOf(template) === undefined);
  if (eldest === undefined) return undefined;
  for (const { id } of others) await judge(client, id, verdicts.toGo);
  await judge(client, eldest.id, verdicts.stemcell);
  return eldest.id;
}

/** The templates of a stemcell that are in the zone, ready or not. @throws CloudStackError. */
export async function listEqual(
  client: CloudStackClient,
  { content, zoneId }: Stemcell,
): Promise<Template[]> {
  const found = await client.list('listTemplates', {
    templatefilter: 'self',
    zoneid: zoneId,
    tags: [{ key: marks.content, value: content }],
  });
  return found.filter(({ tags }) => tagsByKey(tags)[marks.content] === content);
}

/**
 * Removes a template that is not to be the stemcell. One that is gone already is a success.
 *
 * @throws MustStay if it was chosen: another call may have told a Director of it. CloudStackError;
 * kind `in-use` while it waits for an upload that will not come.
 */
export async function removeUnlessChosen(
  client: CloudStackClient,
  templateId: string,
): Promise<void> {
  if (await giveUpIfAllowed(client, templateId)) {
    await removeTemplate(client, templateId);
    return;
  }
  throw new MustStay(
    `template ${templateId} is ready and was chosen, perhaps for another call, too: it is what the ` +
      'next upload of this stemcell answers; to be deleted by hand where no Director knows it',
  );
}

/**
 * Marks a template to go, so that no call chooses it any more; answers false if one has.
 *
 * @throws CloudStackError
 */
export async function giveUp(client: CloudStackClient, templateId: string): Promise<boolean> {
  try {
    await judge(client, templateId, verdicts.toGo);
    return true;
  } catch (failure) {
    if (!isCloudStackError(failure, ...signsOfVerdict)) throw failure;
    const template = await findOwnTemplate(client, templateId);
    return template === undefined || verdictOf(template) !== verdicts.stemcell;
  }
}

/** An account that may not put on tags has put on none by which others could find the template. */
async function giveUpIfAllowed(client: CloudStackClient, templateId: string): Promise<boolean> {
  try {
    return await giveUp(client, templateId);
  } catch (failure) {
    if (isCloudStackError(failure, 'permission', 'forbidden-api')) return true;
    throw failure;
  }
}

/** Whether a template was not chosen: no Director was ever told of it. */
export function isNobodys(template: Template): boolean {
  const hasContent = tagsByKey(template.tags)[marks.content] !== undefined;
  return hasContent && verdictOf(template) !== verdicts.stemcell;
}

/** Whether a template has no tags, or only the verdict of somebody who was about to remove it. */
export function hasOnlyGivenUp({ tags = [] }: Template): boolean {
  return tags.every(({ key, value }) => key === marks.chosen && value === verdicts.toGo);
}

/** Another call has judged or removed a template, or the answer was lost. */
const signsOfOthers = [
  'conflict',
  'not-found',
  'invalid',
  'internal',
  'internal-masked',
  'outcome-unknown',
  'job-lost',
] as const;

/** It is judged, or gone. */
const signsOfVerdict = ['conflict', 'not-found', 'invalid'] as const;

function judge(client: CloudStackClient, id: string, verdict: string): Promise<void> {
  return addTags(client, { type: 'Template', id }, { [marks.chosen]: verdict });
}

function verdictOf({ tags }: Template): string | undefined {
  return tagsByKey(tags)[marks.chosen];
}

/** CloudStack tells seconds; ids decide between equal ones. */
function byAge(a: Template, b: Template): number {
  const ageMs = Date.parse(a.created ?? '') - Date.parse(b.created ?? '');
  return ageMs === 0 ? (a.id < b.id ? -1 : 1) : ageMs;
}
