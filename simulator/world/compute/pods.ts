import type { PodRow } from '../entities.js';
import { ipv4Text, netmaskOf, parseCidr } from '../network/ipv4.js';

/** How many addresses of a pod are for system VMs, behind that of the gateway. */
const SYSTEM_VM_ADDRESSES = 30;

/** The gateway, the netmask, and the addresses for system VMs of a pod's management network. */
export function privateRange({ cidr }: PodRow): {
  readonly gateway: string;
  readonly netmask: string;
  readonly startIp: string;
  readonly endIp: string;
} {
  const subnet = parseCidr(cidr);
  return {
    gateway: ipv4Text(subnet.first + 1),
    netmask: netmaskOf(subnet),
    startIp: ipv4Text(subnet.first + 2),
    endIp: ipv4Text(subnet.first + 1 + SYSTEM_VM_ADDRESSES),
  };
}
