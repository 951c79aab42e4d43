import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Paths of the programs of this package, of its recordings, and of the cases of the contract. */
export interface PackagePaths {
  readonly cpi: string;
  readonly simulator: string;
  readonly registry: string;
  readonly stemcellServer: string;
  readonly recordings: string;
  /** The Playwright configuration that runs them. */
  readonly contract: string;
  /** The list of these cases, compiled. */
  readonly cases: string;
}

/** Finds the programs of the package that the file at `url` belongs to. */
export function packagePaths(url: string): PackagePaths {
  const root = packageRoot(dirname(fileURLToPath(url)));
  const bundle = (file: string): string => join(root, 'dist', 'bundle', file);
  return {
    cpi: bundle('cloudstack-cpi.cjs'),
    simulator: bundle('cloudstack-simulator.js'),
    registry: bundle('cloudstack-registry.js'),
    stemcellServer: bundle('cloudstack-stemcell-server.js'),
    recordings: join(root, 'test', 'vectors', 'director'),
    contract: join(root, 'bats-runner', 'specs', 'playwright.config.ts'),
    cases: join(root, 'dist', 'bats-runner', 'specs', 'cases.js'),
  };
}

/** The version of the package that the file at `url` belongs to. */
export function packageVersion(url: string): string {
  const file = join(packageRoot(dirname(fileURLToPath(url))), 'package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('there is no package.json above the program');
  return packageRoot(parent);
}
