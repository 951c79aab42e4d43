import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Node for one platform, as the npm registry has it. */
export interface NodePackage {
  /** As `process.platform` and `process.arch` say. */
  readonly platform: string;
  readonly arch: string;
  readonly name: string;
  /** `sha512-` and base64, as in a lock file. */
  readonly integrity: string;
}

export interface NodePackages {
  readonly version: string;
  readonly packages: readonly NodePackage[];
}

/** @throws Error if there is none for the platform. */
export function packageFor(
  { packages }: NodePackages,
  { platform, arch }: { platform: string; arch: string },
): NodePackage {
  const found = packages.find((one) => one.platform === platform && one.arch === arch);
  if (found === undefined) throw new Error(`release/node.json has no Node for ${platform} ${arch}`);
  return found;
}

/**
 * Has npm fetch the archive of a package into a folder, from where it is configured to or from its
 * cache.
 *
 * @throws Error if what comes is not what has been pinned.
 */
export function fetchNode(one: NodePackage, version: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const pack = ['pack', `${one.name}@${version}`, '--pack-destination', folder, '--silent'];
  execFileSync('npm', [...pack, '--prefer-offline'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const file = join(folder, `${one.name}-${version}.tgz`);
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (found === one.integrity) return file;
  throw new Error(
    `${one.name} ${version} is not what release/node.json pins: got ${found}, not ${one.integrity}`,
  );
}
