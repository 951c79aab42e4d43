/** Longer than CloudStack takes to expunge what was destroyed, and to give up what never came. */
export const expungedAfterMs = 3 * 24 * 3_600_000;
