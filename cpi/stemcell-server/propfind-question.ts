import sax from 'sax';

/** The name of a property. */
interface PropertyName {
  readonly namespace: string;
  readonly name: string;
}

/** What a PROPFIND asks for. */
export type PropfindQuestion =
  | { readonly kind: 'all' }
  | { readonly kind: 'names' }
  | {
      readonly kind: 'some';
      /** Those that images or collections have. */
      readonly known: readonly string[];
      /** All others, as elements without content; empty if there are none. */
      readonly others: string;
    };

/** The properties that webdav-server knows, of the namespace `DAV:`. */
const knownNames: ReadonlySet<string> = new Set([
  'creationdate',
  'displayname',
  'getcontentlength',
  'getcontenttype',
  'getetag',
  'getlastmodified',
  'lockdiscovery',
  'resourcetype',
  'supportedlock',
]);

/** Deeper than any question is. */
const deepest = 8;

/** Names of properties stand in the answer for each image that has none such. */
const othersLengthMax = 8_192;

/**
 * Reads the body of a PROPFIND; nothing asks for all. Undefined for a body that no PROPFIND has:
 * that is no XML with its namespaces in order, or has a document type. So no entity is ever made,
 * let alone expanded. `too much`: its answer would be many times as long as the question.
 */
export function readPropfind(body: Buffer): PropfindQuestion | 'too much' | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const question = text.trim() === '' ? { kind: 'all' as const } : questionIn(elementsOf(text));
    const isTooMuch = question?.kind === 'some' && question.others.length > othersLengthMax;
    return isTooMuch ? 'too much' : question;
  } catch {
    return undefined;
  }
}

/**
 * The question as webdav-server may see it. It takes names apart in the wrong place, and reads the
 * question anew for each image: so that all that it does not know goes under one name of ours.
 */
export function propfindXml(question: PropfindQuestion): string {
  return `<D:propfind xmlns:D="DAV:">${askedXml(question)}</D:propfind>`;
}

function askedXml(question: PropfindQuestion): string {
  if (question.kind === 'all') return '<D:allprop/>';
  if (question.kind === 'names') return '<D:propname/>';
  const unknown = question.others === '' ? [] : ['unknown'];
  const names = [...question.known, ...unknown].map((name) => `<D:${name}/>`);
  return `<D:prop>${names.join('')}</D:prop>`;
}

/** Its answer, with the names that were asked for. */
export function withAskedNames(xml: string, question: PropfindQuestion): string {
  if (question.kind !== 'some') return xml;
  return xml.replace(/<(\w+):unknown xmlns:\1="DAV:"\/>/g, () => question.others);
}

function elementXml({ namespace, name }: PropertyName): string {
  // What is in no namespace must not fall into one.
  if (namespace === '') return `<${name} xmlns=""/>`;
  return `<N:${name} xmlns:N="${escaped(namespace)}"/>`;
}

interface Element extends PropertyName {
  readonly depth: number;
}

/** @throws where the text is not well-formed, or not to be read. */
function elementsOf(text: string): Element[] {
  const elements: Element[] = [];
  let depth = 0;
  const refuse = (): never => {
    throw new Error('no PROPFIND');
  };
  const xml = sax.parser(true, { xmlns: true, strictEntities: true } as sax.SAXOptions);
  xml.onerror = refuse;
  xml.ondoctype = refuse;
  xml.onprocessinginstruction = ({ name }) => {
    if (name !== 'xml') refuse();
  };
  xml.onopentag = (tag) => {
    depth += 1;
    if (depth > deepest || !('local' in tag) || hasUnboundPrefix(tag)) refuse();
    else elements.push({ namespace: tag.uri, name: tag.local, depth });
  };
  xml.onclosetag = () => {
    depth -= 1;
  };
  xml.write(text).close();
  return elements;
}

function questionIn(elements: readonly Element[]): PropfindQuestion | undefined {
  const has = (depth: number, name: string): boolean =>
    elements.some(
      (element) => element.depth === depth && element.namespace === 'DAV:' && element.name === name,
    );
  const roots = elements.filter(({ depth }) => depth === 1);
  if (roots.length !== 1 || !has(1, 'propfind')) return undefined;
  const asks = (name: string): boolean => has(2, name);
  if (asks('propname')) return { kind: 'names' };
  if (!asks('prop')) return { kind: 'all' };
  const asked = elements.filter(({ depth }) => depth === 3);
  const known = asked.filter(isKnown);
  return {
    kind: 'some',
    known: [...new Set(known.map(({ name }) => name))],
    others: othersXml(asked.filter((element) => !isKnown(element))),
  };
}

function isKnown({ namespace, name }: PropertyName): boolean {
  return namespace === 'DAV:' && knownNames.has(name);
}

/** Each once; longer than it may be, it is not made to its end. */
function othersXml(others: readonly PropertyName[]): string {
  const elements = new Set<string>();
  let length = 0;
  for (const other of others) {
    const element = elementXml(other);
    if (elements.has(element)) continue;
    elements.add(element);
    length += element.length;
    if (length > othersLengthMax) break;
  }
  return [...elements].join('');
}

/** A prefix may not be bound to nothing (Namespaces in XML 1.0, section 5). */
function hasUnboundPrefix({ attributes }: sax.QualifiedTag): boolean {
  return Object.values(attributes).some(
    ({ prefix, value, local }) => prefix === 'xmlns' && local !== '' && value === '',
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
