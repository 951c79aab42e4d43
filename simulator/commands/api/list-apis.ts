import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { text } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { mayCall } from '../../world/identity/roles.js';
import { describeApis } from './api-description.js';
import { apiResponse } from './api-response.js';

/** Clients build themselves from its answer (ListApisCmd, ApiDiscoveryServiceImpl.listApis). */
export const listApis = syncCommand({
  name: 'listApis',
  summary: 'Lists the commands that the caller may use, with their parameters and answers.',
  since: '4.1.0',
  roles: everyRole,
  parameters: { name: text({ description: 'the name of a command' }) },
  // Command-line clients ask for everything, and for a few fields of it.
  ignores: ['listall', 'filter'],
  response: listOf(apiResponse),
  run: ({ world, caller, commands }, { name }) => {
    const listed = commands
      .filter((command) => name === undefined || command.name === name)
      .filter((command) => mayCall(world, caller.account, command));
    if (name !== undefined && listed.length === 0) throw unknownApi();
    return describeApis(listed, commands, caller);
  },
});

function unknownApi(): Error {
  return serverApiError(
    530,
    'Api Discovery plugin was unable to find an api by that name or process any apis',
  );
}
