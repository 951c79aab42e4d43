// An empty project with the package as npm would install it: the contents of the tarball, beside the
// packages that it depends on. Nothing is asked of a registry.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface PackedProject {
  readonly folder: string;
  /** Where the package is installed. */
  readonly installed: string;
  readonly remove: () => void;
}

/** Packs what has been built, without building it again, and installs it. */
export function packedProject(): PackedProject {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  const pack = ['pack', '--ignore-scripts', '--offline', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: root, stdio: 'pipe' });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack wrote no tarball');
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  const installed = join(folder, 'node_modules/bosh-cloudstack-cpi');
  mkdirSync(dirname(installed));
  renameSync(join(folder, 'package'), installed);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) link(folder, name);
  return { folder, installed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Has a project use a package that this repository has installed. */
export function link(folder: string, name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), target);
}
