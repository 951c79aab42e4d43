// Says whether dist/ is what the build would make of the sources, so that a build that changes nothing
// takes no time.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** All that a build reads, and what it writes beside dist/. */
const inputs = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'CONTRIBUTING.md',
  'ci/scripts',
  'cpi',
  'simulator',
  'bats-runner',
  'release',
  'docs',
  'test/vectors',
];

const stampIn = (folder) => join(folder, 'build-stamp');

/** @param {string} root @param {string} folder @returns {boolean} */
export function isUpToDate(root, folder) {
  return existsSync(stampIn(folder)) && readFileSync(stampIn(folder), 'utf8') === digest(root);
}

/** @param {string} root @param {string} folder */
export function stamp(root, folder) {
  writeFileSync(stampIn(folder), digest(root));
}

/** The code cache in dist/ depends on Node's version, too. */
function digest(root) {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}`);
  for (const file of inputs.flatMap((path) => filesAt(root, path))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @returns {string[]} in the same order everywhere */
function filesAt(root, path) {
  if (!existsSync(join(root, path))) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
    .sort();
}
