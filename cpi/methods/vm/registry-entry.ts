// What the registry holds for a VM: its entry, named by the VM's id. The id is also what agents ask
// for that go by the id of the instance (NetworkModelImpl.generateVmData), and delete_vm knows it
// when the VM is gone.
import type { DiskHint } from '../../agent/disk-hint.js';
import { accountOf, withOwner } from '../../agent/entry-owner.js';
import type { RegistryClient } from '../../agent/registry-client.js';
import { RegistryError } from '../../agent/registry-error.js';
import { setPersistentDisk } from '../../agent/settings.js';
import { marks, tagsByKey } from '../../cloudstack/tags.js';
import type { VirtualMachine } from '../../cloudstack/types.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { JsonObject } from '../../protocol/json-value.js';
import type { Call } from '../call/call.js';
import { needsRegistry } from './settings-home.js';

/**
 * Looks at the registry before anything is made for an agent that needs it.
 *
 * @throws RegistryError if it is away, or is none.
 */
export async function assertRegistryThere({ registry }: Call): Promise<void> {
  await registry?.assertThere();
}

/**
 * Writes the settings of a VM that is marked to have some there. They are taken back when the VM is
 * gone: a registry that does not answer must not keep the cloud from being cleared up.
 */
export async function createEntry(
  call: Call,
  saga: Saga,
  vm: VirtualMachine,
  settings: JsonObject,
): Promise<void> {
  const { id, name } = vm;
  const registry = requireRegistry(call, id);
  const owner = { director: call.context.directorUuid, account: accountOf(vm) };
  const step = saga.step({
    name: `write the settings of VM ${name} (${id}) to the registry`,
    isUndoneLast: true,
    undo: ({ signal }) => registry.withSignal(signal).remove(id),
  });
  try {
    await registry.write(id, withOwner(settings, owner));
  } catch (failure) {
    if (failure instanceof RegistryError && failure.effect === 'none') step.forget();
    throw failure;
  }
}

/** Tells the agent of an attached disk, or with no hint that it has none any more. */
export async function announceInEntry(
  call: Call,
  vm: VirtualMachine,
  diskCid: string,
  hint: DiskHint | undefined,
): Promise<void> {
  const entries = entriesOf(call, vm);
  if (entries.length === 0) return;
  const registry = requireRegistry(call, vm.id);
  for (const entry of entries) {
    const found = await registry.update(entry, (settings) => {
      const update = setPersistentDisk(settings, diskCid, hint);
      return update.changed ? update.settings : undefined;
    });
    if (found === 'there') return;
  }
  if (hint === undefined) {
    call.log(`warning: the registry has no settings of VM ${vm.name} (${vm.id})`);
    return;
  }
  throw new BoshError(
    'CloudError',
    `Disk ${diskCid} is attached, but the agent of VM ${vm.name} (${vm.id}) cannot be told: the ` +
      'registry has no settings of it. Let BOSH make the VM anew (bosh recreate)',
  );
}

/** Removes what the registry holds for a VM; done already is a success. */
export async function removeEntry(call: Call, vm: VirtualMachine): Promise<void> {
  const entries = entriesOf(call, vm);
  if (entries.length === 0) return;
  if (call.registry !== undefined) {
    for (const entry of entries) await call.registry.remove(entry);
    return;
  }
  call.log(
    `warning: the settings of VM ${vm.name} (${vm.id}) stay in the registry, as the CPI is told of ` +
      'none any more',
  );
}

/**
 * The same for a VM that has just been removed while another call may have been at work on it,
 * which may have marked it, and written its settings, after it was looked at. Where nothing speaks
 * for settings there, a registry that is away is only told of.
 */
export async function removeLateEntry(call: Call, vm: VirtualMachine): Promise<void> {
  const { id, name, tags } = vm;
  const isMarked = tagsByKey(tags)[marks.registry] !== undefined;
  if (isMarked || needsRegistry(call)) return call.registry?.remove(id);
  if (call.context.stemcellApiVersion !== undefined) return;
  try {
    await call.registry?.remove(id);
  } catch (failure) {
    if (!(failure instanceof RegistryError)) throw failure;
    call.log(
      `warning: whether the registry has settings of VM ${name} (${id}), which is gone and had no ` +
        `mark of any, is not known: ${failure.message}`,
    );
  }
}

/** The same for a VM that is gone, so that nothing tells whether it had an entry. */
export async function removeEntryOfGone({ registry }: Call, vmCid: string): Promise<void> {
  await registry?.remove(vmCid);
}

/**
 * The names that a VM's entry may have; none if it has none. VMs of earlier CPIs have no mark, and
 * entries by their names; a VM of this one has none either when somebody took its tags off.
 */
function entriesOf(call: Call, { id, name, tags }: VirtualMachine): readonly string[] {
  if (tagsByKey(tags)[marks.registry] !== undefined) return [id];
  return call.registry !== undefined && needsRegistry(call) ? [name, id] : [];
}

function requireRegistry({ registry }: Call, vmId: string): RegistryClient {
  if (registry !== undefined) return registry;
  throw new BoshError(
    'CpiError',
    `The agent of VM ${vmId} reads its settings from a registry, and the CPI is told of none: set ` +
      'registry.host, registry.username and registry.password again',
  );
}
