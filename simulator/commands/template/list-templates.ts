import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import {
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, flag, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow } from '../../world/entities.js';
import { templateResponse, type ShownTemplate } from './template-response.js';
import { imageStore } from '../image-store/image-stores.js';
import { searchTemplates } from './template-search.js';

/** QueryManagerImpl.listTemplates. */
export const listTemplates = syncCommand({
  name: 'listTemplates',
  summary: 'Lists templates; the filter says whose and which.',
  roles: everyRole,
  parameters: {
    templatefilter: text({ required: true }),
    id: entity('template'),
    ids: entityList('template', { since: '4.9' }),
    name: text(),
    hypervisor: text(),
    zoneid: entity('zone'),
    storageid: entity('storagepool', { rootOnly: true }),
    imagestoreid: imageStore({ rootOnly: true }),
    arch: text({ since: '4.20' }),
    templatetype: text({ since: '4.19.0' }),
    isvnf: flag({ since: '4.19.0' }),
    parenttemplateid: entity('template', { since: '4.4' }),
    details: textList({ since: '4.15' }),
    showremoved: flag(),
    showunique: flag({ since: '4.13.2' }),
    ...ownershipParameters,
    ...tagFilterParameters,
  },
  response: listOf(templateResponse),
  // No template has an icon.
  ignores: ['showicon'],
  run: (context, { templatefilter, templatetype, isvnf, parenttemplateid, ...search }) => {
    const listed = searchTemplates(context, 'template', templatefilter, search);
    const withDetails = showsDetails(search.details);
    return (
      listed
        .filter(({ template }) => isOfType(template, templatetype, isvnf))
        // What a file of several disks is taken apart into; those are not simulated.
        .filter(() => parenttemplateid === undefined)
        .map((row): ShownTemplate => ({ ...row, withDetails }))
    );
  },
});

function isOfType(
  { type }: TemplateRow,
  templateType: string | undefined,
  isVnf: boolean | undefined,
): boolean {
  return (
    (templateType === undefined || sameName(type, templateType)) &&
    (isVnf === undefined || (type === 'VNF') === isVnf)
  );
}

/** ApiConstants.DomainDetails. */
const levels: readonly string[] = ['all', 'resource', 'min'];

function showsDetails(names: readonly string[] | undefined): boolean {
  if (names === undefined || names.length === 0) return true;
  if (names.every((name) => levels.includes(name))) return names.includes('all');
  throw invalidParameter(
    'The details parameter contains a non permitted value. ' +
      `The allowed values are [${levels.join(', ')}]`,
  );
}
