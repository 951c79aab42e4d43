export interface HealthOptions {
  /** Rejects where the server cannot do its work. */
  readonly check: () => Promise<void>;
  readonly nowMs: () => number;
  /** Told of a failure when it begins, and when it becomes another. */
  readonly onFailure: (failure: unknown) => void;
  /** Told when it can do its work again, after a failure. */
  readonly onRecovery?: (() => void) | undefined;
}

/** So long an answer is that of all who ask. */
const keptMs = 1_000;

/**
 * Whether a server can do its work. Anybody may ask, as often as they like: so one check is under
 * way at a time, the database and the disk are asked once a second at most, and the log has no line
 * for each.
 */
export function healthOf({
  check,
  nowMs,
  onFailure,
  onRecovery,
}: HealthOptions): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  let answeredMs: number | undefined;
  let told: string | undefined;
  const look = async (): Promise<boolean> => {
    try {
      await check();
      if (told !== undefined) onRecovery?.();
      told = undefined;
      return true;
    } catch (failure) {
      const kind = kindOf(failure as NodeJS.ErrnoException);
      if (kind !== told) onFailure(failure);
      told = kind;
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
    return (answer = look());
  };
}

/** The messages of the file system name files, which are new ones at each check. */
function kindOf({ code, syscall, message }: NodeJS.ErrnoException): string {
  return code === undefined ? message : `${code} ${syscall ?? ''}`;
}
