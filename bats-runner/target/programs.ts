import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Paths of the programs of this package, and of its recordings. */
export interface PackagePaths {
  readonly cpi: string;
  readonly simulator: string;
  readonly recordings: string;
}

/**
 * Finds the programs of the package that the file at `url` belongs to. Where coverage is measured
 * these are the compiled files; otherwise the bundles, which are what users run.
 */
export function packagePaths(url: string, measuresCoverage: boolean): PackagePaths {
  const root = packageRoot(dirname(fileURLToPath(url)));
  const program = (tree: string, name: string): string =>
    measuresCoverage
      ? join(root, 'dist', tree, 'bin', `${name}.js`)
      : join(root, 'dist', 'bundle', `${name}.js`);
  return {
    cpi: program('cpi', 'cloudstack-cpi'),
    simulator: program('simulator', 'cloudstack-simulator'),
    recordings: join(root, 'test', 'vectors', 'director'),
  };
}

function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('there is no package.json above the program');
  return packageRoot(parent);
}
