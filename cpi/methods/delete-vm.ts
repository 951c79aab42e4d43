import { findVm } from '../cloudstack/find-resources.js';
import { text } from './call/argument.js';
import type { Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { removeEntry, removeEntryOfGone } from './vm/registry-entry.js';
import { removeUnusedGroups } from './vm/remove-affinity-group.js';
import { removeLeftoversOfVm, removeVm } from './vm/remove-vm.js';

export const deleteVm = defineMethod({
  name: 'delete_vm',
  summary:
    'Deletes a VM with its ephemeral disk and its settings, and frees its addresses; other disks stay.',
  arguments: [text('vm_cid')],
  rules: [
    'A VM that is gone already is a success, with what an earlier, interrupted call left of it. Where the ' +
      'account may not expunge, the addresses of the VM are moved away first; the log names those that ' +
      'CloudStack keeps nevertheless.',
    'A public address goes with the VM for which create_vm allocated it, as its tags tell; one without ' +
      'tags only if a create_vm may have been killed between both (see [operating](operating.md)).',
  ],
  run: async (call, [vmCid]) => {
    const { client, log } = call;
    const vm = await findVm(client, vmCid);
    if (vm !== undefined) {
      const removed = await removeVm(call, vm, vmCid);
      await removeUnusedGroups(call, vm.affinitygroup ?? []);
      // Last: until it is gone its agent may ask for them.
      await removeEntry(call, vm);
      await reportHeld(call, removed);
    } else {
      log(`VM ${vmCid} is gone already`);
      await removeLeftoversOfVm(client, vmCid);
      await removeEntryOfGone(call, vmCid);
    }
    return null;
  },
});

async function reportHeld(
  { clock, configuration, log, signal }: Call,
  { heldAddresses }: { heldAddresses: string[] },
): Promise<void> {
  if (heldAddresses.length === 0) return;
  const { expunge_vm: isToExpunge, vm_expunge_delay: waitSeconds } = configuration.cloudstack;
  const remedy = isToExpunge
    ? 'an account that may expunge (setting allow.user.expunge.recover.vm, role permission ' +
      'expungeVirtualMachine) frees them at once'
    : 'with cloudstack.expunge_vm true, an account that may expunge frees them at once';
  log(
    `warning: CloudStack keeps ${heldAddresses.join(', ')} until it expunges the VM (settings ` +
      `expunge.delay and expunge.interval); ${remedy}`,
  );
  if (waitSeconds === 0) return;
  log(`waiting ${waitSeconds} s (cloudstack.vm_expunge_delay)`);
  await clock.sleep(waitSeconds * 1000, signal);
}
