import { BoshError } from '../protocol/bosh-error.js';
import { describeJson, isJsonObject, type JsonObject } from '../protocol/json-value.js';

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
  const defaults = Array.isArray(given.default) ? given.default : [];
  const spec: NetworkSpec = {
    name,
    type,
    isDefaultGateway: defaults.includes('gateway'),
    cloudProperties: isJsonObject(given.cloud_properties) ? given.cloud_properties : {},
    given,
  };
  if (typeof given.nic_group === 'string') spec.nicGroup = given.nic_group;
  if (type === 'dynamic') return spec;
  if (typeof given.ip !== 'string' || given.ip === '') {
    throw invalid(name, `is of type ${type} and needs an ip, got ${describeJson(given.ip)}`);
  }
  if (typeof given.prefix === 'string' && !['', '32', '128'].includes(given.prefix)) {
    throw new BoshError(
      'NotSupported',
      `Network ${name} asks for a whole prefix of addresses (/${given.prefix}); CloudStack gives ` +
        'a NIC single addresses. Use prefix 32 or 128',
    );
  }
  return { ...spec, ip: given.ip };
}

function invalid(name: string, problem: string): BoshError {
  return new BoshError('CpiError', `create_vm: network ${name} ${problem}`);
}
