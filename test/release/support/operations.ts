// What `bosh interpolate` does with a manifest: operations are applied to it (go-patch), and variables
// in it replaced.

export type Node = unknown;
type Tree = Record<string, Node>;

export interface Operation {
  readonly type: 'replace' | 'remove';
  readonly path: string;
  readonly value?: Node;
}

/**
 * Applies operations in turn; the manifest that is given stays as it is.
 *
 * @throws Error where a path leads nowhere.
 */
export function applyOperations(manifest: Node, operations: readonly Operation[]): Node {
  return operations.reduce<Node>(
    (node, { type, path, value }) =>
      edited(node, tokensOf(path), path, type === 'remove' ? gone : value),
    structuredClone(manifest),
  );
}

const gone = Symbol('gone');

interface Token {
  readonly text: string;
  /** After a `?`, whatever is missing is made. */
  readonly isOptional: boolean;
}

function tokensOf(path: string): Token[] {
  let isOptional = false;
  return path
    .split('/')
    .slice(1)
    .map((part) => {
      isOptional ||= part.endsWith('?');
      const text = part.replace(/\?$/, '').replaceAll('~1', '/').replaceAll('~0', '~');
      return { text, isOptional };
    });
}

function edited(node: Node, [token, ...rest]: readonly Token[], path: string, to: Node): Node {
  if (token === undefined) return to;
  const { text, isOptional } = token;
  const next = (inner: Node): Node => edited(inner, rest, path, to);
  if (text === '-') {
    const list = node ?? [];
    if (!Array.isArray(list)) throw new Error(`${path}: there is no list to add to`);
    return [...(list as Node[]), next(undefined)];
  }
  if (/^\d+$/.test(text) || text.includes('=')) return editedItem(node, text, path, next);
  const tree = (node ?? {}) as Tree;
  if (!Object.hasOwn(tree, text) && !isOptional) throw new Error(`${path}: there is no ${text}`);
  const value = next(tree[text]);
  if (value !== gone) return { ...tree, [text]: value };
  return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== text));
}

/** One of a list: by its place, or by a key that it has. */
function editedItem(node: Node, text: string, path: string, next: (inner: Node) => Node): Node {
  if (!Array.isArray(node)) throw new Error(`${path}: there is no list of ${text}`);
  const list = node as Node[];
  const [key = '', value] = text.split('=');
  const places = list.flatMap((item, place) => {
    const isMeant = value === undefined ? place === Number(key) : (item as Tree)[key] === value;
    return isMeant ? [place] : [];
  });
  if (places.length !== 1) throw new Error(`${path}: there are ${places.length} of ${text}`);
  return list
    .map((item, place) => (place === places[0] ? next(item) : item))
    .filter((item) => item !== gone);
}

/** The names of the variables that are used anywhere in it, without what is asked of their values. */
export function variablesIn(node: Node): string[] {
  const found = JSON.stringify(node).matchAll(/\(\(([\w/-]+)(?:\.[\w.]+)?\)\)/g);
  return [...new Set([...found].map(([, name]) => name!))].sort();
}

/** Replaces variables: one that is a whole text by its value, others within the text. */
export function interpolate(node: Node, values: Readonly<Record<string, Node>>): Node {
  if (Array.isArray(node)) return node.map((item) => interpolate(item, values));
  if (typeof node === 'object' && node !== null) {
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, interpolate(value, values)]),
    );
  }
  if (typeof node !== 'string') return node;
  const [, whole] = /^\(\(([\w/-]+)\)\)$/.exec(node) ?? [];
  if (whole !== undefined) return values[whole];
  return node.replace(/\(\(([\w/-]+)\)\)/g, (_, name: string) => String(values[name]));
}
