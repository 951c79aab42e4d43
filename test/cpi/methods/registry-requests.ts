// A zone whose CPI is told of a registry, and what tests ask of both.
import type { RegistryOptions } from '../../../cpi/registry/registry-app.js';
import type { SimulatorOptions } from '../../../simulator/simulator.js';
import { startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { startSettingsRegistry, type SettingsRegistry } from '../../support/settings-registry.js';
import { settingsOfOldAgent, type AgentOf } from '../../guests/registry-agent.js';
import type { Settings } from '../../guests/agent.js';

export interface ZoneWithRegistry {
  readonly zone: CpiZone;
  readonly registry: SettingsRegistry;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startWithRegistry(
  section: object = {},
  options: { registry?: Partial<RegistryOptions>; simulator?: SimulatorOptions } = {},
): Promise<ZoneWithRegistry> {
  const registry = await startSettingsRegistry(options.registry);
  const zone = await startZone(options.simulator, 'direct', {
    registry: { ...registry.section, ...section },
  });
  return {
    zone,
    registry,
    [Symbol.asyncDispose]: async () => {
      await zone[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

/** A call about a VM of a stemcell of this version; undefined: the caller does not tell it. */
export function ofStemcell(version: number | undefined, more: CallOptions = {}): CallOptions {
  const vm = version === undefined ? {} : { vm: { stemcell: { api_version: version } } };
  return { ...more, properties: { ...more.properties, ...vm } };
}

export function cidOf(result: unknown): string {
  return typeof result === 'string' ? result : (result as [string])[0];
}

/** One that knows nothing of settings in user data. */
export const oldestAgent: AgentOf = { knowsUserData: false, usesServerName: true };

export function readByAgent(
  { simulator }: CpiZone,
  vm: string,
  agent: AgentOf = oldestAgent,
): Promise<Settings> {
  return settingsOfOldAgent(simulator.guest(vm), agent);
}

export async function createDisk(zone: CpiZone): Promise<string> {
  return String(await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]));
}
