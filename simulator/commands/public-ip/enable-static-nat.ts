import { everyRole, success, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkRow, NicRow, PublicIpRow, VmRow } from '../../world/entities.js';
import { otherUseOf } from '../../world/network/conserve-mode.js';
import { hasRules } from '../../world/network/load-balancers.js';
import { networkText, servicesOf } from '../../world/network/networks.js';
import { hasAddress, nicsOf } from '../../world/network/nics.js';
import { hasForwarding } from '../../world/network/port-rules.js';
import { publicIpText } from '../../world/network/public-ips.js';
import { enableStaticNatFor, staticNatAddressesOf } from '../../world/network/static-nat.js';
import { joinTier, networkServedBy } from '../../world/network/vpc-addresses.js';
import type { World } from '../../world/world.js';
import { assertMayJoin } from './static-nat-rules.js';

/** Synchronous, although it programs the virtual router (EnableStaticNatCmd). */
export const enableStaticNat = syncCommand({
  name: 'enableStaticNat',
  summary: 'Leads all traffic to a public address on to a virtual machine.',
  roles: everyRole,
  parameters: {
    ipaddressid: entity('publicipaddress', { required: true }),
    virtualmachineid: entity('virtualmachine', { required: true }),
    networkid: entity('network'),
    vmguestip: text(),
  },
  response: success,
  run: (context, args) => {
    const { world } = context;
    const { ipaddressid: publicIp, virtualmachineid: vm, vmguestip } = args;
    const network = networkFor(world, publicIp, args.networkid);
    const nic = nicIn(world, vm, network);
    if (!servicesOf(world, network).includes('StaticNat')) {
      throw invalidParameter(
        'Unable to create static nat rule; StaticNat service is not supported in network with ' +
          'specified id',
      );
    }
    assertServes(world, publicIp, network);
    assertMayJoin(context, publicIp, vm);
    const vmIpAddress = vmguestip ?? nic.ipAddress;
    if (vmIpAddress === null || !hasAddress(world, nic, vmIpAddress)) {
      throw invalidParameter(`VM ip ${vmguestip ?? ''} address not belongs to the vm`);
    }
    assertReady(world, publicIp, vm, vmIpAddress);
    joinTier(world, publicIp, network.id);
    enableStaticNatFor(world, publicIp, { vmId: vm.id, vmIpAddress });
    return undefined;
  },
});

/** The address is the network's, or that of the VPC of which it is a tier, and does nothing else already. */
function assertServes(world: World, publicIp: PublicIpRow, network: NetworkRow): void {
  if (networkServedBy(world, publicIp, network) === undefined) {
    throw invalidParameter(
      `Ip address ${publicIpText(world, publicIp)} is not assigned to the network ` +
        networkText(world, network),
    );
  }
  const otherUse = otherUseOf(world, publicIp, network, 'StaticNat');
  if (otherUse !== undefined) throw invalidParameter(otherUse);
}

/** The network of the address; the one that is asked for counts only if it has none. */
function networkFor(
  world: World,
  publicIp: PublicIpRow,
  requested: NetworkRow | undefined,
): NetworkRow {
  if (publicIp.networkId !== null) return world.networks.require(publicIp.networkId);
  if (requested !== undefined) return requested;
  throw invalidParameter(
    `Unable to enable static NAT for the ipAddress id=${publicIp.internalId} as IP is not ` +
      'associated with any network and no networkId is passed in',
  );
}

function nicIn(world: World, vm: VmRow, network: NetworkRow): NicRow {
  const nic = nicsOf(world, vm.id).find((row) => row.networkId === network.id);
  if (nic !== undefined) return nic;
  throw invalidParameter("Vm doesn't belong to the network with specified id");
}

/** RulesManagerImpl.isIpReadyForStaticNat: an address and a VM's address go together once. */
function assertReady(world: World, publicIp: PublicIpRow, vm: VmRow, vmIpAddress: string): void {
  const text = publicIpText(world, publicIp);
  if (publicIp.isSourceNat) {
    throw invalidParameter(`Can't enable static, ip address ${text} is a sourceNat ip address`);
  }
  if (publicIp.vmId === null && hasForwarding(world, publicIp)) {
    throw serverApiError(
      537,
      `Failed to enable static nat for the ip address ${text} as it already has PortForwarding ` +
        'rules assigned',
    );
  }
  if (publicIp.vmId === null && hasRules(world, publicIp)) {
    throw serverApiError(
      537,
      `Failed to enable static nat for the ip address ${text} as it already has LoadBalancing ` +
        'rules assigned',
    );
  }
  if (publicIp.vmId !== null && publicIp.vmId !== vm.id) {
    throw serverApiError(
      537,
      `Failed to enable static for the ip address ${text} and vm id=${vm.internalId} as it's ` +
        'already assigned to antoher vm',
    );
  }
  const old = staticNatAddressesOf(world, vm.id).find((row) => row.vmIpAddress === vmIpAddress);
  if (old === undefined) return;
  throw invalidParameter(
    `Failed to enable static nat on the  ip ${publicIp.ipAddress} with Id ${publicIp.id} as the ` +
      `vm ${vm.instanceName} with Id ${vm.id} is already associated with another public ip ` +
      `${old.ipAddress} with id ${old.id}`,
  );
}
