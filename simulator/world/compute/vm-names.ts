import { invalidParameter } from '../cloud-exception.js';
import type { NetworkRow } from '../entities.js';
import type { World } from '../world.js';

const NAME = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

export function isHostName(name: string): boolean {
  return NAME.test(name);
}

/** Throws unless a name can be a host name (UserVmManagerImpl.checkNameForRFCCompliance). */
export function assertHostName(name: string): void {
  if (isHostName(name)) return;
  throw invalidParameter(
    "Invalid name. Vm name can contain ASCII letters 'a' through 'z', the digits '0' through '9', " +
      "and the hyphen ('-'), must be between 1 and 63 characters long, and can't start or end with " +
      '"-" and can\'t start with digit',
  );
}

/**
 * Throws if a VM of one of the networks has the name already: any that is not expunged yet, so a
 * destroyed or failed one, too (UserVmManagerImpl.checkIfHostNameUniqueInNtwkDomain).
 */
export function assertNameFree(world: World, name: string, networks: readonly NetworkRow[]): void {
  for (const network of networks) {
    if (!isNameTaken(world, name, network)) continue;
    throw invalidParameter(
      `The vm with hostName ${name} already exists in the network domain: ` +
        `${network.networkDomain ?? 'null'}; network=${network.name}`,
    );
  }
}

/** Whether a VM with a NIC in the network has this name; case counts. */
export function isNameTaken(world: World, name: string, network: NetworkRow): boolean {
  return world.vms
    .where('name', name)
    .filter((vm) => vm.name === name)
    .some((vm) => world.nics.where('vmId', vm.id).some((nic) => nic.networkId === network.id));
}
