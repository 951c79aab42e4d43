import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isConfiguration } from '../../world/settings/configuration-keys.js';
import { resetConfiguration as reset, shownValue } from '../../world/settings/configurations.js';
import { assertRemains } from './configuration-resource.js';
import { configurationResponse } from './configuration-response.js';
import { onlyScope, scopeParameters } from './configuration-scope.js';
import { assertInScope } from './update-configuration.js';

/** ConfigurationManagerImpl.resetConfiguration. */
export const resetConfiguration = syncCommand({
  name: 'resetConfiguration',
  summary: 'Gives a setting its default again, or takes from a resource its own value.',
  since: '4.16.0',
  roles: rootOnlyRole,
  parameters: { name: text({ required: true }), ...scopeParameters },
  response: objectOf(configurationResponse),
  run: ({ world }, { name, ...args }) => {
    if (!isConfiguration(name)) {
      throw invalidParameter(`Config parameter with name ${name} doesn't exist`);
    }
    const scopedTo = onlyScope(args);
    assertInScope(name, scopedTo?.scope);
    assertRemains(world, scopedTo);
    reset(world, name, scopedTo);
    return { name, value: String(shownValue(world, name, scopedTo)), scope: scopedTo?.scope };
  },
});
