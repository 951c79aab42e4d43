import { BoshError } from '../../protocol/bosh-error.js';
import {
  describeJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../protocol/json-value.js';
import type { AddressRange } from '../vm/address-range.js';
import { formatIpv4, hostRange, parseIpv4 } from '../vm/ipv4.js';

/** An IPv4 subnet. */
export interface Subnet {
  /** Its first address, as a number. */
  first: number;
  prefixLength: number;
}

/** What create_network is asked for: a certain subnet, one of a certain size, or any. */
export interface NetworkRequest {
  cloudProperties: JsonObject;
  subnet: Subnet | undefined;
  prefixLength: number | undefined;
  gateway: string | undefined;
}

const prefixLengthMin = 8;
const prefixLengthMax = 29;

/**
 * Reads the subnet that the Director wants created (create_network.rb of the Director).
 *
 * @throws BoshError of type CpiError that names the field and what is wrong with it; NotSupported
 *   for what CloudStack cannot create.
 */
export function parseNetworkRequest(given: JsonObject): NetworkRequest {
  const { type = 'manual', cloud_properties: properties = {}, gateway } = given;
  if (type !== 'manual') {
    throw new BoshError(
      'NotSupported',
      `create_network: only networks of type manual can be managed, got ${JSON.stringify(type)}`,
    );
  }
  if (properties !== null && !isJsonObject(properties))
    throw invalid('cloud_properties', properties);
  const subnet = parseRange(given.range);
  const prefixLength = parsePrefixLength(given.netmask_bits);
  if (subnet !== undefined && prefixLength !== undefined && subnet.prefixLength !== prefixLength) {
    throw new BoshError(
      'CpiError',
      `create_network: the range ${cidrOf(subnet)} does not have ${prefixLength} netmask_bits`,
    );
  }
  const router = parseGateway(gateway, subnet);
  return { cloudProperties: properties ?? {}, subnet, prefixLength, gateway: router };
}

export function cidrOf({ first, prefixLength }: Subnet): string {
  return `${formatIpv4(first)}/${prefixLength}`;
}

export function netmaskOf({ prefixLength }: { prefixLength: number }): string {
  return formatIpv4(maskOf(prefixLength));
}

/** The first address that a host may have: where a router stands unless it is told otherwise. */
export function usualGatewayOf({ first }: Subnet): string {
  return formatIpv4(first + 1);
}

/** The subnet that a CIDR names; undefined if the text is none. */
export function parseCidr(text: string): Subnet | undefined {
  const [base = '', length = '', ...rest] = text.split('/');
  const address = parseIpv4(base);
  const prefixLength = /^\d{1,2}$/.test(length) ? Number(length) : NaN;
  if (address === undefined || rest.length > 0 || !(prefixLength <= 32)) return undefined;
  return { first: (address & maskOf(prefixLength)) >>> 0, prefixLength };
}

/** First and last address that a host may have in a subnet. */
export function hostsOf({ first, prefixLength }: Subnet): AddressRange {
  return hostRange(first, maskOf(prefixLength));
}

function parseRange(given: JsonValue | undefined): Subnet | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'string' && given.includes(':')) {
    throw new BoshError(
      'NotSupported',
      `create_network: ${given} is an IPv6 range; CloudStack gives isolated networks IPv4 ranges`,
    );
  }
  const subnet = typeof given === 'string' ? parseCidr(given) : undefined;
  if (subnet === undefined || !isSize(subnet.prefixLength)) {
    throw invalid(
      'range',
      given,
      `a CIDR such as 10.0.0.0/24, of /${prefixLengthMin} to /${prefixLengthMax}`,
    );
  }
  return subnet;
}

function parsePrefixLength(given: JsonValue | undefined): number | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'number' && Number.isInteger(given) && isSize(given)) return given;
  throw invalid(
    'netmask_bits',
    given,
    `a whole number from ${prefixLengthMin} to ${prefixLengthMax}`,
  );
}

/** A gateway says nothing where the range is CloudStack's choice. */
function parseGateway(
  given: JsonValue | undefined,
  subnet: Subnet | undefined,
): string | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  const address = typeof given === 'string' ? parseIpv4(given) : undefined;
  if (address === undefined) throw invalid('gateway', given, 'an IPv4 address');
  if (subnet === undefined) {
    throw new BoshError(
      'CpiError',
      'create_network: a gateway needs a range; give both, or neither',
    );
  }
  const { first, last } = hostsOf(subnet);
  if (address >= first && address <= last) return formatIpv4(address);
  throw new BoshError(
    'CpiError',
    `create_network: the gateway ${formatIpv4(address)} is no host address of ${cidrOf(subnet)}`,
  );
}

function isSize(prefixLength: number): boolean {
  return prefixLength >= prefixLengthMin && prefixLength <= prefixLengthMax;
}

function maskOf(prefixLength: number): number {
  return prefixLength === 0 ? 0 : (~0 << (32 - prefixLength)) >>> 0;
}

/** Texts are quoted: an address is no secret. */
function invalid(field: string, given: JsonValue, expected = 'an object'): BoshError {
  const shown = typeof given === 'string' ? JSON.stringify(given) : describeJson(given);
  return new BoshError('CpiError', `create_network: ${field} must be ${expected}, got ${shown}`);
}
