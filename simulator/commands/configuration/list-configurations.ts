import { listOf, syncCommand, type PagingRule } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { text } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import {
  configurationGroups,
  placeOfSetting,
  type ConfigurationPlace,
} from '../../world/settings/configuration-groups.js';
import { configurationKey, isConfiguration } from '../../world/settings/configuration-keys.js';
import { shownValue } from '../../world/settings/configurations.js';
import { settingDeclarations } from '../../world/settings/settings.js';
import { configurationResponse, type ShownConfiguration } from './configuration-response.js';
import {
  askedScope,
  scopeParameters,
  withOwnDomain,
  type ScopeArguments,
} from './configuration-scope.js';

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
    group: text({ since: '4.18.0' }),
    subgroup: text({ since: '4.18.0' }),
    ...scopeParameters,
    ...pagingParameters,
  },
  response: listOf(configurationResponse),
  paging: pagingRule,
  run: (context, args) => {
    const { world } = context;
    const { name, category, keyword } = args;
    assertGroupOfPart(args);
    const scopedTo = askedScope(context, withOwnDomain(context, args));
    assertGroups(args);
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
      .filter((row) => isInGroup(placeOfSetting(row.name), args))
      .filter(
        (row) => category === undefined || sameName(configurationKey(row.name).category, category),
      )
      .filter((row) => keyword === undefined || matches(row, keyword));
  },
});

/** ListCfgsByCmd.getPageSize, and what ManagementServerImpl.searchForConfigurations counts. */
function pagingRule(context: CommandContext, args: GroupArguments & ScopeArguments): PagingRule {
  if ((args.group ?? '') !== '') return 'whole';
  const scopedTo = askedScope(context, withOwnDomain(context, args));
  return scopedTo === undefined ? 'usual' : 'counts the page';
}

interface GroupArguments {
  readonly group?: string | undefined;
  readonly subgroup?: string | undefined;
}

/** The first thing that the command looks at (ListCfgsByCmd.validateParameters). */
function assertGroupOfPart({ group = '', subgroup = '' }: GroupArguments): void {
  if (subgroup === '' || group !== '') return;
  throw serverApiError(431, 'Configuration group name must be specified with the subgroup name');
}

function assertGroups({ group, subgroup }: GroupArguments): void {
  const knows = (name: string | undefined, rows: readonly { readonly name: string }[]): boolean =>
    name === undefined || rows.some((row) => sameName(row.name, name));
  if (!knows(group, configurationGroups)) {
    throw serverApiError(431, `Invalid configuration group: ${group ?? ''}`);
  }
  const parts = configurationGroups.flatMap((row) => row.parts);
  if (knows(subgroup, parts)) return;
  throw serverApiError(431, `Invalid configuration subgroup: ${subgroup ?? ''}`);
}

function isInGroup(place: ConfigurationPlace, { group, subgroup }: GroupArguments): boolean {
  return (
    (group === undefined || sameName(place.group, group)) &&
    (subgroup === undefined || sameName(place.subGroup, subgroup))
  );
}

function matches({ name, value }: ShownConfiguration, keyword: string): boolean {
  const { category, component } = configurationKey(name);
  const { description } = settingDeclarations[name];
  return [name, component, description, category, value ?? ''].some((text) =>
    contains(text, keyword),
  );
}
