import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkRow, PublicIpRow, VmRow } from '../../world/entities.js';
import { otherUseOf } from '../../world/network/conserve-mode.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { networkText } from '../../world/network/networks.js';
import { hasAddress, nicsOf } from '../../world/network/nics.js';
import { publicIpText } from '../../world/network/public-ips.js';
import { isDestroyedVm, vmText } from '../../world/compute/virtual-machines.js';
import { networkServedBy } from '../../world/network/vpc-addresses.js';
import type { World } from '../../world/world.js';
import { assertPorts, assertProtocol, isCidr, opensFirewall } from '../firewall/port-validation.js';

/** What createPortForwardingRule was asked for. */
export interface ForwardingArguments {
  readonly ipaddressid: PublicIpRow;
  readonly networkid?: NetworkRow | undefined;
  readonly protocol: string;
  readonly publicport: number;
  readonly publicendport?: number | undefined;
  readonly privateport: number;
  readonly privateendport?: number | undefined;
  readonly virtualmachineid: VmRow;
  readonly vmguestip?: string | undefined;
  readonly cidrlist?: readonly string[] | undefined;
  readonly openfirewall?: boolean | undefined;
}

/** The ports of a rule; a range of one if no last one is given. */
export interface PortRanges {
  readonly publicPort: number;
  readonly publicEndPort: number;
  readonly privatePort: number;
  readonly privateEndPort: number;
}

export function askedRanges(args: ForwardingArguments): PortRanges {
  return {
    publicPort: args.publicport,
    publicEndPort: args.publicendport ?? args.publicport,
    privatePort: args.privateport,
    privateEndPort: args.privateendport ?? args.privateport,
  };
}

/**
 * The address of the VM to which a new rule leads. Throws unless the rule may be, except for other
 * rules in its way (RulesManagerImpl.createPortForwardingRule).
 */
export function checkedTarget(
  context: CommandContext,
  args: ForwardingArguments,
): { readonly network: NetworkRow; readonly vmIpAddress: string } {
  const { ipaddressid: publicIp, virtualmachineid: vm, protocol } = args;
  assertGuestAddress(args.vmguestip);
  assertSourceCidrs(args.cidrlist);
  const network = networkFor(context.world, args);
  const ranges = askedRanges(args);
  assertPorts({ protocol, startPort: ranges.publicPort, endPort: ranges.publicEndPort });
  assertMayOperate(context, 'publicipaddress', publicIp);
  assertProtocol(context, network, 'PortForwarding', protocol.trim());
  assertSameSize(ranges);
  assertVm(context.world, publicIp, vm);
  const vmIpAddress = guestAddress(context.world, vm, network, args.vmguestip);
  assertSamePorts(ranges);
  return { network, vmIpAddress };
}

/** An address of the VM in the network: this one, or the first of its NIC. */
export function guestAddress(
  world: World,
  vm: VmRow,
  network: NetworkRow,
  asked: string | undefined,
): string {
  const nic = nicsOf(world, vm.id).find((row) => row.networkId === network.id);
  if (nic?.ipAddress == null) {
    throw invalidParameter("Vm doesn't belong to network associated with ipAddress");
  }
  if (asked === undefined || hasAddress(world, nic, asked)) return asked ?? nic.ipAddress;
  throw invalidParameter("IP Address is not in the VM nic's network ");
}

export function assertGuestAddress(asked: string | undefined): void {
  if (asked === undefined || parseIpv4(asked) !== undefined) return;
  throw invalidParameter('Invalid vm ip address');
}

/** RulesManagerImpl.validatePortForwardingSourceCidrList. */
export function assertSourceCidrs(cidrs: readonly string[] = []): void {
  const wrong = cidrs.find((cidr) => !isCidr(cidr));
  if (wrong === undefined) return;
  throw invalidParameter(`The given source CIDR [${wrong}] is invalid.`);
}

/** The network of the address; of an address of a VPC that leads nowhere yet the tier that is asked for. */
function networkFor(
  world: World,
  { ipaddressid: publicIp, networkid: requested, openfirewall }: ForwardingArguments,
): NetworkRow {
  if (publicIp.state !== 'Allocated') {
    throw invalidParameter(
      `Unable to create PF rule, invalid IP address id ${publicIp.internalId}`,
    );
  }
  opensFirewall(publicIp, openfirewall);
  if (publicIp.vmId !== null) {
    throw invalidParameter(
      `Unable to create port forwarding rule; ip ${publicIpText(world, publicIp)} has static nat ` +
        'enabled',
    );
  }
  const network = networkServedBy(world, publicIp, requested);
  const otherUse = network && otherUseOf(world, publicIp, network, 'PortForwarding');
  if (otherUse !== undefined) throw invalidParameter(otherUse);
  if (network !== undefined) return network;
  if (requested === undefined) {
    throw invalidParameter(
      `Unable to create port forwarding rule for the ipAddress id=${publicIp.internalId} as ip is ` +
        'not associated with any network and no networkId is passed in',
    );
  }
  throw invalidParameter(
    `Ip address ${publicIpText(world, publicIp)} is not assigned to the network ` +
      networkText(world, requested),
  );
}

function assertSameSize(ranges: PortRanges): void {
  const { publicPort, publicEndPort, privatePort, privateEndPort } = ranges;
  if (privatePort > privateEndPort) {
    throw invalidParameter("Start port can't be bigger than end port");
  }
  if (privateEndPort - privatePort === publicEndPort - publicPort) return;
  throw invalidParameter('Source port and destination port ranges should be of equal sizes.');
}

/** Removed VMs cannot be found any more. */
function assertVm(world: World, publicIp: PublicIpRow, vm: VmRow): void {
  if (vm.removedMs !== null) {
    throw invalidParameter(
      `Unable to create port forwarding rule on address ${publicIpText(world, publicIp)}, invalid ` +
        `virtual machine id specified (${vm.internalId}).`,
    );
  }
  if (isDestroyedVm(vm)) throw invalidParameter(`Invalid user vm: ${vmText(vm)}`);
}

/** A range leads to the same ports. */
function assertSamePorts(ranges: PortRanges): void {
  const { publicPort, publicEndPort, privatePort, privateEndPort } = ranges;
  if (publicPort === publicEndPort) return;
  if (publicPort !== privatePort) {
    throw invalidParameter('Private port start should be equal to public port start');
  }
  if (publicEndPort === privateEndPort) return;
  throw invalidParameter('Private port end should be equal to public port end');
}
