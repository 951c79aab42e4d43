import { objectOf, syncCommand } from '../../declare/command.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import {
  configurationKey,
  isConfiguration,
  javaTypeOf,
  shownType,
  type ConfigurationScope,
} from '../../world/settings/configuration-keys.js';
import { changeConfiguration } from '../../world/settings/configurations.js';
import { rangeProblem, rangeText } from '../../world/settings/setting-range.js';
import type { SettingName } from '../../world/settings/settings.js';
import { assertRemains } from './configuration-resource.js';
import { configurationResponse } from './configuration-response.js';
import { askedScope, scopeParameters, withOwnDomain } from './configuration-scope.js';

/** ConfigurationManagerImpl.updateConfiguration; the answer shows the value as it was sent. */
export const updateConfiguration = syncCommand({
  name: 'updateConfiguration',
  summary: 'Changes a setting, for everything or for one resource.',
  roles: ['Admin', 'DomainAdmin'],
  parameters: {
    name: text({ required: true }),
    value: text({ maxLength: 4096 }),
    ...scopeParameters,
  },
  response: objectOf(configurationResponse),
  run: (context, { name, value: sent, ...args }) => {
    const { world } = context;
    if (name.toLowerCase() === 'dynamic.apichecker.enabled') {
      throw serverApiError(431, 'Restricted configuration update not allowed');
    }
    if (!isConfiguration(name)) {
      throw invalidParameter(`Config parameter with name ${name} doesn't exist`);
    }
    if (sent === undefined) return { name, value: undefined, scope: scopeIn(args) };
    const scopedTo = askedScope(context, withOwnDomain(context, args));
    const trimmed = sent.trim();
    const isNothing = trimmed === '' || trimmed === 'null';
    const text = isNothing && scopedTo === undefined ? null : isNothing ? '' : trimmed;
    assertInScope(name, scopedTo?.scope);
    const value = valueOf(name, text);
    assertRemains(world, scopedTo);
    changeConfiguration(world, name, value, scopedTo);
    return { name, value: sent, scope: scopeIn(args) };
  },
});

function scopeIn(args: Readonly<Record<string, unknown>>): string | undefined {
  const scopes = { zoneid: 'zone', clusterid: 'cluster', storageid: 'storagepool' } as const;
  const owners = { accountid: 'account', domainid: 'domain' } as const;
  return Object.entries({ ...scopes, ...owners })
    .filter(([parameter]) => args[parameter] !== undefined)
    .map(([, scope]) => scope)
    .at(-1);
}

/** Throws for a resource of a kind that has no value of its own. */
export function assertInScope(name: SettingName, scope: ConfigurationScope | undefined): void {
  if (scope === undefined || configurationKey(name).scopes.includes(scope)) return;
  throw invalidParameter(`Invalid scope id provided for the parameter ${name}`);
}

/** The value that a text is of the setting's type, null being none (validateConfigurationValue). */
function valueOf(name: SettingName, text: string | null): string | number | boolean {
  switch (shownType(name)) {
    case 'String':
      return text ?? '';
    case 'Boolean': {
      const word = text?.toLowerCase();
      if (word === 'true' || word === 'false') return word === 'true';
      throw notOfType(name, word ?? null);
    }
    case 'Number':
      return numberOf(name, text);
    case 'Decimal':
    case 'Range':
      return decimalOf(name, text);
  }
}

/** ConfigurationManagerImpl.validateValueRange. */
function decimalOf(name: SettingName, text: string | null): number {
  const number = text !== null && DECIMAL.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(number)) throw notOfType(name, text);
  if (configurationKey(name).isShare) {
    if (number >= 0 && number <= 1) return number;
    throw invalidParameter(
      `Please enter a value between 0 and 1 for the configuration parameter: [${name}].`,
    );
  }
  if (number > 0) return number;
  throw invalidParameter(`Value for configuration [${name}] should be greater than 0.`);
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;

function numberOf(name: SettingName, text: string | null): number {
  const { isPositive, most, numberClass } = configurationKey(name);
  const number = text !== null && /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  const limit = numberClass === 'Integer' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
  if (!(Math.abs(number) <= limit)) throw notOfType(name, text);
  if (isPositive && number <= 0) {
    throw invalidParameter(
      `Please enter a positive value for the configuration parameter: [${name}].`,
    );
  }
  if (most !== null && number > most) {
    throw invalidParameter(
      `Please enter a value less than ${most + 1} for the configuration parameter: [${name}].`,
    );
  }
  if (rangeProblem(name, number) === undefined) return number;
  // CloudStack takes more, and fails later.
  throw invalidParameter(
    'The provided value is not valid for this configuration. Please enter an integer in the ' +
      `range: [${rangeText(name)}]`,
  );
}

function notOfType(name: SettingName, text: string | null): Error {
  return invalidParameter(`Value [${text ?? 'null'}] is not a valid [${javaTypeOf(name)}].`);
}
