import type { CloudStackClient } from './client.js';
import type { ResultOf } from './commands.js';
import { CloudStackError } from './errors.js';
import { findById } from './find-by-id.js';
import type { Parameters } from './parameters.js';
import type {
  AffinityGroup,
  Network,
  PublicIpAddress,
  Snapshot,
  Template,
  VirtualMachine,
  Volume,
} from './types.js';
import { isUuid } from './uuid.js';

// Things that we or an older CPI made: by CID. Gone is an answer here, not an error.

/** A VM by its id, or by the exact name that an older CPI gave it (`cpivm-…`). */
export function findVm(
  client: CloudStackClient,
  cid: string,
  options: { readonly withUserData?: boolean } = {},
): Promise<VirtualMachine | undefined> {
  const within = options.withUserData ? { userdata: true } : {};
  return findByCid(client, 'listVirtualMachines', cid, within);
}

/** A volume by its id, or by the exact name that an older CPI gave it (`cpi-disk-…`). */
export function findVolume(client: CloudStackClient, cid: string): Promise<Volume | undefined> {
  return findByCid(client, 'listVolumes', cid);
}

/**
 * One of the account's own templates by its id, or by the exact name that we or an older CPI gave
 * it (`cpitemplate-…`); ready or not.
 */
export function findOwnTemplate(
  client: CloudStackClient,
  cid: string,
): Promise<Template | undefined> {
  return findByCid(client, 'listTemplates', cid, { templatefilter: 'self' });
}

/** A snapshot by its id; no CPI has given snapshots names for CIDs. */
export async function findSnapshot(
  client: CloudStackClient,
  cid: string,
): Promise<Snapshot | undefined> {
  return isUuid(cid) ? findById(client, 'listSnapshots', cid) : undefined;
}

/** A snapshot by its exact name. */
export async function findSnapshotNamed(
  client: CloudStackClient,
  name: string,
): Promise<Snapshot | undefined> {
  const found = await client.list('listSnapshots', { name });
  return found.find((snapshot) => snapshot.name === name);
}

/** Volumes of a VM, the root first, then by device. */
export async function listVolumesOfVm(client: CloudStackClient, vmId: string): Promise<Volume[]> {
  const volumes = await client.list('listVolumes', { virtualmachineid: vmId });
  return volumes.sort((a, b) => (a.deviceid ?? Infinity) - (b.deviceid ?? Infinity));
}

/**
 * VMs named `stem`, `stem-2`, `stem-3` and so on, in this order, with their user data. `keyword`
 * matches parts of names and other fields as well, so names are compared exactly.
 */
export async function findVmsByStem(
  client: CloudStackClient,
  stem: string,
): Promise<VirtualMachine[]> {
  const found = await client.list('listVirtualMachines', { keyword: stem, userdata: true });
  return found
    .map((vm) => ({ vm, attempt: attemptOf(vm.name, stem) }))
    .filter(({ attempt }) => attempt !== undefined)
    .sort((a, b) => (a.attempt ?? 0) - (b.attempt ?? 0))
    .map(({ vm }) => vm);
}

/** 1 for the stem itself, n for `stem-n`, undefined for another name. */
export function attemptOf(name: string, stem: string): number | undefined {
  if (name === stem) return 1;
  if (!name.startsWith(`${stem}-`)) return undefined;
  const suffix = name.slice(stem.length + 1);
  return /^[1-9]\d{0,5}$/.test(suffix) ? Number(suffix) : undefined;
}

/** A network of the zone by its exact name, which `keyword` finds among those that contain it. */
export async function findNetworkNamed(
  client: CloudStackClient,
  name: string,
  zoneId: string,
): Promise<Network | undefined> {
  const found = await client.list('listNetworks', { keyword: name, zoneid: zoneId });
  return found.find((network) => network.name === name);
}

/** An affinity group of this account by its exact name; CloudStack compares without case. */
export async function findAffinityGroup(
  client: CloudStackClient,
  name: string,
): Promise<AffinityGroup | undefined> {
  const found = await client.list('listAffinityGroups', { name });
  return found.find((group) => group.name === name);
}

/** A public address that this account holds in the zone. */
export async function findPublicAddress(
  client: CloudStackClient,
  address: string,
  zoneId: string,
): Promise<PublicIpAddress | undefined> {
  const found = await client.list('listPublicIpAddresses', { ipaddress: address, zoneid: zoneId });
  return found.find(({ ipaddress }) => ipaddress === address);
}

/**
 * Whether this account may get a public address of the zone that it does not hold: it is free, or
 * reserved for the account (IpAddressManagerImpl.allocateIp).
 */
export async function canGetPublicAddress(
  client: CloudStackClient,
  address: string,
  zoneId: string,
): Promise<boolean> {
  for (const state of ['Free', 'Reserved']) {
    const asked = { ipaddress: address, zoneid: zoneId, state };
    const found = await client.list('listPublicIpAddresses', asked);
    if (found.some((item) => item.ipaddress === address && item.state === state)) return true;
  }
  return false;
}

async function findByCid<Name extends 'listVirtualMachines' | 'listVolumes' | 'listTemplates'>(
  client: CloudStackClient,
  command: Name,
  cid: string,
  within: Parameters = {},
): Promise<ResultOf<Name> | undefined> {
  if (isUuid(cid)) return findById(client, command, cid, within);
  const found = await client.list(command, { ...within, name: cid });
  const named = found.filter(({ name }) => name === cid);
  const live = named.filter((one) => !isDestroyed(one));
  const exact = live.length > 0 ? live : named;
  const ids = new Set(exact.map(({ id }) => id));
  if (ids.size <= 1) return exact[0];
  const text = `"${cid}" is the name of ${ids.size} things (${[...ids].join(', ')}); rename all but one`;
  throw new CloudStackError({ kind: 'invalid', command, text });
}

/** A volume that was moved leaves one of its name for a while (VolumeServiceImpl.copyVolume). */
function isDestroyed(one: VirtualMachine | Volume | Template): boolean {
  const state = 'state' in one ? (one.state ?? '') : '';
  return ['Destroy', 'Destroying', 'Destroyed', 'Expunging', 'Expunged'].includes(state);
}
