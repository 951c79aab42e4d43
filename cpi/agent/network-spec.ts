import { BoshError } from '../protocol/bosh-error.js';
import {
  describeJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../protocol/json-value.js';

/** One entry of create_vm's networks. What CloudStack needs is read out of it, the rest is kept. */
export interface NetworkSpec {
  name: string;
  type: 'manual' | 'dynamic' | 'vip';
  /** The address to take; a dynamic network has none, whatever the Director reports of earlier. */
  ip?: string;
  /** Which network holds the default route. */
  isDefaultGateway: boolean;
  nicGroup?: string;
  cloudProperties: JsonObject;
  /** The entry as it came. */
  given: JsonObject;
}

/** A network together with the MAC of the NIC that serves it, and the address it really has. */
export interface PluggedNetwork {
  spec: NetworkSpec;
  macAddress?: string;
  ipAddress?: string;
  netmask?: string;
  gateway?: string;
}

/**
 * Reads the networks argument of create_vm.
 *
 * @throws BoshError of type CpiError that names the network and what is wrong with it.
 */
export function parseNetworks(networks: JsonObject): NetworkSpec[] {
  return Object.entries(networks).map(([name, given]) => {
    if (!isJsonObject(given)) {
      throw invalid(name, `must be an object, got ${describeJson(given)}`);
    }
    return parseNetwork(name, given);
  });
}

/**
 * What the agent gets to know of the networks (settings.go, Network). MACs are in lower case, as
 * the guest's kernel shows them: the agent compares letter by letter.
 */
export function agentNetworks(networks: readonly PluggedNetwork[]): JsonObject {
  return Object.fromEntries(
    networks.map(({ spec, macAddress }) => {
      const entry = { ...spec.given };
      delete entry.cloud_properties;
      if (spec.type === 'dynamic') {
        delete entry.ip;
        delete entry.netmask;
        delete entry.gateway;
      }
      const mac = macAddress === undefined ? {} : { mac: macAddress.toLowerCase() };
      return [spec.name, { ...entry, type: spec.type, ...mac }];
    }),
  );
}

/** The networks as create_vm returns them: as given, with MACs, and what a dynamic one got. */
export function echoedNetworks(networks: readonly PluggedNetwork[]): JsonObject {
  return Object.fromEntries(
    networks.map(({ spec, macAddress, ipAddress, netmask, gateway }) => {
      const entry: JsonObject = { ...spec.given, type: spec.type };
      if (macAddress !== undefined) entry.mac = macAddress.toLowerCase();
      if (spec.type === 'dynamic') {
        if (ipAddress !== undefined) entry.ip = ipAddress;
        if (netmask !== undefined) entry.netmask = netmask;
        if (gateway !== undefined) entry.gateway = gateway;
      }
      return [spec.name, entry];
    }),
  );
}

function parseNetwork(name: string, given: JsonObject): NetworkSpec {
  const type = given.type ?? 'manual';
  if (type !== 'manual' && type !== 'dynamic' && type !== 'vip') {
    throw invalid(name, `has the type ${JSON.stringify(type)}; known are manual, dynamic and vip`);
  }
  const nicGroup = readText(name, 'nic_group', given.nic_group);
  const spec: NetworkSpec = {
    name,
    type,
    isDefaultGateway: readDefaults(name, given.default).includes('gateway'),
    cloudProperties: readProperties(name, given.cloud_properties),
    given,
    ...(nicGroup !== undefined && { nicGroup }),
  };
  if (type === 'dynamic') return spec;
  if (typeof given.ip !== 'string' || given.ip === '') {
    throw invalid(name, `is of type ${type} and needs an ip, got ${describeJson(given.ip)}`);
  }
  refusePrefix(name, readText(name, 'prefix', given.prefix));
  return { ...spec, ip: given.ip };
}

function readProperties(name: string, given: JsonValue | undefined): JsonObject {
  if (isAbsent(given)) return {};
  if (isJsonObject(given)) return given;
  throw invalid(name, `has cloud_properties that are no object, but ${describeJson(given)}`);
}

function readDefaults(name: string, given: JsonValue | undefined): readonly JsonValue[] {
  if (isAbsent(given)) return [];
  if (Array.isArray(given) && given.every((item) => typeof item === 'string')) return given;
  throw invalid(name, `has a default that is no list of strings, but ${describeJson(given)}`);
}

function readText(name: string, key: string, given: JsonValue | undefined): string | undefined {
  if (isAbsent(given) || given === '') return undefined;
  if (typeof given === 'string') return given;
  throw invalid(name, `has a ${key} that is no string, but ${describeJson(given)}`);
}

/** A single address has the prefix 32, in IPv6 128. */
function refusePrefix(name: string, prefix: string | undefined): void {
  if (prefix === undefined || prefix === '32' || prefix === '128') return;
  throw new BoshError(
    'NotSupported',
    `Network ${name} asks for a whole prefix of addresses (/${prefix}); CloudStack gives a NIC ` +
      'single addresses. Use prefix 32 or 128',
  );
}

function isAbsent(given: JsonValue | undefined): given is null | undefined {
  return given === undefined || given === null;
}

function invalid(name: string, problem: string): BoshError {
  return new BoshError('CpiError', `create_vm: network ${name} ${problem}`);
}
