import { applyTags, marks, marksOf, type Tags } from '../../cloudstack/tags.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { chooseTemplate, type Stemcell } from '../../stemcells/choose-template.js';
import { findEarlierUpload } from '../../stemcells/earlier-upload.js';
import { templateText } from '../../stemcells/template-text.js';
import { templateDeadlineMs, type Call } from '../call/call.js';
import { undoOnFailure, whyLeft } from '../call/undo.js';

/** What a template is to be made of, once for all calls that ask for the same. */
export interface Making extends Stemcell {
  /** What people know the stemcell by. */
  readonly title: string;
  /** Tags of API version 3. */
  readonly tags: Tags;
  /** Finds and checks what it takes to make one, where there is none, and creates nothing. */
  readonly prepare: () => Promise<Make>;
}

/** Makes a template; answers its id. What it creates it registers with the saga. */
export type Make = (saga: Saga, template: NewTemplate) => Promise<string>;

/** What the template of a stemcell is called and carries, whatever it is made of. */
export interface NewTemplate {
  readonly templateName: string;
  readonly displayText: string;
  readonly tags: Tags;
}

/**
 * Answers the id of the template that an earlier call made of the same, or makes one. Of calls at
 * once each may make one, but all answer the same.
 *
 * @throws BoshError or CloudStackError; then nothing of it is left.
 */
export async function registerOnce(call: Call, making: Making): Promise<string> {
  const { client, context, newId } = call;
  const { content, zoneId } = making;
  const { directorUuid } = context;
  const tags = {
    ...making.tags,
    ...marksOf({ directorUuid, purpose: 'stemcell' }),
    [marks.content]: content,
  };
  const readyWithinMs = templateDeadlineMs(call);
  const earlier = await findEarlierUpload(client, { content, zoneId, readyWithinMs });
  if (earlier !== undefined) {
    call.log(`template ${earlier} is this stemcell already`);
    await applyTags(client, { type: 'Template', id: earlier }, tags);
    return earlier;
  }
  const make = await making.prepare();
  const chosen = await undoOnFailure(call, 'another resource', async (saga) => {
    const displayText = templateText(making.title, directorUuid);
    const own = await make(saga, { templateName: `stemcell-${newId()}`, displayText, tags });
    return chooseOne(call, saga, { own, content, zoneId });
  });
  if (!chosen.isOwn) await applyTags(client, { type: 'Template', id: chosen.id }, tags);
  return chosen.id;
}

/** Calls at once for the same stemcell answer one template; those that lose take back their own. */
async function chooseOne(
  { client, log }: Call,
  saga: Saga,
  { own, ...stemcell }: Stemcell & { own: string },
): Promise<{ id: string; isOwn: boolean }> {
  const id = await chooseTemplate(client, stemcell);
  if (id === undefined) {
    throw new BoshError(
      'CloudError',
      `create_stemcell: template ${own} was deleted, or given up for that of another call which ` +
        'then failed; upload the stemcell again',
    );
  }
  if (id === own) return { id, isOwn: true };
  log(`another call has made template ${id} of the same stemcell; ${own} goes`);
  const left = await saga.undoAll();
  left.forEach(({ ifLeft, cause }) => {
    const until = ifLeft === undefined ? ' until gc finds it' : '';
    log(`warning: template ${own} stays${until}: ${whyLeft(cause)}`);
  });
  return { id, isOwn: false };
}
