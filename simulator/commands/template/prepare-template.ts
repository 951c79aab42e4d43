import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { preload } from '../../world/storage/prepared-templates.js';
import { isReady, templateZone, type ListedTemplate } from '../../world/storage/templates.js';
import { templateResponse } from './template-response.js';

/**
 * Has a template copied to one pool of a zone, or to all that are up, so that the first VM need not
 * wait for it. A pool of another zone is passed over (TemplateManagerImpl.prepareTemplate).
 */
export const prepareTemplate = syncCommand({
  name: 'prepareTemplate',
  summary: 'Copies a template to primary storage ahead of the first virtual machine.',
  roles: rootOnlyRole,
  parameters: {
    templateid: entity('template', { required: true }),
    zoneid: entity('zone', { required: true }),
    storageid: entity('storagepool'),
  },
  response: listOf(templateResponse),
  run: ({ world }, { templateid: template, zoneid: zone, storageid }): ListedTemplate[] => {
    if (template.removedMs !== null) {
      throw invalidParameter(`Unable to find template id=${template.internalId}`);
    }
    const pools = storageid === undefined ? world.storagePools.all() : [storageid];
    for (const pool of pools) {
      if (pool.zoneId === zone.id) preload(world, template, pool);
    }
    const inZone = templateZone(world, template.id, zone.id);
    return inZone !== undefined && isReady(inZone) ? [{ template, inZone }] : [];
  },
});
