import { nameHint } from '../../input/nearest-name.js';
import { settingDeclarations, type SettingName } from './settings.js';

export type SettingValues = Partial<Record<SettingName, string | number | boolean>>;

/**
 * Reads `name=value`, the value being of the type of the setting's default.
 *
 * @throws Error that says what is wrong with it.
 */
export function parseSetting(text: string): SettingValues {
  const [, name = text, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!isSettingName(name)) {
    throw new Error(
      `"${text}" sets nothing that there is${hintFor(name)}: write name=value with a name of settings.md`,
    );
  }
  const isText = typeof settingDeclarations[name].default === 'string';
  if (value === undefined || (value === '' && !isText)) {
    throw new Error(`the setting ${name} has no value: ${howToWrite(name)}`);
  }
  return { [name]: typed(name, value) };
}

/** With the value that it has by itself. */
function howToWrite(name: SettingName): string {
  const { default: usual, description } = settingDeclarations[name];
  const example = `write ${name}=${usual === '' ? 'TEXT' : String(usual)}, or another ${typeof usual}`;
  return `${example} (${description.replace(/\.$/, '')})`;
}

function hintFor(name: string): string {
  return nameHint(name, Object.keys(settingDeclarations));
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingDeclarations, name);
}

function typed(name: SettingName, value: string): string | number | boolean {
  const { default: usual } = settingDeclarations[name];
  if (typeof usual === 'string') return value;
  if (typeof usual === 'boolean') {
    if (value === 'true' || value === 'false') return value === 'true';
    throw new Error(`the setting ${name} is true or false, not "${value}"`);
  }
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new Error(`the setting ${name} is a number, not "${value}"`);
}
