// XML documents of WebDAV: as clients send them, and as nobody should.
import type { Draw } from '../inputs/damage.js';
import { drawBent, pick } from './draw-parts.js';

const names = [
  ...['getetag', 'getcontentlength', 'resourcetype', 'displayname', 'lockdiscovery', 'href', 'a'],
  ...['creationdate', 'getlastmodified', 'supportedlock', 'x:y', 'N:n', 'unknown', 'constructor'],
];

const oddNames = [
  ...['D:getetag', 'D:href', '__proto__', 'toString', 'xml'],
  ...['D:unknown', 'a.b-c', '\xc3\xa9', 'collection', 'prop', 'xmlns:x', 'a:b:c', ':a', '1'],
];

const texts = [
  '',
  ' ',
  'x',
  '&amp;',
  '&#x41;',
  '&#0;',
  '&nbsp;',
  '<![CDATA[</D:prop>]]>',
  '<!--x-->',
];

const namespaces = ['DAV:', 'urn:x', '', 'DAV', ' DAV:', '"', '&quot;&lt;x&gt;', 'x'.repeat(3_000)];

/** Documents that are not to be read. */
const traps = [
  '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
  '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
  '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><x/>',
  '<?xml version="1.0" encoding="utf-16"?><x/>',
  '<?xml-stylesheet href="file:///etc/passwd"?><x/>',
  '<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></x>',
  '<'.repeat(2_000),
  `<x ${Array.from({ length: 400 }, (_, at) => `a${at}="1"`).join(' ')}/>`,
  `<x>${']]>'.repeat(200)}</x>`,
  `<x a="${'&lt;'.repeat(2_000)}"/>`,
];

const roots = ['propfind', 'propertyupdate', 'lockinfo', 'mkcol', 'multistatus', 'x'];
const middles = ['prop', 'allprop', 'propname', 'include', 'set', 'remove', 'lockscope', 'owner'];

/** The body of a method; most often one that it has. */
export function drawXml(draw: Draw, method: string): string {
  if (draw(5) === 0) return pick(draw, traps);
  const root = draw(6) === 0 ? pick(draw, roots) : (rootOf[method] ?? 'propfind');
  const prefix = draw(2) === 0 ? '' : 'D:';
  const bound = prefix === '' ? 'xmlns' : 'xmlns:D';
  const namespace = draw(6) === 0 ? pick(draw, namespaces) : 'DAV:';
  const asked = Array.from({ length: draw(4) }, () => element(draw, 3 + draw(8)));
  const middle = pick(draw, draw(3) === 0 ? middles : ['prop', 'prop', 'allprop', 'propname']);
  const inner = `<${prefix}${middle}>${asked.join('')}</${prefix}${middle}>`;
  const head = draw(3) === 0 ? '<?xml version="1.0" encoding="utf-8"?>\n' : '';
  const attributes = `${bound}="${namespace}" xmlns:x="urn:x" xmlns:N="urn:n"`;
  const text = `${head}<${prefix}${root} ${attributes}>${inner}</${prefix}${root}>`;
  return drawBent(text, draw);
}

const rootOf: Readonly<Record<string, string>> = {
  PROPFIND: 'propfind',
  PROPPATCH: 'propertyupdate',
  LOCK: 'lockinfo',
  MKCOL: 'mkcol',
};

function element(draw: Draw, levels: number): string {
  const name = pick(draw, draw(8) === 0 ? oddNames : names);
  const isBound = draw(5) === 0;
  const attributes = isBound ? ` xmlns:y${draw(3)}="${pick(draw, namespaces)}" y0:z="1"` : '';
  if (draw(2) === 0 || levels === 0) return `<${name}${attributes}/>`;
  const children = Array.from({ length: 1 + draw(2) }, () => element(draw, levels - 1));
  return `<${name}${attributes}>${pick(draw, texts)}${children.join('')}</${name}>`;
}
