import { asyncCommand, done, everyRole, hasWaited, objectOf } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { HostRow, VmRow } from '../../world/entities.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { assertWishesOfStart, queuedStartSteps } from './start-steps.js';
import {
  assertMayChooseHost,
  assertNotExpunged,
  assertOwnerEnabled,
  vmSubject,
} from './virtual-machine-rules.js';
import { vmWithPasswordResponse } from './vm-with-password-response.js';

const parameters = {
  id: entity('virtualmachine', { required: true, access: 'operate' }),
  podid: entity('pod', { rootOnly: true }),
  clusterid: entity('cluster', { rootOnly: true }),
  hostid: entity('host', { since: '3.0.1' }),
  considerlasthost: flag({ since: '4.18.0', rootOnly: true }),
  deploymentplanner: text({ since: '4.4', rootOnly: true }),
  bootintosetup: flag({ since: '4.15.0.0' }),
} as const;

const [place, ...boot] = queuedStartSteps<typeof parameters>({
  vmOf: (_, { id: vm }) => vm,
  hostOf: (_, { hostid }) => hostid,
  wishOf: ({ podid, clusterid, considerlasthost }) => ({
    podId: podid?.id,
    clusterId: clusterid?.id,
    considersLastHost: considerlasthost,
  }),
  bootsIntoSetup: ({ bootintosetup }) => bootintosetup !== undefined,
  plannerOf: ({ deploymentplanner }) => deploymentplanner,
  assertStartable: assertMayStart,
  // A VM that was there before stays as it was: Stopped.
  onFailure: () => undefined,
});

/** A VM that fails to start is Stopped again, with its volumes (UserVmManagerImpl.startVirtualMachine). */
export const startVirtualMachine = asyncCommand({
  name: 'startVirtualMachine',
  summary: 'Starts a virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.vm.StartVMCmd', rootAdmin: 'admin.vm.StartVMCmdByAdmin' },
  parameters,
  response: objectOf(vmWithPasswordResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  admit: (context, args) => {
    const { id: vm, hostid: host, bootintosetup, deploymentplanner: planner } = args;
    assertMayStart(context, args, vm);
    const bootsIntoSetup = bootintosetup !== undefined;
    assertWishesOfStart(context.world, vm, { host, bootsIntoSetup, planner });
  },
  steps: [
    (context, args, job) => {
      const { id: vm } = args;
      if (!hasWaited(job)) return place(context, args, job);
      assertFoundAgain(vm);
      // Another start, or that of a reboot, was there first, and this one has nothing left to do.
      return vm.state === 'Running' ? done({ vm, password: null }) : place(context, args, job);
    },
    ...boot,
  ],
});

function assertMayStart(
  context: CommandContext,
  { hostid }: { readonly hostid?: HostRow | undefined },
  vm: VmRow,
): void {
  assertNotExpunged(vm);
  assertNotRunning(vm);
  assertMayChooseHost(context, hostid);
  assertOwnerEnabled(context.world, vm);
}

/**
 * One that was expunged while its start waited. CloudStack tries a second time, for which it looks the
 * VM up (VMEntityManagerImpl.deployVirtualMachine, VirtualMachineManagerImpl.retrievePendingWorkJob).
 */
function assertFoundAgain({ id, removedMs }: VmRow): void {
  if (removedMs === null) return;
  throw cloudRuntime(
    `Could not find a VM with the uuid [${id}]. Unable to continue validations with command ` +
      '[com.cloud.vm.VmWorkStart] through job queue.',
  );
}

function assertNotRunning(vm: VmRow): void {
  if (vm.state !== 'Running') return;
  throw invalidParameter(`The virtual machine ${vm.id} (${vm.displayName}) is already running`);
}
