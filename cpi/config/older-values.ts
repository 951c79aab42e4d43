import { BlockList, isIP } from 'node:net';
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json-value.js';

// What the values of the earlier CPIs mean here. A value of another kind is passed on as it is: the
// check of the property it becomes then says what is wrong.

/** Minutes in seconds. */
export function seconds(minutes: JsonValue): JsonValue {
  return typeof minutes === 'number' ? minutes * 60 : minutes;
}

/** A text with commas as a list. */
export function words(text: JsonValue): JsonValue {
  if (typeof text !== 'string') return text;
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** The blobstore of agents, of which the Java release had all parts in properties of their own. */
export function blobstoreOfJavaCpi(properties: JsonValue): JsonValue | undefined {
  if (!isJsonObject(properties)) return properties;
  const { provider, path, address, port, agent } = properties;
  if (provider === undefined || provider === null || provider === '') return undefined;
  if (provider === 'local') return { provider, options: { blobstore_path: path ?? null } };
  const { user = null, password = null } = isJsonObject(agent) ? agent : {};
  const endpoint = `http://${textOf(address)}:${textOf(port)}`;
  return { provider, options: { endpoint, user, password } };
}

/** The proxy that the variables of the Go release name for an endpoint, by our properties. */
export function proxyOfEnvironment(
  env: JsonValue | undefined,
  endpoint: JsonValue | undefined,
): JsonObject | undefined {
  const target = urlOf(endpoint);
  if (env === undefined || !isJsonObject(env) || target === undefined) return undefined;
  const named = target.protocol === 'https:' ? env.https_proxy : env.http_proxy;
  if (typeof named !== 'string' || isExempt(target.hostname, env.no_proxy)) return undefined;
  const proxy = urlOf(named.includes('://') ? named : `http://${named}`);
  if (proxy === undefined) return undefined;
  const { hostname, port, username, password } = proxy;
  return {
    proxy_host: hostname,
    proxy_port: port === '' ? (portsOfSchemes[proxy.protocol] ?? null) : Number(port),
    proxy_user: decodeURIComponent(username),
    proxy_password: decodeURIComponent(password),
  };
}

const portsOfSchemes: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** As Go reads it: `*`, domains with all that is below them, addresses and ranges of them. */
function isExempt(host: string, noProxy: JsonValue | undefined): boolean {
  const entries = words(noProxy ?? '');
  if (!Array.isArray(entries)) return false;
  return entries.some((entry) => typeof entry === 'string' && covers(entry.toLowerCase(), host));
}

function covers(entry: string, host: string): boolean {
  const [name = '', bits] = entry.replace(/:\d+$/, '').split('/');
  if (name === '*' || name === host) return true;
  if (bits === undefined || isIP(name) !== 4 || isIP(host) !== 4) {
    return host.endsWith(name.startsWith('.') ? name : `.${name}`);
  }
  const range = new BlockList();
  range.addSubnet(name, Number(bits), 'ipv4');
  return range.check(host, 'ipv4');
}

function urlOf(value: JsonValue | undefined): URL | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
