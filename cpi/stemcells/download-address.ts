// From where CloudStack downloads: from no address that leads back to the management server, or to
// more machines than one (UriUtils.checkHost).
import { BlockList, isIP } from 'node:net';
import { CloudStackError, isCloudStackError } from '../cloudstack/errors.js';

const refused = new BlockList();
refused.addAddress('0.0.0.0');
refused.addSubnet('127.0.0.0', 8);
refused.addSubnet('169.254.0.0', 16);
refused.addSubnet('224.0.0.0', 4);

/** Whether CloudStack refuses every URL with this host; of a name only it knows the address. */
export function isRefusedHost(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  if (family === 0) return host === 'localhost';
  return family === 6 || refused.check(host);
}

/** What to do where it refuses the host. */
export function hostAdvice(settings: string): string {
  return (
    'CloudStack downloads from no loopback, link-local, multicast or IPv6 address, and only from ' +
    `names that it can resolve; correct ${settings}`
  );
}

/** The failure to register an image by its URL, with what to do if it is the URL's host. */
export function withHostAdvice(failure: unknown, settings: string): unknown {
  if (!isCloudStackError(failure, 'invalid') || !isAboutHost(failure.text)) return failure;
  const { kind, command, errorCode, text } = failure;
  const advice = hostAdvice(settings);
  return new CloudStackError({ kind, command, errorCode, text, advice, cause: failure });
}

function isAboutHost(text: string): boolean {
  return /Illegal host specified|IPv6 addresses are not supported|Unable to resolve /.test(text);
}
