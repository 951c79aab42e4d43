import type { CloudStackClient } from '../../cloudstack/client.js';
import { directorIn } from '../../cloudstack/director-text.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import type { LoadBalancerRule, VirtualMachine } from '../../cloudstack/types.js';
import { deleteUnlessUsed } from '../shared/delete-unless-used.js';
import { unlessGone } from '../shared/unless-gone.js';

/**
 * Takes a VM out of all load balancer rules, also those that others put it behind: CloudStack does
 * so only when it expunges the VM. Rules that this Director made and that nobody is behind any more
 * go. A role that may not do that is no reason to keep the VM.
 */
export async function leaveLoadBalancers(
  client: CloudStackClient,
  directorUuid: string,
  vm: VirtualMachine,
): Promise<void> {
  for (const rule of await rulesOf(client, vm)) {
    try {
      await leave(client, vm, rule);
      if (directorIn(rule.description) === directorUuid) await removeUnusedRule(client, rule);
    } catch (failure) {
      if (!isCloudStackError(failure, 'forbidden-api', 'permission')) throw failure;
      client.log(
        `warning: load balancer rule ${rule.name} (${rule.id}) stays as it is: ${failure.message}`,
      );
    }
  }
}

async function leave(
  client: CloudStackClient,
  vm: VirtualMachine,
  rule: LoadBalancerRule,
): Promise<void> {
  const what = `removal of VM ${vm.id} from load balancer rule ${rule.name} (${rule.id})`;
  const ids = { id: rule.id, virtualmachineids: [vm.id] };
  await unlessGone(client, 'listLoadBalancerRules', rule.id, () =>
    client.run('removeFromLoadBalancerRule', ids, { what }),
  );
}

/** Deletes a rule unless VMs are behind it; one that is gone already is a success. */
export function removeUnusedRule(
  client: CloudStackClient,
  { id, name }: LoadBalancerRule,
): Promise<void> {
  const what = `deletion of load balancer rule ${name} (${id})`;
  return unlessGone(client, 'listLoadBalancerRules', id, () =>
    deleteUnlessUsed(client, {
      isUsed: async () => (await client.list('listLoadBalancerRuleInstances', { id })).length > 0,
      remove: (validUntilMs) =>
        client.run('deleteLoadBalancerRule', { id }, { what, validUntilMs }),
    }),
  );
}

/** A role that may not even list rules has none of them to clear away. */
async function rulesOf(client: CloudStackClient, vm: VirtualMachine): Promise<LoadBalancerRule[]> {
  try {
    return await client.list('listLoadBalancerRules', { virtualmachineid: vm.id });
  } catch (failure) {
    if (isCloudStackError(failure, 'forbidden-api', 'not-found')) return [];
    throw failure;
  }
}
