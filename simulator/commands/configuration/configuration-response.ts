import { booleanField, responseObject, stringField } from '../../declare/response.js';
import { placeOfSetting } from '../../world/settings/configuration-groups.js';
import { configurationKey, shownType } from '../../world/settings/configuration-keys.js';
import { settingDeclarations, type SettingName } from '../../world/settings/settings.js';

/** A setting with the value that an answer shows, and for what that is. */
export interface ShownConfiguration {
  readonly name: SettingName;
  readonly value: string | undefined;
  readonly scope?: string | undefined;
}

/** ConfigurationResponse (ApiResponseHelper.createConfigurationResponse). */
export const configurationResponse = responseObject<ShownConfiguration>('configuration', {
  category: stringField(({ name }) => configurationKey(name).category),
  group: stringField(({ name }) => placeOfSetting(name).group),
  subgroup: stringField(({ name }) => placeOfSetting(name).subGroup),
  name: stringField(({ name }) => name),
  value: stringField(({ value }) => value),
  defaultvalue: stringField(({ name }) => String(settingDeclarations[name].default)),
  scope: stringField(({ scope }) => scope),
  description: stringField(({ name }) => settingDeclarations[name].description),
  isdynamic: booleanField(({ name }) => configurationKey(name).isDynamic),
  component: stringField(({ name }) => configurationKey(name).component),
  displaytext: stringField(({ name }) => displayText(name)),
  type: stringField(({ name }) => shownType(name)),
});

/** `expunge.delay` reads `Expunge delay` (ConfigKey's display text). */
function displayText(name: string): string {
  const words = name.replaceAll('.', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
