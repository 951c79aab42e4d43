import type { JsonObject } from '../protocol/json-value.js';
import type { PluggedNetwork } from './network-spec.js';
import { takesNameServers } from './registry-access.js';
import { nameServers } from './settings.js';

/**
 * Where an agent is to find its settings. `both` serves those of which nothing is known: an agent
 * takes user data with an agent_id for its settings if it knows of that, and otherwise asks the
 * registry (complex_settings_source.go).
 */
export type SettingsHome = 'user data' | 'registry' | 'both';

export interface AgentUserData {
  readonly home: SettingsHome;
  /** Under which name the agent asks the registry, if it does. */
  readonly serverName: string;
  /** With credentials if the agent needs any; undefined where there is no registry. */
  readonly registryEndpoint: string | undefined;
  readonly settings: JsonObject;
  readonly networks: readonly PluggedNetwork[];
}

/**
 * What the metadata service is to give an agent: its settings, or where they are, and what it needs
 * to get there (metadata_service_interface.go, UserDataContentsType).
 */
export function agentUserData(about: AgentUserData): JsonObject {
  const { home, serverName, registryEndpoint, settings, networks } = about;
  if (home === 'user data' || registryEndpoint === undefined) {
    return {
      server: { name: serverName },
      dns: { nameserver: nameServers(networks) },
      ...settings,
    };
  }
  const pointer = {
    server: { name: serverName },
    registry: { endpoint: registryEndpoint },
    dns: { nameserver: takesNameServers(registryEndpoint) ? nameServers(networks) : [] },
  };
  if (home === 'both') return { ...pointer, ...settings };
  // The name of the VM tells us again for which agent it was made.
  return { ...pointer, vm: settings.vm ?? null, networks: settings.networks ?? null };
}
