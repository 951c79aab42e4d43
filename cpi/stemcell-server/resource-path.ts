/** A place on the server, by the names that lead to it; the root has none. */
export type ResourcePath = readonly string[];

export type PathReading =
  | { readonly kind: 'path'; readonly path: ResourcePath }
  /** No path of a URL at all. */
  | { readonly kind: 'malformed' }
  /** A path that nothing on this server can have. */
  | { readonly kind: 'impossible' };

const longestNameBytes = 200;
const mostNames = 8;

/**
 * Reads the target of a request, or the URL of a `Destination`, without its query. Names are taken
 * apart before they are decoded, so that an encoded slash stays in its name, where it is refused.
 * Nothing is resolved: `.` and `..` are impossible, as all names with a dot in front are, one of
 * which the server has for itself.
 */
export function readPath(target: string): PathReading {
  const [withoutQuery = ''] = target.replace(/^https?:\/\/[^/?]*\/?/i, '/').split('?');
  if (!withoutQuery.startsWith('/')) return { kind: 'malformed' };
  const names: string[] = [];
  for (const encoded of withoutQuery.slice(1).replace(/\/$/, '').split('/')) {
    const name = decoded(encoded);
    if (name === undefined) return { kind: 'malformed' };
    names.push(name);
  }
  const path = names.length === 1 && names[0] === '' ? [] : names;
  const isPossible = path.length <= mostNames && path.every(isName) && path[0] !== healthName;
  return isPossible ? { kind: 'path', path } : { kind: 'impossible' };
}

/** What the health of the server is asked by, and so the name of nothing else. */
export const healthName = 'health';

/** As it stands in a URL. */
export function urlPath(path: ResourcePath): string {
  return `/${path.map(encodeURIComponent).join('/')}`;
}

/**
 * Whether nobody can come by a path who was not told of it: whether it has 128 random bits, as a
 * UUID or in 32 hexadecimal digits.
 */
export function isUnguessable(path: ResourcePath): boolean {
  return path.some((name) => /[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.test(name));
}

function decoded(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Characters that mean something in URLs, in shells or to Windows are in no name. */
function isName(name: string): boolean {
  return (
    /^[^.\p{Cc}\p{Cf}\p{Cs}/\\#?%*:|"<>][^\p{Cc}\p{Cf}\p{Cs}/\\#?%*:|"<>]*$/u.test(name) &&
    Buffer.byteLength(name) <= longestNameBytes
  );
}
