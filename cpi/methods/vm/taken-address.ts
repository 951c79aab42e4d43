import type { CloudStackError } from '../../cloudstack/errors.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import type { Network, Nic, VirtualMachine } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { standingOf, type Standing } from './forgotten-vm.js';
import { ipToNetworkList, type PlannedNic } from './planned-nic.js';
import { isInUntoldSubnet, isSameIpv6 } from './static-address.js';

/** A VM that holds an address which was asked for. */
export interface AddressHolder {
  vm: VirtualMachine;
  ip: string;
  networkName: string;
  standing: Standing;
}

/**
 * Whether deployVirtualMachine may have been refused because of a static address. CloudStack says
 * so only to administrators (getUncheckedUserVmResource turns it into code 530, whose text
 * ordinary users do not see).
 */
export function mayBeTakenAddress(
  failure: unknown,
  nics: readonly PlannedNic[],
): failure is CloudStackError {
  if (!isCloudStackError(failure) || failure.jobId !== undefined) return false;
  const saysSo = /IP address|address capacity|IP is already taken/i.test(failure.text);
  if (failure.kind !== 'internal-masked' && !saysSo) return false;
  return nics.some(isStatic);
}

/** Whether a NIC is to have a static address. */
export function isStatic(nic: PlannedNic): boolean {
  return addressesAskedFor(nic).length > 0;
}

/** What CloudStack is asked for, of both families: see `ipToNetworkList`. */
function addressesAskedFor(nic: PlannedNic): string[] {
  return ipToNetworkList([nic]).flatMap(({ ip, ipv6 }) =>
    [ip, ipv6].filter((address) => address !== undefined),
  );
}

/** The VMs, as far as this account sees them, that hold one of the static addresses. */
export async function findHolders(
  call: Call,
  nics: readonly PlannedNic[],
): Promise<AddressHolder[]> {
  const { client } = call;
  const holders: AddressHolder[] = [];
  for (const nic of nics) {
    const { network } = nic;
    const wanted = addressesAskedFor(nic);
    if (wanted.length === 0) continue;
    const neighbours = await client.list('listVirtualMachines', { networkid: network.id });
    for (const address of wanted) {
      const vm = neighbours.find(({ nic = [] }) =>
        nic.some((one) => one.networkid === network.id && hasAddress(one, address)),
      );
      if (vm === undefined) continue;
      const standing = await standingOf(call, vm, client.latestMs());
      holders.push({ vm, ip: address, networkName: network.name, standing });
    }
  }
  return holders;
}

/** People may have given it secondary ones. */
function hasAddress({ ipaddress, ip6address, secondaryip = [] }: Nic, address: string): boolean {
  const all = [ipaddress, ...secondaryip.map((secondary) => secondary.ipaddress)];
  return all.includes(address) || isSameIpv6(address, ip6address);
}

/**
 * Where somebody holds an address, trying again would not help; the message says what would. Where
 * nobody is seen to, it may: what holds it may go, and CloudStack may have failed for another
 * reason that it hides.
 */
export function takenAddressError(
  failure: CloudStackError,
  nics: readonly PlannedNic[],
  holders: readonly AddressHolder[],
): BoshError {
  const explanation = holders.length > 0 ? describeHolders(holders) : invisible(nics);
  return new BoshError(
    'VMCreationFailed',
    `create_vm: ${explanation}. What CloudStack says: ${failure.message}`,
    {
      okToRetry: holders.length === 0,
      cause: failure,
    },
  );
}

/** The same before anything is deployed. */
export function heldAddressError(holders: readonly AddressHolder[]): BoshError {
  const message = `create_vm: a static address is taken. ${describeHolders(holders)}`;
  return new BoshError('VMCreationFailed', message);
}

function describeHolders(holders: readonly AddressHolder[]): string {
  return holders.map(describeHolder).join('; ');
}

function describeHolder({ vm, ip, networkName, standing }: AddressHolder): string {
  const advice = isLiveVm(vm)
    ? 'delete that VM or choose another static address'
    : 'CloudStack frees it when it expunges that VM (settings expunge.delay and expunge.interval)';
  return (
    `Address ${ip} in network ${networkName} is held by VM ${vm.name} (${vm.id}, ${vm.state})` +
    `${describeStanding(standing)}: ${advice}`
  );
}

function describeStanding(standing: Standing): string {
  if (standing.is === 'perhaps under way') {
    const { forgottenAtMs } = standing;
    const from =
      forgottenAtMs === undefined
        ? 'it tells no time of creation, so it never counts as forgotten'
        : `by the cloud's clock it counts as forgotten from ${new Date(forgottenAtMs).toISOString()} on`;
    return `, on which another create_vm may still be at work (${from})`;
  }
  if (!('disk' in standing)) return '';
  return `, which is in use: it carries disk ${standing.disk.name} (${standing.disk.id})`;
}

function invisible(nics: readonly PlannedNic[]): string {
  const wanted = nics
    .filter(isStatic)
    .map((nic) => `${addressesAskedFor(nic).join(' and ')} in ${nic.network.name}`);
  const doubts = nics.flatMap(({ network, ip = '' }) =>
    isInUntoldSubnet(network, ip) ? [doubtText(network, ip)] : [],
  );
  return (
    `${doubts.join('')}Probably one of the static addresses is taken (${wanted.join(', ')}), by something that this ` +
    'account cannot see: a destroyed VM that is not expunged yet (it keeps its address for ' +
    'expunge.delay and expunge.interval; the setting allow.user.expunge.recover.vm and the role ' +
    'permission expungeVirtualMachine let the CPI free it at once), a VM of another account, or ' +
    'the virtual router. If trying again does not help, wait until it is expunged, or choose ' +
    'another static address'
  );
}

function doubtText({ name, cidr = '' }: Network, ip: string): string {
  return (
    `CloudStack tells of one subnet of the network ${name}, ${cidr}, which ${ip} is outside of: ` +
    'unless the network has another one, correct the static address, or the name of the network ' +
    'in its cloud_properties. '
  );
}
