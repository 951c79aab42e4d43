import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { pagingParameters, sameName } from '../../declare/list-parameters.js';
import { text } from '../../declare/parameter.js';
import { listField, longField, responseObject, stringField } from '../../declare/response.js';
import {
  configurationGroups,
  type ConfigurationGroup,
  type ConfigurationSubGroup,
} from '../../world/settings/configuration-groups.js';

const subGroup = responseObject<ConfigurationSubGroup>('subgroup', {
  name: stringField(({ name }) => name),
  precedence: longField(({ precedence }) => precedence),
});

const configurationGroupResponse = responseObject<ConfigurationGroup>('configurationgroup', {
  name: stringField(({ name }) => name),
  subgroup: listField(subGroup, ({ parts }) => parts),
  description: stringField(({ description }) => description),
  precedence: longField(({ precedence }) => precedence),
});

/** ManagementServerImpl.listConfigurationGroups: all at once, whatever page is asked for. */
export const listConfigurationGroups = syncCommand({
  name: 'listConfigurationGroups',
  summary: 'Lists the groups of the settings.',
  since: '4.18.0',
  roles: rootOnlyRole,
  parameters: { group: text() },
  ignores: Object.keys(pagingParameters),
  response: listOf(configurationGroupResponse),
  run: (_, { group = '' }) =>
    configurationGroups.filter(({ name }) => group.trim() === '' || sameName(name, group)),
});
