import type { ApiRequest } from '../contract/api-door.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { isSecretField, redactor, type Redact } from '../secrets.js';
import { References } from './references.js';

/**
 * Takes out of requests and answers what differs from run to run, and what must not be passed on:
 * ids and addresses become references, dates `<date>`, secrets `<secret>`. One for each transcript.
 */
export class Normaliser {
  readonly #references = new References();
  readonly #redact: Redact;

  /** `secrets` are left out wherever they stand, whatever the name of the field. */
  constructor(secrets: readonly string[]) {
    this.#redact = redactor(secrets);
  }

  parameters({ command, parameters }: ApiRequest): JsonObject {
    const place = { command, container: subjectOf(command) };
    return Object.fromEntries(
      [...parameters].map(([name, value]) => [name, this.#text(value, { ...place, key: name })]),
    );
  }

  /** The answer as JSON; `{"text": …}` where it is none. */
  answer(command: string, body: string): JsonObject {
    const container = subjectOf(command);
    const json = parsed(body);
    if (!isObject(json)) {
      const text = this.#text(body, { command, container, key: 'text' });
      return { text: text.slice(0, textCharacters) };
    }
    return this.#object(json, { command, container, key: '' });
  }

  #value(value: JsonValue, place: Place): JsonValue {
    if (typeof value === 'string') return this.#text(value, place);
    if (Array.isArray(value)) return value.map((item) => this.#value(item, place));
    if (isObject(value)) return this.#object(value, { ...place, container: containerOf(place) });
    return isSecretField(place.key) && value !== null ? '<secret>' : value;
  }

  #object(object: JsonObject, place: Place): JsonObject {
    return Object.fromEntries(
      Object.entries(object).map(([key, value]) => [
        this.#redact(key),
        value === undefined ? undefined : this.#value(value, { ...place, key }),
      ]),
    );
  }

  #text(text: string, place: Place): string {
    if (isSecretField(place.key) && text !== '') return '<secret>';
    const kind = kindOf(place);
    const open = this.#redact(text)
      .replace(urls, withoutPrivateParts)
      .replace(uuids, (id) => this.#references.of(id, kind))
      .replace(dates, '<date>')
      .replace(macs, (mac) => this.#references.of(mac, 'mac'));
    if (/version/i.test(place.key)) return open;
    return open.replace(addresses, (address) => this.#references.of(address, 'address'));
  }
}

/** Where a value stands. */
interface Place {
  readonly command: string;
  /** What kind of thing the object is that it stands in. */
  readonly container: string;
  readonly key: string;
}

const textCharacters = 2000;

const uuids = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const dates = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g;
const macs = /\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi;
const addresses = /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/g;
const urls = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;

/** A URL without the name and password of whoever may use it, and without its query. */
function withoutPrivateParts(url: string): string {
  return url.replace(/(:\/\/)[^/@]*@/, '$1').replace(/\?.*$/, '?<query>');
}

/** The kind of thing that a command is about: `deployVirtualMachine` gives `virtualmachine`. */
function subjectOf(command: string): string {
  const noun = command.replace(/^[a-z]+/, '').toLowerCase();
  return command.startsWith('list') ? noun.replace(/s$/, '') : noun;
}

/** `{"virtualmachine": [{"id": …}]}` holds VMs; `{"createvolumeresponse": {…}}` what was asked for. */
function containerOf({ key, container }: Place): string {
  const isWrapping = key === '' || /(response|result)$/.test(key);
  return isWrapping ? container : key.toLowerCase();
}

/** `id` is that of the object it stands in, `zoneid` a zone's; elsewhere it is just an id. */
function kindOf({ key, container }: Place): string {
  const [, owner] = /^(.*?)ids?$/i.exec(key) ?? [];
  if (owner === undefined) return 'id';
  return owner === '' ? container : owner.toLowerCase();
}

function parsed(body: string): JsonValue {
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return null;
  }
}
