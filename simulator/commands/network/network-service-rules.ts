import { sameName } from '../../declare/list-parameters.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkService } from '../../world/entities.js';

/** The services that a network can have at all (com.cloud.network.Network.Service). */
const serviceNames: readonly string[] = [
  'Vpn',
  'Dhcp',
  'Dns',
  'Gateway',
  'Firewall',
  'Lb',
  'UserData',
  'SourceNat',
  'StaticNat',
  'PortForwarding',
  'SecurityGroup',
  'NetworkACL',
  'Connectivity',
  'BaremetalPxeService',
];

/** Whether CloudStack knows a service of this name, in whatever case (Service.getService). */
export function isNetworkServiceName(name: string): boolean {
  return serviceNames.some((known) => sameName(known, name));
}

/** Throws for a name that no service has. */
export function assertServices(names: readonly string[]): void {
  const unknown = names.find((name) => !isNetworkServiceName(name));
  if (unknown !== undefined) throw invalidParameter(`Invalid service specified ${unknown}`);
}

/** Whether all services that are asked for are among those that something has. */
export function hasServices(
  services: readonly NetworkService[],
  names: readonly string[],
): boolean {
  return names.every((name) => services.some((service) => sameName(service, name)));
}
