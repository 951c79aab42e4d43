import type { BuildOptions } from 'esbuild';

/** Options of esbuild that make one file of a program; `textOf` reads its sources. */
export function scriptBundle(
  file: string,
  outfile: string,
  textOf?: (path: string) => Promise<string>,
): BuildOptions;
