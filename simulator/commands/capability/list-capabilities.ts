import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { capabilityResponse } from './capability-response.js';

/** In spite of its name it answers with one object. */
export const listCapabilities = syncCommand({
  name: 'listCapabilities',
  summary: 'Tells what this CloudStack can do.',
  roles: everyRole,
  parameters: {},
  response: objectOf(capabilityResponse),
  run: ({ caller }) => caller,
});
