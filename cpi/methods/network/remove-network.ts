import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';
import { BoshError } from '../../protocol/bosh-error.js';

/**
 * Deletes a network; one that is gone already is a success.
 *
 * @throws BoshError of type CloudError that says which VMs are in the way.
 */
export async function removeNetwork(client: CloudStackClient, id: string): Promise<void> {
  try {
    await client.run('deleteNetwork', { id }, { what: `deletion of network ${id}` });
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return;
    if (!isCloudStackError(failure, 'internal')) throw failure;
    // An earlier deletion may have been under way.
    if ((await findById(client, 'listNetworks', id)) === undefined) return;
    const why = await whyInUse(client, id);
    throw new BoshError('CloudError', `${failure.message}. ${why}`, { cause: failure });
  }
}

/** CloudStack does not say why (NetworkOrchestrator.destroyNetwork logs it). */
async function whyInUse(client: CloudStackClient, networkId: string): Promise<string> {
  const vms = await client.list('listVirtualMachines', { networkid: networkId });
  if (vms.length > 0) {
    const names = vms.map(({ id, name, state }) => `${name} (${id}, ${state})`).join(', ');
    return `VMs are still in the network: ${names}. Delete them first`;
  }
  return (
    'Probably destroyed VMs that this account cannot see are still in it: CloudStack keeps their ' +
    'NICs until it expunges them (settings expunge.delay and expunge.interval; with the setting ' +
    'allow.user.expunge.recover.vm and the role permission expungeVirtualMachine, delete_vm frees ' +
    'them at once). Try again when they are expunged'
  );
}
