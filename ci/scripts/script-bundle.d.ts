import type { BuildOptions } from 'esbuild';

/** Options of esbuild for a program, but for where it goes; `textOf` reads its sources. */
export function scriptBundle(
  file: string,
  textOf?: (path: string) => Promise<string>,
): BuildOptions;
