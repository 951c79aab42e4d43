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
  return serviceNames.some((known) => known.toLowerCase() === name.toLowerCase());
}
