import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { extractResponse } from './extract-response.js';
import { extractImage, extractParameters } from './template-extraction.js';

/** Gives a URL from which a template can be fetched; all that it checks is part of the job. */
export const extractTemplate = asyncCommand({
  name: 'extractTemplate',
  summary: 'Gives a URL from which a template can be fetched.',
  roles: everyRole,
  javaClass: { user: 'user.template.ExtractTemplateCmd' },
  parameters: extractParameters,
  response: objectOf(extractResponse('template')),
  // Where the image was to be sent, when CloudStack still sent any.
  ignores: ['url'],
  subject: ({ id }) => ({ type: 'Template', id: id.id }),
  steps: [(context, args) => done(extractImage(context, 'template', args))],
});
