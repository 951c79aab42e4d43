import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { responseObject } from '../../declare/response.js';
import type { TemplateRow } from '../../world/entities.js';
import { assertMayUpdate, updateParameters, updateRow } from '../template/template-update.js';
import { updatedTemplateFields } from '../template/updated-template-response.js';

/** Changes what an ISO says of itself (TemplateManagerImpl.updateTemplate). */
export const updateIso = syncCommand({
  name: 'updateIso',
  summary: 'Changes the attributes of an ISO.',
  roles: everyRole,
  parameters: updateParameters,
  response: objectOf(responseObject<TemplateRow>('iso', updatedTemplateFields)),
  // Both stay what they are (UpdateIsoCmd.getFormat, getRequiresHvm).
  ignores: ['format', 'requireshvm'],
  run: (context, args): TemplateRow => {
    assertMayUpdate(context, args);
    const { isrouting } = args;
    return updateRow(
      context,
      args,
      isrouting === undefined ? {} : { type: isrouting ? 'ROUTING' : 'USER' },
    );
  },
});
