import { configurationKey } from './configuration-keys.js';
import { limitSettings } from './limit-settings.js';
import type { SettingName } from './settings.js';

/** Why a number is no value of a setting, undefined if it is one. */
export function rangeProblem(name: SettingName, value: number): string | undefined {
  if (configurationKey(name).isShare) {
    return value >= 0 && value <= 1 ? undefined : 'must be from 0 to 1';
  }
  if (name.endsWith('.overprovisioning.factor') && value === 0) return 'must be above 0';
  const least = leastOf(name);
  if (!(value >= least && Number.isFinite(value))) return `must not be below ${least}`;
  if (name === 'ssh.key.length' && !isKeyLength(value)) {
    return 'must be a multiple of 16 from 512 to 8192';
  }
  return undefined;
}

/** The range as CloudStack writes it. */
export function rangeText(name: SettingName): string {
  return name === 'ssh.key.length' ? '512-8192' : `${leastOf(name)}-${2 ** 31 - 1}`;
}

/** -1 is no limit. */
function leastOf(name: SettingName): number {
  return Object.hasOwn(limitSettings, name) ? -1 : 0;
}

/** Two primes of whole bytes make a key. */
function isKeyLength(bits: number): boolean {
  return bits >= 512 && bits <= 8_192 && bits % 16 === 0;
}
