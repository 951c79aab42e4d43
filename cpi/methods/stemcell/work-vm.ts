import type { CloudStackClient } from '../../cloudstack/client.js';
import { createUndoably } from '../../cloudstack/create-undoably.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findVmsByStem, listVolumesOfVm } from '../../cloudstack/find-resources.js';
import { marksOf, tagNew } from '../../cloudstack/tags.js';
import type { VirtualMachine } from '../../cloudstack/types.js';
import { tryAgain } from '../../flow/again.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { toBoshError } from '../call/bosh-errors.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { destroy } from '../vm/remove-vm.js';

const removalsMax = 2;

/** A VM that is there only because its root disk is a copy of a template. */
export interface WorkVm {
  readonly templateId: string;
  readonly zoneId: string;
  readonly offeringId: string;
  readonly networkId: string;
}

/** A root disk to which nobody writes. */
export interface RootDisk {
  readonly volumeId: string;
  /** Removes the VM with it; where that fails, `gc` does it, and the log says so. */
  readonly remove: () => Promise<void>;
}

/**
 * Starts a VM, for the disk comes with its start, and stops it by force at once, so that its guest
 * writes little. It is registered with the saga.
 *
 * @throws CloudStackError, BoshError.
 */
export async function rootDiskOfWorkVm(call: Call, saga: Saga, vm: WorkVm): Promise<RootDisk> {
  const { client, context, newId, log } = call;
  const name = `stemcell-work-${newId()}`;
  const deadlineMs = vmDeadlineMs(call);
  const { id } = await createUndoably(client, saga, {
    name: `deploy VM ${name}`,
    create: () =>
      client.run(
        'deployVirtualMachine',
        {
          name,
          templateid: vm.templateId,
          zoneid: vm.zoneId,
          serviceofferingid: vm.offeringId,
          networkids: [vm.networkId],
          startvm: false,
        },
        { what: `deployment of VM ${name}`, deadlineMs },
      ),
    find: (undoClient) => findNamed(undoClient, name),
    remove: (undoClient, found) => removeWorkVm(call, undoClient, found),
  });
  const marks = marksOf({ directorUuid: context.directorUuid, purpose: 'stemcell-work' });
  await tagNew(client, { type: 'UserVm', id }, marks);
  await client.run('startVirtualMachine', { id }, { what: `start of VM ${name}`, deadlineMs });
  await client.run('stopVirtualMachine', { id, forced: true }, { what: `stop of VM ${name}` });
  const [root] = await listVolumesOfVm(client, id);
  if (root?.type !== 'ROOT') {
    throw new BoshError('CloudError', `VM ${name} (${id}), just started, has no root disk`);
  }
  return {
    volumeId: root.id,
    remove: async () => {
      try {
        // The stemcell is there: a refusal that passes is no reason to keep the VM.
        await tryAgain(
          removalsMax,
          () => removeWorkVm(call, client, { id, name }),
          (failure) => isCloudStackError(failure),
        );
      } catch (failure) {
        log(`warning: VM ${name} stays until gc finds it: ${toBoshError(failure).message}`);
      }
    },
  };
}

async function findNamed(
  client: CloudStackClient,
  name: string,
): Promise<VirtualMachine | undefined> {
  const found = await findVmsByStem(client, name);
  return found.find((vm) => vm.name === name && isLiveVm(vm));
}

async function removeWorkVm(
  { configuration }: Call,
  client: CloudStackClient,
  vm: Pick<VirtualMachine, 'id' | 'name'>,
): Promise<void> {
  const mayExpunge = configuration.cloudstack.expunge_vm;
  if (mayExpunge && (await destroy(client, vm, { expunge: true })) !== 'forbidden') return;
  await destroy(client, vm, {});
}
