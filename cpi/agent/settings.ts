import type { JsonObject, JsonValue } from '../protocol/json-value.js';
import { systemDiskPath, type DiskHint } from './disk-hint.js';
import { agentNetworks, type PluggedNetwork } from './network-spec.js';

/** What of the configuration every agent needs. */
export interface AgentDefaults {
  mbus: string;
  ntp: readonly string[];
  blobstore?: { provider: string; options?: Record<string, unknown> | undefined } | undefined;
}

export interface AgentSettingsInput {
  agentId: string;
  vmName: string;
  networks: readonly PluggedNetwork[];
  ephemeralDisk?: DiskHint | undefined;
  /** Hints of persistent disks by CID; only where nobody tells the agent later. */
  persistentDisks?: Readonly<Record<string, DiskHint>>;
  /** Passed on unchanged. */
  env: JsonObject;
  defaults: AgentDefaults;
}

/** The settings of an agent: what it decodes (settings.go, Settings). */
export function agentSettings(input: AgentSettingsInput): JsonObject {
  const { agentId, vmName, networks, ephemeralDisk, persistentDisks = {}, env, defaults } = input;
  const settings: JsonObject = {
    agent_id: agentId,
    vm: { name: vmName },
    networks: agentNetworks(networks),
    disks: {
      system: systemDiskPath,
      ...(ephemeralDisk && { ephemeral: { ...ephemeralDisk } }),
      persistent: Object.fromEntries(
        Object.entries(persistentDisks).map(([cid, hint]) => [cid, { ...hint }]),
      ),
    },
    env,
    mbus: defaults.mbus,
    ntp: [...defaults.ntp],
  };
  if (defaults.blobstore) settings.blobstore = defaults.blobstore as JsonObject;
  return settings;
}

/** Adds or, with no hint, removes a persistent disk; answers whether that changes anything. */
export function setPersistentDisk(
  settings: JsonObject,
  diskCid: string,
  hint: DiskHint | undefined,
): { settings: JsonObject; changed: boolean } {
  const disks = asObject(settings.disks);
  const { [diskCid]: old, ...others } = asObject(disks.persistent);
  const persistent = hint === undefined ? others : { ...others, [diskCid]: { ...hint } };
  const changed = JSON.stringify(old) !== JSON.stringify(persistent[diskCid]);
  return { settings: { ...settings, disks: { ...disks, persistent } }, changed };
}

/** The name servers of the network that is the default for DNS, otherwise of the first with any. */
export function nameServers(networks: readonly PluggedNetwork[]): JsonValue[] {
  const withServers = networks
    .map(({ spec }) => spec.given)
    .filter(({ dns }) => Array.isArray(dns) && dns.length > 0);
  const chosen =
    withServers.find((given) => Array.isArray(given.default) && given.default.includes('dns')) ??
    withServers[0];
  return Array.isArray(chosen?.dns) ? chosen.dns : [];
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
