// What a folder of images holds, and what each request that is acknowledged makes of it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** By path (`c/b`); the root is the empty one. Symbolic links are not there. */
export type ImageTree = Map<string, Buffer | 'collection'>;

export function treeIn(folder: string): ImageTree {
  const tree: ImageTree = new Map([['', 'collection']]);
  const add = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const own = path === '' ? entry.name : `${path}/${entry.name}`;
      if (own.startsWith('.')) continue;
      if (entry.isFile()) tree.set(own, readFileSync(join(folder, own)));
      if (!entry.isDirectory()) continue;
      tree.set(own, 'collection');
      add(own);
    }
  };
  add('');
  return tree;
}

/** What one has and the other has not, or not the same. */
export function treeDifferences(there: ImageTree, told: ImageTree): string[] {
  return [...new Set([...there.keys(), ...told.keys()])].flatMap((path) => {
    const [is, should] = [there.get(path), told.get(path)];
    if (is instanceof Buffer && should instanceof Buffer && is.equals(should)) return [];
    return is === should ? [] : [`/${path} is ${wordOf(is)} and should be ${wordOf(should)}`];
  });
}

function wordOf(thing: Buffer | 'collection' | undefined): string {
  if (thing === undefined) return 'nothing';
  return thing === 'collection' ? 'a collection' : `an image of ${thing.length} bytes`;
}

export function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** The paths of a thing and of all that it holds. */
function below(tree: ImageTree, path: string): string[] {
  return [...tree.keys()].filter((own) => own === path || own.startsWith(`${path}/`));
}

export function membersOf(tree: ImageTree, path: string): string[] {
  return [...tree.keys()].filter((own) => own !== '' && own !== path && parentOf(own) === path);
}

export function removeFrom(tree: ImageTree, path: string): void {
  for (const own of below(tree, path)) tree.delete(own);
}

export function copyWithin(tree: ImageTree, from: string, to: string, isDeep: boolean): void {
  const taken = (isDeep ? below(tree, from) : [from]).map(
    (path) => [`${to}${path.slice(from.length)}`, tree.get(path)!] as const,
  );
  removeFrom(tree, to);
  for (const [path, thing] of taken) tree.set(path, thing);
}

/** Where a target leads; undefined where nothing can be. */
export function placeOf(target: string): string | undefined {
  const path = target.replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*$/s, '');
  if (path === '' && target !== '' && !target.startsWith('?')) return '';
  if (!path.startsWith('/')) return undefined;
  const names = path.slice(1).replace(/\/$/, '').split('/').map(decoded);
  if (names.length === 1 && names[0] === '') return '';
  const isPlace = names.every(
    (name) => name !== undefined && /^[^./\\%#?:*|"<>\p{Cc}][^/\\%#?:*|"<>\p{Cc}]*$/u.test(name),
  );
  return isPlace && names[0] !== 'health' ? names.join('/') : undefined;
}

function decoded(coded: string): string | undefined {
  try {
    return decodeURIComponent(coded);
  } catch {
    return undefined;
  }
}
