import type { AnyCommand } from '../declare/command.js';
import type { ResponseObject } from '../declare/response.js';
import type { Json, JsonObject } from '../kernel/json.js';

/** An answer in XML, as ApiResponseSerializer writes it. */
export interface XmlDocument {
  readonly wrapper: string;
  /** Stands in every document as `cloud-stack-version`. */
  readonly version: string;
  readonly content: JsonObject;
  readonly mapFields: ReadonlySet<string>;
}

/** The whole document: no line breaks, no indentation. */
export function xmlText({ wrapper, version, content, mapFields }: XmlDocument): string {
  const start = `<?xml version="1.0" encoding="UTF-8"?><${wrapper} cloud-stack-version="${version}">`;
  return `${start}${fieldsXml(content, mapFields)}</${wrapper}>`;
}

/**
 * The names of the fields that hold Java maps. CloudStack looks at the class of a value, but in
 * plain data a map looks like a response object, of which XML makes something else.
 */
export function mapFieldsOf(commands: readonly AnyCommand[]): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<ResponseObject<never>>();
  const visit = (object: ResponseObject<never>): void => {
    if (seen.has(object)) return;
    seen.add(object);
    for (const [name, { type, of }] of Object.entries(object.fields)) {
      if (type === 'map' || type === 'list of maps') names.add(name);
      if (of !== undefined) visit(of);
    }
  };
  for (const { response } of commands) if (response.kind !== 'success') visit(response.object);
  return names;
}

function fieldsXml(object: JsonObject, mapFields: ReadonlySet<string>): string {
  return Object.entries(object)
    .map(([name, value]) => fieldXml(name, value, mapFields))
    .join('');
}

function fieldXml(name: string, value: Json | undefined, mapFields: ReadonlySet<string>): string {
  if (value === undefined || value === null) return '';
  if (isList(value)) return listXml(name, value, mapFields);
  if (typeof value !== 'object') return element(name, escaped(String(value)));
  if (mapFields.has(name)) return element(name, escaped(javaMapText(value)));
  return element(name, fieldsXml(value, mapFields));
}

/** An element for each item, and nothing at all for an empty list. */
function listXml(name: string, items: readonly Json[], mapFields: ReadonlySet<string>): string {
  if (name === 'uuidList') return uuidListXml(items);
  return items.map((item) => itemXml(name, item, mapFields)).join('');
}

/** CloudStack leaves out maps in lists, and it does not escape texts in lists. */
function itemXml(name: string, item: Json, mapFields: ReadonlySet<string>): string {
  if (typeof item === 'string') return element(name, item);
  if (item === null || typeof item !== 'object' || isList(item)) return '';
  return mapFields.has(name) ? '' : element(name, fieldsXml(item, mapFields));
}

/** The entities that an error is about (ExceptionProxyObject), all of them in one element. */
function uuidListXml(items: readonly Json[]): string {
  if (items.length === 0) return '';
  const entries = (items as readonly Readonly<Record<string, string>>[]).map(
    ({ uuid = '', description = '' }) =>
      element('uuid', uuid) + element('uuidProperty', description),
  );
  return element('uuidList', entries.join(''));
}

/** AbstractMap.toString. */
function javaMapText(map: JsonObject): string {
  const entries = Object.entries(map).map(([key, value]) => `${key}=${wordOf(value)}`);
  return `{${entries.join(', ')}}`;
}

function wordOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '"': '&quot;',
  "'": '&apos;',
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
};

function escaped(text: string): string {
  return text.replace(/["'<>&]/g, (character) => ENTITIES[character] ?? character);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
