import { ipv4Number, ipv4Text } from '../ipv4.js';
import { isObject, textOf, type JsonObject } from '../json.js';
import { CloudRequestError, type CloudClient, type Parameters } from './client.js';
import { CloudJobError } from './jobs.js';

export interface VmRemoval {
  readonly client: CloudClient;
  /** Runs a command that has a job. */
  readonly runJob: (command: string, parameters: Parameters) => Promise<unknown>;
  /** Addresses that cases need: no VM that goes is to hold one of them. */
  readonly reserved: readonly string[];
}

/**
 * Destroys a VM, and frees its addresses. CloudStack keeps them until it expunges the VM, which few
 * accounts may order (UserVmManagerImpl.checkExpungeVmPermission): the others stop it and give its
 * NICs other addresses first.
 */
export async function removeVm(removal: VmRemoval, vm: JsonObject): Promise<void> {
  const { runJob } = removal;
  const id = textOf(vm['id']);
  if (await isDone(runJob('destroyVirtualMachine', { id, expunge: true }))) return;
  if (vm['state'] === 'Running') await isDone(runJob('stopVirtualMachine', { id }));
  for (const nic of nicsOf(vm)) await moveAway(removal, nic);
  await runJob('destroyVirtualMachine', { id });
}

/** Where no address can be had the VM goes all the same. */
async function moveAway({ client, runJob, reserved }: VmRemoval, nic: JsonObject): Promise<void> {
  const [nicid, networkid] = [textOf(nic['id']), textOf(nic['networkid'])];
  const neighbours = await client.list('listVirtualMachines', 'virtualmachine', { networkid });
  const held = neighbours.flatMap(nicsOf).map(({ ipaddress }) => textOf(ipaddress));
  const taken = new Set([...reserved, ...held, textOf(nic['gateway'])]);
  for (const ipaddress of addressesFor(nic).filter((address) => !taken.has(address))) {
    if (await isDone(runJob('updateVmNicIp', { nicid, ipaddress }))) return;
  }
}

const triesMax = 20;

/**
 * One of the highest 1, 2, 4 addresses of the network and so on, up to half of it, chosen by the id
 * of the NIC: VMs that nobody sees any more hold many of the highest.
 */
function addressesFor({ id, ipaddress, netmask }: JsonObject): string[] {
  const [address, mask] = [ipv4Number(textOf(ipaddress)), ipv4Number(textOf(netmask))];
  if (address === undefined || mask === undefined) return [];
  const size = 2 ** 32 - mask;
  const last = Math.floor(address / size) * size + size - 2;
  const seed = Number.parseInt(textOf(id).slice(0, 8), 16) || 0;
  const chosen = Array.from({ length: triesMax }, (_, round) => {
    const choices = Math.max(1, Math.min(2 ** round, Math.floor(size / 2) - 1));
    return ipv4Text(last - ((seed + round * 7919) % choices));
  });
  return [...new Set(chosen)];
}

/** Whether CloudStack has done it. */
async function isDone(job: Promise<unknown>): Promise<boolean> {
  try {
    await job;
    return true;
  } catch (failure) {
    if (failure instanceof CloudRequestError || failure instanceof CloudJobError) return false;
    throw failure;
  }
}

function nicsOf({ nic }: JsonObject): JsonObject[] {
  return Array.isArray(nic) ? nic.filter(isObject) : [];
}
