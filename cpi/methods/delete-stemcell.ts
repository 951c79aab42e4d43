import { findOwnTemplate } from '../cloudstack/find-resources.js';
import { marks } from '../cloudstack/tags.js';
import type { Template } from '../cloudstack/types.js';
import { parseStemcellCid } from '../stemcells/cid.js';
import { removeTemplate } from '../stemcells/remove-template.js';
import { text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { earlierNames } from './shared/earlier-names.js';

export const deleteStemcell = defineMethod({
  name: 'delete_stemcell',
  summary: 'Deletes the template of a stemcell, if a CPI made it; one that is gone is a success.',
  arguments: [text('stemcell_cid')],
  rules: [
    'The template of a light stemcell stays, and so does one that neither has the mark of this CPI nor ' +
      'the name that earlier ones gave: that is a success, too.',
  ],
  run: async ({ client, log }, [stemcellCid]) => {
    const { templateId, kind } = parseStemcellCid(stemcellCid);
    if (kind === 'light') {
      log(`stemcell ${stemcellCid} is light: its template ${templateId} stays`);
      return null;
    }
    const template = await findOwnTemplate(client, templateId);
    if (template === undefined) log(`template ${templateId} is gone already, or never was ours`);
    else if (isMadeByCpi(template)) await removeTemplate(client, template.id);
    else log(`template ${template.name} (${template.id}) was not made by a CPI: it stays`);
    return null;
  },
});

/** By our mark, or by the name that the older CPIs gave their templates. */
function isMadeByCpi({ name, tags }: Template): boolean {
  const marked = tags?.some(({ key, value }) => key === marks.purpose && value === 'stemcell');
  return marked === true || earlierNames.template.test(name);
}
