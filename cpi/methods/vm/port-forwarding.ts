import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { attemptOf, findVm } from '../../cloudstack/find-resources.js';
import { marks, tagsByKey } from '../../cloudstack/tags.js';
import type { PortForwardingRule, VirtualMachine } from '../../cloudstack/types.js';
import { startDeadline } from '../../flow/deadline.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { unlessGone } from '../shared/unless-gone.js';

/** A port of a public address, and the port of a VM that it leads to. */
export interface Forwarding {
  readonly publicPort: number;
  readonly privatePort: number;
  readonly protocol: string;
  readonly openFirewall: boolean | undefined;
}

/** Where ports are forwarded from, and into which network. */
export interface ForwardedAddress {
  readonly id: string;
  readonly ip: string;
  readonly networkId: string;
}

/**
 * Checks that no other VM has one of the ports; those of earlier attempts for the same agent, whose
 * names start with `stem`, are removed before they are needed.
 *
 * @throws BoshError of type CloudError that names the port and the VM.
 */
export async function assertPortsFree(
  call: Call,
  address: ForwardedAddress,
  forwardings: readonly Forwarding[],
  stem: string,
): Promise<void> {
  for (const rule of await rulesInTheWay(call.client, address, forwardings)) {
    if (attemptOf(rule.virtualmachinename ?? '', stem) !== undefined) continue;
    await assertOfGoneVm(call, address, rule);
  }
}

/**
 * Leads ports of a public address to a VM. All of it together takes no longer than one job on a VM
 * may.
 *
 * @throws BoshError of type CloudError that names the port and who has it; CloudStackError.
 */
export async function forwardPorts(
  call: Call,
  vm: VirtualMachine,
  address: ForwardedAddress,
  forwardings: readonly Forwarding[],
): Promise<void> {
  // Rules outlive a destroyed VM until it is expunged, but never serve two living ones.
  for (const rule of await rulesInTheWay(call.client, address, forwardings)) {
    await assertOfGoneVm(call, address, rule);
    await removeRule(call.client, rule);
  }
  const deadline = startDeadline(call.clock, vmDeadlineMs(call));
  for (const forwarding of forwardings) {
    await forward(call.client, vm, address, forwarding, deadline.remainingMs());
  }
}

/**
 * Ends the forwarding of ports to a VM for which create_vm had set it up: CloudStack does so only
 * when it expunges the VM. A role that may not do that is no reason to keep the VM.
 */
export async function stopForwarding(client: CloudStackClient, vm: VirtualMachine): Promise<void> {
  if (tagsByKey(vm.tags)[marks.forwarded] === undefined) return;
  try {
    for (const { networkid } of vm.nic ?? []) {
      const rules = await client.list('listPortForwardingRules', { networkid });
      for (const rule of rules) {
        if (rule.virtualmachineid === vm.id) await removeRule(client, rule);
      }
    }
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api', 'permission')) throw failure;
    client.log(`warning: port forwarding to VM ${vm.id} stays as it is: ${failure.message}`);
  }
}

/** Without an undo of its own: the removal of the VM takes the rule back. */
function forward(
  client: CloudStackClient,
  vm: VirtualMachine,
  address: ForwardedAddress,
  forwarding: Forwarding,
  deadlineMs: number,
): Promise<PortForwardingRule> {
  const { publicPort, privatePort, protocol, openFirewall } = forwarding;
  const what = `forwarding of ${protocol} port ${publicPort} of ${address.ip} to VM ${vm.id}`;
  return client.run(
    'createPortForwardingRule',
    {
      ipaddressid: address.id,
      virtualmachineid: vm.id,
      networkid: address.networkId,
      publicport: publicPort,
      privateport: privatePort,
      protocol,
      openfirewall: openFirewall,
    },
    { what, deadlineMs },
  );
}

/** The rules of the address that have one of the ports. */
async function rulesInTheWay(
  client: CloudStackClient,
  { id }: ForwardedAddress,
  forwardings: readonly Forwarding[],
): Promise<PortForwardingRule[]> {
  const rules = await client.list('listPortForwardingRules', { ipaddressid: id });
  return rules.filter((rule) =>
    forwardings.some(
      ({ publicPort, protocol }) =>
        rule.protocol?.toLowerCase() === protocol &&
        Number(rule.publicport) <= publicPort &&
        Number(rule.publicendport ?? rule.publicport) >= publicPort,
    ),
  );
}

async function assertOfGoneVm(
  { client }: Call,
  { ip }: ForwardedAddress,
  { publicport: port = '', protocol = '', virtualmachineid: vmId = '' }: PortForwardingRule,
): Promise<void> {
  const holder = await findVm(client, vmId);
  if (!isLiveVm(holder)) return;
  throw new BoshError(
    'CloudError',
    `create_vm: ${protocol} port ${port} of ${ip} leads to VM ${holder.name} (${holder.id}) already: ` +
      'take another public_port in port_forwarding of the vip network, or delete that VM or its rule',
  );
}

/** Deletes a rule; one that is gone already is a success. */
function removeRule(client: CloudStackClient, { id }: PortForwardingRule): Promise<void> {
  const what = `deletion of port forwarding rule ${id}`;
  return unlessGone(client, 'listPortForwardingRules', id, () =>
    client.run('deletePortForwardingRule', { id }, { what }),
  );
}
