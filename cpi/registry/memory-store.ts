import type { SettingsStore } from './settings-store.js';

/** A store that ends with its process: for `create-env`-like uses and for trying things out. */
export function createMemoryStore(): SettingsStore {
  const settingsOf = new Map<string, string>();
  return {
    get: (instanceId) => Promise.resolve(settingsOf.get(instanceId)),
    put: (instanceId, settings) => {
      settingsOf.set(instanceId, settings);
      return Promise.resolve();
    },
    replace: (instanceId, expected, settings) => {
      if (settingsOf.get(instanceId) !== expected) return Promise.resolve(false);
      if (settings === undefined) settingsOf.delete(instanceId);
      else settingsOf.set(instanceId, settings);
      return Promise.resolve(true);
    },
    remove: (instanceId) => {
      settingsOf.delete(instanceId);
      return Promise.resolve();
    },
    instanceIds: () => Promise.resolve([...settingsOf.keys()]),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
