import type { TemplateFormat } from './image.js';

/** An image that is somewhere where CloudStack fetches it. */
export interface ImageUrl {
  readonly url: string;
  readonly format: TemplateFormat;
}

/** The longest that registerTemplate takes (BaseCmd: length of `url`). */
const longestUrl = 2_048;

/** What CloudStack makes a template of, by the extension (UriUtils.checkFormat). */
const formatByExtension: Readonly<Record<string, TemplateFormat>> = {
  qcow2: 'QCOW2',
  img: 'QCOW2',
  raw: 'RAW',
  vhd: 'VHD',
  ova: 'OVA',
};

const extensions = `${Object.keys(formatByExtension).join(', ')}, each also with .gz, .bz2 or .zip`;

/** What is wrong with the URL of an image, completing "must be …"; undefined if nothing is. */
export function problemOfImageUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'an http:// or https:// URL';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return 'an http:// or https:// URL';
  if (username + password + hash !== '') return 'a URL without user name, password and fragment';
  if (text.length > longestUrl) return `a URL of at most ${longestUrl} characters`;
  return extensionOf(text) === undefined ? `a URL whose path ends with ${extensions}` : undefined;
}

/**
 * Reads the URL of an image that has no problem. `.img` may be of two formats: the stemcell's
 * `disk_format` decides.
 */
export function readImageUrl(url: string, diskFormat: string | undefined): ImageUrl {
  const extension = extensionOf(url) ?? '';
  const isRaw = extension === 'img' && diskFormat === 'raw';
  return { url, format: isRaw ? 'RAW' : (formatByExtension[extension] ?? 'QCOW2') };
}

function extensionOf(url: string): string | undefined {
  const path = new URL(url).pathname.toLowerCase().replace(/\.(gz|bz2|zip)$/, '');
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return Object.hasOwn(formatByExtension, extension) ? extension : undefined;
}
