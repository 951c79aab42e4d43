import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { extractResponse } from '../template/extract-response.js';
import { extractImage, extractParameters } from '../template/template-extraction.js';

/** Gives a URL from which an ISO can be fetched; all that it checks is part of the job. */
export const extractIso = asyncCommand({
  name: 'extractIso',
  summary: 'Gives a URL from which an ISO can be fetched.',
  roles: everyRole,
  javaClass: { user: 'user.iso.ExtractIsoCmd' },
  parameters: extractParameters,
  response: objectOf(extractResponse('iso')),
  // Where the image was to be sent, when CloudStack still sent any.
  ignores: ['url'],
  subject: ({ id }) => ({ type: 'Iso', id: id.id }),
  steps: [(context, args) => done(extractImage(context, 'iso', args))],
});
