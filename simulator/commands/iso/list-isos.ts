import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { ownershipParameters, tagFilterParameters } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { imageStore } from '../image-store/image-stores.js';
import { searchTemplates } from '../template/template-search.js';
import { isoResponse } from './iso-response.js';

/** QueryManagerImpl.listIsos. */
export const listIsos = syncCommand({
  name: 'listIsos',
  summary: 'Lists ISOs; the filter says whose and which.',
  roles: everyRole,
  parameters: {
    isofilter: text(),
    id: entity('template'),
    name: text(),
    hypervisor: text(),
    zoneid: entity('zone'),
    storageid: entity('storagepool', { rootOnly: true }),
    imagestoreid: imageStore({ rootOnly: true }),
    arch: text({ since: '4.20' }),
    bootable: flag(),
    isready: flag(),
    showremoved: flag(),
    showunique: flag({ since: '4.13.2' }),
    ...ownershipParameters,
    ...tagFilterParameters,
  },
  response: listOf(isoResponse),
  // CloudStack does not look at the first; no ISO has an icon.
  ignores: ['ispublic', 'showicon'],
  run: (context, { isofilter = 'selfexecutable', bootable, ...search }) =>
    searchTemplates(context, 'iso', isofilter, search).filter(
      ({ template }) => bootable === undefined || template.isBootable === bootable,
    ),
});
