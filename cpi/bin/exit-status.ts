/** The exit statuses of the commands for operators; a CPI call always ends with 0. */
export const exit = { good: 0, failed: 1, usage: 2, environment: 3 } as const;
