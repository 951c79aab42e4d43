import { isIP } from 'node:net';
import { invalidParameter } from '../../world/cloud-exception.js';
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
function assertHost(world: World, hostName: string): void {
  const host = hostName.replace(/^\[(.*)\]$/, '$1');
  const kind = addressKind(host);
  const isRefused = kind !== 'other' && !(kind === 'loopback' && mayLoopBack(world));
  if (isRefused) throw invalidParameter('Illegal host specified in URL.');
  if (isIP(host) === 6) throw invalidParameter(`IPv6 addresses are not supported (${host}).`);
}

function mayLoopBack(world: World): boolean {
  return world.settings.get('ssvm.allowLoopback');
}

function addressKind(host: string): 'loopback' | 'any' | 'link-local' | 'multicast' | 'other' {
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return 'loopback';
  if (host === '0.0.0.0' || host === '::') return 'any';
  if (/^169\.254\./.test(host) || /^fe[89ab]/i.test(host)) return 'link-local';
  const isMulticast = isIP(host) === 4 ? isFrom224To239(host) : /^ff[\da-f]{2}:/i.test(host);
  return isMulticast ? 'multicast' : 'other';
}

function isFrom224To239(ipAddress: string): boolean {
  const first = Number(ipAddress.split('.')[0]);
  return first >= 224 && first <= 239;
}

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
