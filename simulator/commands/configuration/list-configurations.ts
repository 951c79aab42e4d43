import { listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { text } from '../../declare/parameter.js';
import { configurationKey, isConfiguration } from '../../world/settings/configuration-keys.js';
import { shownValue } from '../../world/settings/configurations.js';
import { settingDeclarations } from '../../world/settings/settings.js';
import { configurationResponse, type ShownConfiguration } from './configuration-response.js';
import { askedScope, scopeParameters, withOwnDomain } from './configuration-scope.js';

/**
 * With an id, those that can have a value of their own for such a resource, and that value
 * (ManagementServerImpl.searchForConfigurations).
 */
export const listConfigurations = syncCommand({
  name: 'listConfigurations',
  summary: 'Lists the settings of the cloud.',
  roles: ['Admin', 'DomainAdmin'],
  parameters: {
    category: text(),
    name: text(),
    ...scopeParameters,
    ...pagingParameters,
  },
  response: listOf(configurationResponse),
  run: (context, args) => {
    const { world } = context;
    const { name, category, keyword } = args;
    const scopedTo = askedScope(context, withOwnDomain(context, args));
    return Object.keys(settingDeclarations)
      .filter(isConfiguration)
      .sort()
      .filter(
        (key) => scopedTo === undefined || configurationKey(key).scopes.includes(scopedTo.scope),
      )
      .map((key): ShownConfiguration => ({
        name: key,
        value: String(shownValue(world, key, scopedTo)),
        scope: scopedTo?.scope.toLowerCase(),
      }))
      .filter((row) => name === undefined || contains(row.name, name))
      .filter(
        (row) => category === undefined || sameName(configurationKey(row.name).category, category),
      )
      .filter((row) => keyword === undefined || matches(row, keyword));
  },
});

function matches({ name, value }: ShownConfiguration, keyword: string): boolean {
  const { category, component } = configurationKey(name);
  const { description } = settingDeclarations[name];
  return [name, component, description, category, value ?? ''].some((text) =>
    contains(text, keyword),
  );
}
