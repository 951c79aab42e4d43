import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { parkingMark, tagsByKey } from '../../cloudstack/tags.js';
import type { Nic, VirtualMachine } from '../../cloudstack/types.js';
import { parseAddressRange, type AddressRange } from './address-range.js';
import { formatIpv4, hostRange, parseIpv4 } from './ipv4.js';

/** Addresses may be held by VMs that we cannot see, so the first choices may be taken. */
const triesMax = 20;

/** So many before it is worth while to look which addresses are taken. */
const blindTriesMax = 6;

/** A failure of CloudStack's own may pass: so many are no reason to give an address up. */
const failuresMax = 1;

/** How many addresses are tried in a shared network before CloudStack chooses. */
const guessesInShared = 3;

/**
 * Moves the NICs of a stopped VM to addresses that nobody asks for: those of the range that the
 * network names for that (`parking`), or else from the top of the network down. CloudStack keeps
 * the addresses of a destroyed VM until it is expunged, which an ordinary user cannot order
 * (UserVmManagerImpl.destroyVm). Answers the addresses that are still held.
 */
export async function parkAddresses(
  client: CloudStackClient,
  vm: VirtualMachine,
): Promise<{ held: string[] }> {
  const held: string[] = [];
  for (const nic of vm.nic ?? []) {
    const { ipaddress } = nic;
    if (ipaddress !== undefined && !(await parkNic(client, vm, nic))) held.push(ipaddress);
  }
  return { held };
}

/** The addresses that a NIC holds; those of IPv6 are made of its MAC address, in nobody's way. */
export function addressesOfNic({ ipaddress }: Nic): string[] {
  return ipaddress === undefined ? [] : [ipaddress];
}

async function parkNic(client: CloudStackClient, vm: VirtualMachine, nic: Nic): Promise<boolean> {
  let failures = 0;
  for await (const ipaddress of choices(client, vm, nic)) {
    const outcome = await moveNic(client, nic, ipaddress);
    if (outcome === 'failed') failures += 1;
    const isRefused = outcome === 'address refused' || outcome === 'failed';
    if (!isRefused || failures > failuresMax) return outcome === 'moved';
  }
  return false;
}

/** Most networks have room at the top; which addresses are taken is asked only elsewhere. */
async function* choices(
  client: CloudStackClient,
  vm: VirtualMachine,
  nic: Nic,
): AsyncGenerator<string | undefined> {
  const range = rangeFor(vm, nic);
  const first = parkingAddresses(nic, vm.id, new Set(), range).slice(0, blindTriesMax);
  // Only CloudStack knows the address ranges of a shared network: soon it may choose itself.
  if (nic.type === 'Shared' && range === undefined) {
    yield* [...first.slice(0, guessesInShared), undefined];
    return;
  }
  yield* first;
  const neighbours = await client.list('listVirtualMachines', { networkid: nic.networkid });
  const taken = neighbours
    .flatMap((neighbour) => neighbour.nic ?? [])
    .filter(({ networkid }) => networkid === nic.networkid)
    .map(({ ipaddress }) => ipaddress);
  yield* parkingAddresses(nic, vm.id, new Set([...first, ...taken]), range);
}

/** What create_vm has noted on the VM: delete_vm is told nothing of networks. */
function rangeFor({ tags }: VirtualMachine, { networkid }: Nic): AddressRange | undefined {
  const noted = tagsByKey(tags)[parkingMark(networkid)];
  return noted === undefined ? undefined : parseAddressRange(noted);
}

/** Roles and networks that do not allow it are no reason to keep the VM. */
async function moveNic(
  client: CloudStackClient,
  nic: Nic,
  ipaddress: string | undefined,
): Promise<'moved' | 'address refused' | 'failed' | 'cannot be moved'> {
  try {
    await client.run(
      'updateVmNicIp',
      { nicid: nic.id, ipaddress },
      { what: `parking of address ${nic.ipaddress ?? ''} of NIC ${nic.id}` },
    );
    client.log(
      `address ${nic.ipaddress ?? ''} is free: its NIC is parked at ${ipaddress ?? 'another'}`,
    );
    return 'moved';
  } catch (failure) {
    if (isCloudStackError(failure, 'conflict', 'capacity', 'invalid')) {
      client.log(`its NIC cannot be parked at ${ipaddress ?? 'another'}: trying the next address`);
      return 'address refused';
    }
    // The job gives this code to an address outside of the ranges of a shared network, too.
    if (nic.type === 'Shared' && isCloudStackError(failure, 'internal')) return 'address refused';
    if (!isCloudStackError(failure, 'forbidden-api', 'permission', 'internal')) throw failure;
    client.log(`warning: the address of NIC ${nic.id} is not changed: ${failure.message}`);
    return isCloudStackError(failure, 'internal') ? 'failed' : 'cannot be moved';
  }
}

/**
 * The highest address first. Then, because VMs parked earlier crowd the top, one address from the
 * top 2, 4, 8 and so on up to half of the network, or the whole of the range that is for parking,
 * chosen by the VM's id.
 */
export function parkingAddresses(
  { ipaddress, netmask, gateway }: Nic,
  vmId: string,
  taken: ReadonlySet<string | undefined>,
  range?: AddressRange,
): string[] {
  const address = parseIpv4(ipaddress ?? '');
  const mask = parseIpv4(netmask ?? '');
  if (address === undefined || mask === undefined) return [];
  const { first, last } = range ?? hostRange(address, mask);
  const isFree = (candidate: number): boolean => {
    const text = formatIpv4(candidate);
    return candidate !== address && text !== gateway && !taken.has(text);
  };
  const chosen = new Set<string>();
  let top = last;
  while (top > first && !isFree(top)) top -= 1;
  const widest = range === undefined ? Math.ceil((last - first) / 2) : top - first + 1;
  for (let round = 0; chosen.size < triesMax && round < 2 * triesMax; round += 1) {
    const window = Math.min(2 ** round, Math.max(1, widest));
    const candidate = top - (hashOf(`${vmId}${round}`) % window);
    if (candidate >= first && isFree(candidate)) chosen.add(formatIpv4(candidate));
  }
  return [...chosen];
}

/** FNV-1a: spreads VMs over a window, the same VM always at the same place. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
