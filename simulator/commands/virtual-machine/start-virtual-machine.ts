import { asyncCommand, everyRole, objectOf } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import { startSteps } from './start-steps.js';
import { assertMayChooseHost, assertNotExpunged, vmSubject } from './virtual-machine-rules.js';
import { assertOwnerEnabled } from './virtual-machine-rules.js';
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
  steps: startSteps<typeof parameters>({
    vmOf: (_, { id: vm }) => vm,
    hostOf: (_, { hostid }) => hostid,
    wishOf: ({ podid, clusterid, considerlasthost }) => ({
      podId: podid?.id,
      clusterId: clusterid?.id,
      considersLastHost: considerlasthost,
    }),
    bootsIntoSetup: ({ bootintosetup }) => bootintosetup !== undefined,
    plannerOf: ({ deploymentplanner }) => deploymentplanner,
    assertStartable: (context, { hostid }, vm) => {
      assertNotExpunged(vm);
      assertNotRunning(vm);
      assertMayChooseHost(context, hostid);
      assertOwnerEnabled(context.world, vm);
      if (vm.state === 'Stopped') return;
      throw cloudRuntime(`Cannot start ${vmText(vm)} in ${vm.state} state`);
    },
    // A VM that was there before stays as it was: Stopped.
    onFailure: () => undefined,
  }),
});

function assertNotRunning(vm: VmRow): void {
  if (vm.state !== 'Running') return;
  throw invalidParameter(`The virtual machine ${vm.id} (${vm.displayName}) is already running`);
}
