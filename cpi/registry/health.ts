import type { SettingsStore } from './settings-store.js';

interface HealthOptions {
  readonly store: Pick<SettingsStore, 'check'>;
  readonly nowMs: () => number;
  /** Told of a failure when it begins, and when it becomes another. */
  readonly onFailure: (failure: unknown) => void;
}

/** So long an answer is that of all who ask. */
const keptMs = 1_000;

/**
 * Whether the store works. Anybody may ask, as often as they like: so one check is under way at a
 * time, the database and the disk are asked once a second at most, and the log has no line for
 * each.
 */
export function healthOf({ store, nowMs, onFailure }: HealthOptions): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  let answeredMs: number | undefined;
  let told: string | undefined;
  const check = async (): Promise<boolean> => {
    try {
      await store.check();
      told = undefined;
      return true;
    } catch (failure) {
      const { message } = failure as Error;
      if (message !== told) onFailure(failure);
      told = message;
      return false;
    } finally {
      answeredMs = nowMs();
    }
  };
  /** Not where the clock was put back. */
  const isKept = (): boolean => {
    const ageMs = answeredMs === undefined ? 0 : nowMs() - answeredMs;
    return ageMs >= 0 && ageMs < keptMs;
  };
  return () => {
    if (answer !== undefined && isKept()) return answer;
    answeredMs = undefined;
    return (answer = check());
  };
}
