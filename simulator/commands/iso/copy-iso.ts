import { asyncCommand, everyRole, objectOf } from '../../declare/command.js';
import { copyParameters, copySteps } from '../template/template-copy.js';
import { templateResponse, type ShownTemplate } from '../template/template-response.js';

/** Does what copyTemplate does, and shows the ISO as a template (CopyIsoCmd). */
export const copyIso = asyncCommand<typeof copyParameters, ShownTemplate>({
  name: 'copyIso',
  wrapper: 'copytemplateresponse',
  summary: 'Copies an ISO from one zone to others; it keeps its id.',
  roles: everyRole,
  javaClass: { user: 'user.iso.CopyIsoCmd' },
  parameters: copyParameters,
  response: objectOf(templateResponse),
  subject: ({ id }) => ({ type: 'Template', id: id.id }),
  steps: copySteps,
});
