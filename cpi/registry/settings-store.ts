/**
 * Where the registry keeps the settings of each instance. Whatever `put` and `remove` have
 * acknowledged is there after a crash of the process or of the machine, as far as the store
 * promises to survive that at all. Every method rejects with StoreUnavailable when the store cannot
 * do it now.
 */
export interface SettingsStore {
  /** The settings as they were put; undefined where there are none. */
  get(instanceId: string): Promise<string | undefined>;
  put(instanceId: string, settings: string): Promise<void>;
  /**
   * Puts settings, or nothing, in the place of those, or of the nothing, that are expected there.
   * If there is something else, it answers false and changes nothing; nobody's change comes in
   * between.
   */
  replace(
    instanceId: string,
    expected: string | undefined,
    settings: string | undefined,
  ): Promise<boolean>;
  /** Does nothing where there are none. */
  remove(instanceId: string): Promise<void>;
  /** The ids of all instances that have settings, in no order. */
  instanceIds(): Promise<string[]>;
  /** Resolves if the store can be read and written. */
  check(): Promise<void>;
  /** Finishes what is under way and lets go of everything. */
  close(): Promise<void>;
}

/** The store cannot do it now: nothing has been changed, as far as one can tell. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
