/** One call in one situation, interrupted at each of its requests in turn in one way. */
export interface CrashRun {
  readonly title: string;
  /** @throws AssertionError with what is left over, or gone. */
  readonly run: () => Promise<void>;
}
