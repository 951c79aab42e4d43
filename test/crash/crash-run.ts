/** Calls in one situation, interrupted at each of their requests in turn in one way. */
export interface CrashRun {
  /** The method, or what is interrupted else. */
  readonly subject: string;
  readonly title: string;
  /**
   * Answers how many calls were interrupted.
   *
   * @throws Error with what is left over, or gone.
   */
  readonly run: () => Promise<number>;
}
