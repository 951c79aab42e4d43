import type { VmData } from './vm-data.js';

/** What a web server answers. */
export interface GuestHttpResponse {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Names that stand directly below `/latest`, too. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ...[
    'availability-zone',
    'cloud-identifier',
    'hypervisor-host-name',
    'instance-id',
    'local-hostname',
    'local-ipv4',
    'public-hostname',
    'public-ipv4',
    'public-keys',
    'service-offering',
    'vm-id',
  ].map((name) => [name, name] as const),
  // The router's rules do lead both there.
  ['cloud-domain', 'vm-id'],
  ['cloud-domain-id', 'vm-id'],
]);

/**
 * The virtual router's web server as a guest at `address` finds it: what it holds for that address
 * below `/latest`, and below `/userdata` and `/metadata` the folders of each address, which are
 * closed to every other one (systemvm: var/www/html/latest/.htaccess, CsVmMetadata).
 */
export function answerMetadataRequest(
  { userData, metadata }: VmData,
  address: string,
  path: string,
): GuestHttpResponse {
  const file = fileBehind(path, address);
  if (file === undefined) return notFound;
  if (file.address !== address) return forbidden;
  if (file.folder === 'userdata') return file.name === 'user-data' ? found(userData) : notFound;
  if (file.name === 'meta-data') return found([...metadata.keys(), ''].join('\n'));
  const value = metadata.get(file.name);
  return value === undefined ? notFound : found(value);
}

interface RouterFile {
  readonly folder: 'userdata' | 'metadata';
  readonly address: string;
  readonly name: string;
}

/** Which file the router's rewrite rules make of a path; case counts only in folders' names. */
function fileBehind(path: string, address: string): RouterFile | undefined {
  const [top, ...rest] = segmentsOf(path);
  if (top === 'userdata' || top === 'metadata') {
    const [owner = '', ...name] = rest;
    return { folder: top, address: owner, name: name.join('/') };
  }
  if (top !== 'latest') return undefined;
  const [first = '', ...name] = rest.map((segment) => segment.toLowerCase());
  if (first === 'user-data' && name.length === 0) {
    return { folder: 'userdata', address, name: 'user-data' };
  }
  if (first === 'meta-data') {
    return { folder: 'metadata', address, name: name.join('/') || 'meta-data' };
  }
  const short = name.length === 0 ? SHORT_NAMES.get(first) : undefined;
  return short === undefined ? undefined : { folder: 'metadata', address, name: short };
}

/** The path's parts without the query, doubled slashes and the slash at its end; none if broken. */
function segmentsOf(path: string): string[] {
  const { pathname } = new URL(`http://router/${path.replace(/^\/+/, '')}`);
  try {
    return decodeURIComponent(pathname)
      .split('/')
      .filter((segment) => segment !== '');
  } catch {
    return [];
  }
}

const notFound: GuestHttpResponse = { status: 404, body: Buffer.from('Not Found\n') };
const forbidden: GuestHttpResponse = { status: 403, body: Buffer.from('Forbidden\n') };

function found(content: string | Uint8Array): GuestHttpResponse {
  return { status: 200, body: Buffer.from(content) };
}
