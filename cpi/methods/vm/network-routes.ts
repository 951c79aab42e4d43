import type { NetworkSpec } from '../../agent/network-spec.js';
import { BoshError } from '../../protocol/bosh-error.js';
import {
  describeJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../protocol/json-value.js';
import { netmaskOf, parseCidr } from '../network/subnet.js';
import { formatIpv4, parseIpv4 } from './ipv4.js';

/**
 * The BOSH networks of a VM with the routes that cloud_properties name for them, in the form in
 * which the agent takes them (settings.go, Route). Without a gateway a route goes by that of its
 * network.
 *
 * @throws BoshError of type CpiError that names the network and what is wrong with its routes.
 */
export function withRoutes(specs: readonly NetworkSpec[], routes: JsonObject = {}): NetworkSpec[] {
  for (const name of Object.keys(routes)) {
    if (specs.some((spec) => spec.name === name && spec.type !== 'vip')) continue;
    throw invalid(name, 'the VM has no manual or dynamic network of that name');
  }
  return specs.map((spec) => {
    const own = Object.hasOwn(routes, spec.name) ? readRoutes(spec, routes[spec.name]) : [];
    const { routes: given } = spec.given;
    if (own.length === 0) return spec;
    const all = [...(Array.isArray(given) ? given : []), ...own];
    return { ...spec, given: { ...spec.given, routes: all } };
  });
}

function readRoutes(spec: NetworkSpec, given: JsonValue | undefined): JsonObject[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    throw invalid(spec.name, `must be a list of objects, got ${describeJson(given)}`);
  }
  return given.map((route) => readRoute(spec, route));
}

function readRoute({ name, type, given }: NetworkSpec, route: JsonValue): JsonObject {
  if (!isJsonObject(route)) {
    throw invalid(name, `must be a list of objects, got one with ${describeJson(route)}`);
  }
  const subnet = typeof route.cidr === 'string' ? parseCidr(route.cidr) : undefined;
  if (subnet === undefined) {
    throw invalid(
      name,
      `cidr must be an IPv4 range such as 10.20.0.0/16, got ${shown(route.cidr)}`,
    );
  }
  // What a dynamic network says of its gateway is what it had earlier.
  const gateway = route.gateway ?? (type === 'dynamic' ? undefined : given.gateway);
  if (typeof gateway !== 'string' || parseIpv4(gateway) === undefined) {
    throw invalid(
      name,
      `the route to ${shown(route.cidr)} needs an IPv4 address as gateway, got ${shown(gateway)}`,
    );
  }
  return { Destination: formatIpv4(subnet.first), Gateway: gateway, Netmask: netmaskOf(subnet) };
}

/** Texts are quoted: an address is no secret. */
function shown(value: JsonValue | undefined): string {
  return typeof value === 'string' ? JSON.stringify(value) : describeJson(value);
}

function invalid(name: string, problem: string): BoshError {
  return new BoshError(
    'CpiError',
    `create_vm: routes of network ${name} in cloud_properties: ${problem}`,
  );
}
