import { isIP } from 'node:net';
import { invalidParameter } from '../../world/cloud-exception.js';
import { LOOPBACK_HINT, kindOfHost, type HostKind } from '../../world/storage/image-hosts.js';
import type { World } from '../../world/world.js';

/**
 * Throws unless a template can be downloaded from a URL, as far as it shows (UriUtils.validateUrl):
 * its scheme, its host, its ending. Names of hosts are not resolved: what CloudStack refuses here for
 * one that there is not fails in the download.
 */
export function assertImageUrl(world: World, format: string, text: string): void {
  const url = parseUrl(text);
  if (!['http:', 'https:', 'file:'].includes(url.protocol)) {
    throw invalidParameter(`Unsupported scheme for url: ${text}`);
  }
  if (world.settings.get('validate.url.is.resolvable.before.registering.template')) {
    assertHost(world, url.hostname);
  }
  assertEnding(format, decodeURIComponent(url.pathname));
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) {
    const problem = /^[a-z][a-z\d+.-]*:/i.test(text) ? 'Invalid URL' : 'Unsupported scheme for url';
    throw invalidParameter(`${problem}: ${text}`);
  }
  return new URL(text);
}

/** Private addresses are not refused; those that lead back to the management server are. */
function assertHost(world: World, hostname: string): void {
  const kind = kindOfHost(hostname);
  const mayLoopBack = world.settings.get('ssvm.allowLoopback');
  if (kind === 'loopback' && !mayLoopBack) throw invalidParameter(ILLEGAL_HOST, [], LOOPBACK_HINT);
  if (REFUSED.has(kind)) throw invalidParameter(ILLEGAL_HOST);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) === 6) throw invalidParameter(`IPv6 addresses are not supported (${host}).`);
}

const ILLEGAL_HOST = 'Illegal host specified in URL.';

const REFUSED: ReadonlySet<HostKind> = new Set(['any', 'link-local', 'multicast']);

const COMPRESSIONS = ['zip', 'bz2', 'gz', 'xz'];

/** The endings of each format, each also compressed (UriUtils.SUPPORTED_EXTENSIONS_BY_FORMAT). */
const endings: Readonly<Record<string, readonly string[]>> = {
  vhd: compressible('vhd'),
  vhdx: compressible('vhdx'),
  qcow2: [...compressible('qcow2', 'img'), '.metalink'],
  ova: [...compressible('ova'), '.metalink'],
  tar: compressible('tar'),
  raw: compressible('img', 'raw'),
  vmdk: compressible('vmdk'),
  iso: [...compressible('iso'), '.metalink'],
};

function compressible(...names: readonly string[]): string[] {
  return names.flatMap((name) => [`.${name}`, ...COMPRESSIONS.map((type) => `.${name}.${type}`)]);
}

function assertEnding(format: string, path: string): void {
  const [name, lowerPath] = [format.toLowerCase(), path.toLowerCase()];
  const endsWithOne = (list: readonly string[]): boolean =>
    list.some((ending) => lowerPath.endsWith(ending));
  if (endsWithOne(endings[name] ?? [])) return;
  if (!Object.values(endings).some(endsWithOne)) {
    throw invalidParameter(`Please specify a valid ${name}`);
  }
  throw invalidParameter(
    `Please specify a valid URL. URL:${path} is an invalid for the format ${name}`,
  );
}
