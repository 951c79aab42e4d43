import { addressRanges } from '../world/network/addresses.js';
import type {
  NetworkRow,
  NicRow,
  NicSecondaryIpRow,
  PublicIpRow,
  VmRow,
  VpcRow,
} from '../world/entities.js';
import { ipv4Text, parseIpv4 } from '../world/network/ipv4.js';
import { isDestroyedVm } from '../world/compute/virtual-machines.js';
import type { World } from '../world/world.js';
import { NothingToExplain, timeText, type Explanation } from './explanation.js';
import { endOfVm, vmName } from './vm.js';

/**
 * Why an address is held, or that it is free: in each guest network that has it, and as a public
 * one; a public address may be named by its id, too. @throws NothingToExplain
 */
export function explainAddress(world: World, address: string): readonly Explanation[] {
  const number = parseIpv4(address);
  const ipAddress = number === undefined ? undefined : ipv4Text(number);
  const explanations = [
    ...publicAddresses(world, ipAddress ?? address).map((row) => explainPublic(world, row)),
    ...(ipAddress === undefined ? [] : explainInNetworks(world, ipAddress)),
  ];
  if (explanations.length > 0) return explanations;
  throw new NothingToExplain(
    ipAddress === undefined
      ? `${address} is neither an IPv4 address nor the id of a public one`
      : `no network and no public range has ${ipAddress}`,
  );
}

function publicAddresses(world: World, addressOrId: string): PublicIpRow[] {
  return world.publicIps
    .all()
    .filter(({ id, ipAddress }) => id === addressOrId || ipAddress === addressOrId);
}

function explainInNetworks(world: World, ipAddress: string): Explanation[] {
  return world.networks
    .all()
    .filter((network) => hasAddress(world, network, ipAddress))
    .map((network) => {
      const about = `address ${ipAddress} of network ${network.name} (${network.id})`;
      const [nic] = world.nics
        .where('ipAddress', ipAddress)
        .filter(({ networkId }) => networkId === network.id);
      if (nic !== undefined) return { about, ...heldByNic(world, nic) };
      const [second] = world.nicSecondaryIps
        .where('ipAddress', ipAddress)
        .filter(({ networkId }) => networkId === network.id);
      if (second !== undefined) return { about, ...heldAsSecond(world, second) };
      const router = routerRole(network, ipAddress);
      if (router !== undefined) return { about, because: [router], rowIds: [network.id] };
      return { about, ...notHeld(world, network, ipAddress) };
    });
}

function hasAddress(world: World, network: NetworkRow, ipAddress: string): boolean {
  const [ranges, address] = [addressRanges(world, network), parseIpv4(ipAddress)];
  if (ranges.length === 0 || address === undefined) return false;
  const isInRange = ranges.some(({ first, last }) => address >= first && address <= last);
  return isInRange || routerRole(network, ipAddress) !== undefined;
}

function routerRole(network: NetworkRow, ipAddress: string): string | undefined {
  if (network.gateway === ipAddress) return 'It is the gateway of the network: no VM ever gets it.';
  return network.routerIpAddress === ipAddress
    ? 'It is held by the virtual router of the network as long as the network lives.'
    : undefined;
}

type Held = Pick<Explanation, 'because' | 'rowIds'>;

function heldByNic(world: World, nic: NicRow): Held {
  const vm = world.vms.require(nic.vmId);
  return { because: whyVmHolds(world, vm), rowIds: [nic.id, vm.id] };
}

function heldAsSecond(world: World, { id, nicId, vmId }: NicSecondaryIpRow): Held {
  return {
    because: [
      ...whyVmHolds(world, world.vms.require(vmId)),
      `It is a secondary address of NIC ${nicId}: removeIpFromNic frees it.`,
    ],
    rowIds: [id, nicId, vmId],
  };
}

function whyVmHolds(world: World, vm: VmRow): string[] {
  const held = `It is held by ${vmName(vm)}, which is ${vm.state} since ${timeText(vm.updatedMs)}.`;
  if (isDestroyedVm(vm) || vm.state === 'Error') {
    return [
      held,
      'CloudStack keeps the address of a destroyed or failed VM until the VM is expunged.',
      ...endOfVm(world, vm),
      ...(vm.state === 'Destroyed'
        ? ['Before a VM is destroyed, updateVmNicIp can move it to another address.']
        : []),
    ];
  }
  return [
    held,
    'A VM keeps its addresses whether it runs or not; updateVmNicIp moves it to another one.',
  ];
}

/** A NIC that had an address, and when it had it no more. */
interface FormerHolder {
  readonly nic: NicRow;
  readonly untilMs: number;
  readonly how: 'let go of it' | 'moved to another address';
}

function notHeld(world: World, network: NetworkRow, ipAddress: string): Held {
  const last = [...removedHolders(world, ipAddress), ...movedHolders(world, ipAddress)]
    .filter(({ nic }) => nic.networkId === network.id)
    .sort((one, other) => one.untilMs - other.untilMs)
    .at(-1);
  if (last === undefined) return { because: ['It is free.'], rowIds: [] };
  const vm = world.vms.require(last.nic.vmId);
  return {
    because: [`It is free: ${vmName(vm)} ${last.how} at ${timeText(last.untilMs)}.`],
    rowIds: [last.nic.id, vm.id],
  };
}

function removedHolders(world: World, ipAddress: string): FormerHolder[] {
  return world.nics
    .removed()
    .filter((nic) => nic.ipAddress === ipAddress)
    .map((nic) => ({ nic, untilMs: nic.removedMs ?? 0, how: 'let go of it' }));
}

/** NICs that updateVmNicIp took the address from, as far back as events are kept. */
function movedHolders(world: World, ipAddress: string): FormerHolder[] {
  const holders = new Set<string>();
  return world.kernel.log.after(0).flatMap(({ entity, id, data, time }): FormerHolder[] => {
    if (entity !== world.nics.entity || data['ipAddress'] === undefined) return [];
    if (data['ipAddress'] === ipAddress) {
      holders.add(id);
      return [];
    }
    const nic = holders.delete(id) ? world.nics.get(id) : undefined;
    if (nic === undefined) return [];
    return [{ nic, untilMs: Date.parse(time), how: 'moved to another address' }];
  });
}

function explainPublic(world: World, publicIp: PublicIpRow): Explanation {
  return {
    about: `public address ${publicIp.ipAddress} (${publicIp.id})`,
    because: whyPublicIsHeld(world, publicIp),
    rowIds: [publicIp.id, ...(publicIp.vmId === null ? [] : [publicIp.vmId])],
  };
}

function whyPublicIsHeld(world: World, publicIp: PublicIpRow): string[] {
  const { state, accountId, networkId, vpcId, vmId } = publicIp;
  if (state === 'Free') return ['It is free.'];
  const owner = accountId === null ? '' : ` by account ${world.accounts.require(accountId).name}`;
  const network = networkId === null ? undefined : world.networks.require(networkId);
  const vpc = vpcId === null ? undefined : world.vpcs.require(vpcId);
  const place = vpc === undefined ? 'network' : 'VPC';
  const rules = [
    ...world.loadBalancerRules
      .where('publicIpId', publicIp.id)
      .map(({ name, id }) => `Load balancer rule ${name} (${id}) uses it.`),
    ...world.portForwardingRules
      .where('publicIpId', publicIp.id)
      .map(
        ({ publicPort, vmId, id }) =>
          `Port forwarding rule ${id} leads its port ${publicPort} to ${vmName(world.vms.require(vmId))}.`,
      ),
  ];
  return [
    `It is ${state}${owner}${forWhat('VPC', vpc)}${forWhat('network', network)}.`,
    ...(publicIp.isSourceNat
      ? [`It is the source NAT address of the ${place}: it stays as long as the ${place} does.`]
      : [`It stays until disassociateIpAddress, or until its ${place} is deleted.`]),
    ...(vmId === null ? [] : [`Static NAT leads to ${vmName(world.vms.require(vmId))}.`]),
    ...rules,
  ];
}

function forWhat(kind: string, row: NetworkRow | VpcRow | undefined): string {
  return row === undefined ? '' : ` for ${kind} ${row.name} (${row.id})`;
}
