// Where a call is made: a zone, and the registry that its CPI is told of, with all that is in them.
import type { CpiZone } from '../support/cpi-zone.js';
import type { SettingsRegistry } from '../support/settings-registry.js';
import { possessionsOf, toldDisksOf } from './possessions.js';

export interface Place {
  readonly zone: CpiZone;
  readonly registry?: SettingsRegistry | undefined;
}

/** One line for each thing that is there, and for what agents are told of it. */
export async function possessionsIn({ zone, registry }: Place): Promise<string[]> {
  const entries = Object.entries((await registry?.entries()) ?? {});
  const settings = entries.map(([name, text]) => `settings of ${name}: ${text}`);
  return [...possessionsOf(zone.simulator), ...toldDisksOf(zone.simulator), ...settings.sort()];
}

/** Answers how to come back to what is there now. */
export async function bookmark({ zone, registry }: Place): Promise<() => Promise<void>> {
  const rewindZone = zone.simulator.bookmark();
  const entries = (await registry?.entries()) ?? {};
  return async () => {
    rewindZone();
    await registry?.restore(entries);
  };
}
