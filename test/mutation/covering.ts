// Which tests are asked whether they notice a change of a source: those of its own name, then those
// of its folder, then those of what uses it.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Groups of test files or folders, the most likely first; a later group is asked if no earlier one
 * noticed.
 */
export function testsFor(root: string, path: string, sources: ReadonlySet<string>): string[][] {
  const own = ownTests(root, path);
  const near = nearTests(root, path).filter((test) => !own.includes(test));
  const using = testsOfUsers(root, path, sources).filter(
    (test) => ![...own, ...near].includes(test),
  );
  return [own, near, using].filter((group) => group.length > 0);
}

/**
 * Test files that are named after the source, or after a part of its name, in its mirrored folder.
 */
function ownTests(root: string, path: string): string[] {
  const name = basename(path, '.ts');
  const folder = join('test', dirname(path));
  return testFilesIn(root, folder).filter((test) => stemOf(test) === name);
}

/**
 * The other test files of the mirrored folder; of the CPI's methods those that name one that uses
 * the source.
 */
function nearTests(root: string, path: string): string[] {
  const folder = dirname(path);
  if (folder === 'cpi/methods') return [];
  const all = testFilesIn(root, join('test', folder));
  return all.length > 0 || dirname(folder) === '.' ? all : nearTests(root, folder);
}

function testsOfUsers(root: string, path: string, sources: ReadonlySet<string>): string[] {
  const users = usersOf(root, path, sources);
  if (path.startsWith('cpi/')) return testsOfMethods(root, users);
  const groups = new Set(
    [...users]
      .filter((user) => user.startsWith('simulator/commands/'))
      .map((user) => dirname(user)),
  );
  return [...groups]
    .map((group) => join('test', group))
    .filter((folder) => existsSync(join(root, folder)));
}

/** Tests that call one of the methods by its name, and those that interrupt all of them. */
function testsOfMethods(root: string, users: ReadonlySet<string>): string[] {
  const methods = [...users]
    .map((user) => /^cpi\/methods\/([a-z-]+)\.ts$/.exec(user)?.[1]?.replaceAll('-', '_'))
    .filter((name) => name !== undefined);
  const calls = (test: string): number => {
    const text = readFileSync(join(root, test), 'utf8');
    return methods.reduce((sum, name) => sum + text.split(`'${name}'`).length - 1, 0);
  };
  return testFilesIn(root, 'test/cpi/methods')
    .map((test) => ({ test, calls: calls(test) }))
    .filter((one) => one.calls > 0)
    .sort((a, b) => b.calls - a.calls)
    .map(({ test }) => test);
}

/** The source, and everything that imports it, over however many others. */
function usersOf(root: string, path: string, sources: ReadonlySet<string>): ReadonlySet<string> {
  const importers = importersIn(root, sources);
  const users = new Set([path]);
  for (const user of users) {
    // What uses a file that holds all of a kind uses all: that tells nothing.
    if (user.endsWith('/index.ts') || user.endsWith('simulator.ts')) continue;
    for (const importer of importers.get(user) ?? []) users.add(importer);
  }
  return users;
}

let known: { root: string; importers: Map<string, Set<string>> } | undefined;

function importersIn(root: string, sources: ReadonlySet<string>): Map<string, Set<string>> {
  if (known?.root === root) return known.importers;
  const importers = new Map<string, Set<string>>();
  for (const from of sources) {
    const text = readFileSync(join(root, from), 'utf8');
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const to = relative(root, join(root, dirname(from), fileName)).replace(/\.js$/, '.ts');
      importers.set(to, (importers.get(to) ?? new Set()).add(from));
    }
  }
  known = { root, importers };
  return importers;
}

function testFilesIn(root: string, folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path) || !statSync(path).isDirectory()) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort();
}

function stemOf(test: string): string {
  return basename(test, '.test.ts');
}
