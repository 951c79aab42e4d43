import { asyncCommand, everyRole, objectOf } from '../../declare/command.js';
import { copyParameters, copySteps } from './template-copy.js';
import { templateResponse, type ShownTemplate } from './template-response.js';

/** CopyTemplateCmd. */
export const copyTemplate = asyncCommand<typeof copyParameters, ShownTemplate>({
  name: 'copyTemplate',
  summary: 'Copies a template from one zone to others; it keeps its id.',
  roles: everyRole,
  javaClass: { user: 'user.template.CopyTemplateCmd' },
  parameters: copyParameters,
  response: objectOf(templateResponse),
  subject: ({ id }) => ({ type: 'Template', id: id.id }),
  steps: copySteps,
});
