// What the registry holds for a VM: its entry, named by the VM's id. The id is also what agents ask
// for that go by the id of the instance (NetworkModelImpl.generateVmData), and delete_vm knows it
// when the VM is gone.
import type { DiskHint } from '../../agent/disk-hint.js';
import { accountOf, ownerIn, withOwner, type EntryOwner } from '../../agent/entry-owner.js';
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
  await removeEntries(call, vm, namesOf(vm));
  if (call.registry !== undefined || !isMarked(vm)) return;
  call.log(
    `warning: the settings of VM ${vm.name} (${vm.id}) stay in the registry, as the CPI is told of ` +
      'none any more',
  );
}

/**
 * The same for a VM that has just been removed while another call may have been at work on it,
 * which may have marked it, and written its settings, after it was looked at.
 */
export async function removeLateEntry(call: Call, vm: VirtualMachine): Promise<void> {
  await removeEntries(call, vm, [vm.id]);
}

/**
 * The same for a VM that is gone, so that nothing tells whether it had an entry. CloudStack says of
 * another account's VM what it says of one that is gone, and the registry may be that of many: what
 * it holds for another Director stays.
 */
export async function removeEntryOfGone(call: Call, vmCid: string): Promise<void> {
  const { context, log, registry } = call;
  if (registry === undefined) return;
  const owner = await ownerOf(registry, vmCid);
  if (owner === undefined || isOfThisCall(call, owner)) await registry.remove(vmCid);
  else {
    log(
      `warning: the settings of VM ${vmCid} stay in the registry: they are those of Director ` +
        `${owner.director} in account ${owner.account}, and this is Director ${context.directorUuid}`,
    );
  }
}

/**
 * Removes entries of a VM. Where nothing speaks for settings there, because somebody took the tags
 * off and the caller does not tell the stemcell's version, a registry that is away is only told of.
 */
async function removeEntries(
  call: Call,
  vm: VirtualMachine,
  names: readonly string[],
): Promise<void> {
  const { context, log, registry } = call;
  const isSure = isMarked(vm) || needsRegistry(call);
  if (registry === undefined || (!isSure && context.stemcellApiVersion !== undefined)) return;
  try {
    for (const name of names) await registry.remove(name);
  } catch (failure) {
    if (isSure || !(failure instanceof RegistryError)) throw failure;
    log(
      `warning: whether the registry has settings of VM ${vm.name} (${vm.id}), which has no mark of ` +
        `any, is not known: ${failure.message}`,
    );
  }
}

/** The names that a VM's entry may have; none if it has none. */
function entriesOf(call: Call, vm: VirtualMachine): readonly string[] {
  const mayHaveOne = isMarked(vm) || (call.registry !== undefined && needsRegistry(call));
  return mayHaveOne ? namesOf(vm) : [];
}

/**
 * VMs of earlier CPIs have no mark, and entries by their names; a VM of this one has none either
 * when somebody took its tags off.
 */
function namesOf(vm: VirtualMachine): readonly string[] {
  return isMarked(vm) ? [vm.id] : [vm.name, vm.id];
}

function isMarked({ tags }: VirtualMachine): boolean {
  return tagsByKey(tags)[marks.registry] !== undefined;
}

/** Undefined where nobody has said so, as in entries of earlier CPIs, or nobody can read them. */
async function ownerOf(registry: RegistryClient, name: string): Promise<EntryOwner | undefined> {
  try {
    return ownerIn(await registry.read(name));
  } catch (failure) {
    if (failure instanceof RegistryError && failure.failure === 'wrong') return undefined;
    throw failure;
  }
}

/** As far as one can tell without asking CloudStack, which alone knows the account of the keys. */
function isOfThisCall(
  { context, configuration }: Call,
  { director, account }: EntryOwner,
): boolean {
  if (director !== context.directorUuid) return false;
  const { project_id: project, account: name, domain_id: domain } = configuration.cloudstack;
  if (project !== undefined) return account === project;
  return name === undefined ? account.includes('/') : account === `${domain ?? ''}/${name}`;
}

function requireRegistry({ registry }: Call, vmId: string): RegistryClient {
  if (registry !== undefined) return registry;
  throw new BoshError(
    'CpiError',
    `The agent of VM ${vmId} reads its settings from a registry, and the CPI is told of none: set ` +
      'registry.host, registry.username and registry.password again',
  );
}
