/** Versions of the CPI API, as requests name them. */
export type ApiVersion = 1 | 2 | 3;
