import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf, proceed, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { virtualMachineResponse } from '../virtual-machine/virtual-machine-response.js';
import { vmSubject } from '../virtual-machine/virtual-machine-rules.js';
import { assertVmThere, assertVmTakesIsos } from './iso-rules.js';

/** Takes the ISO out of the drive of a VM (TemplateManagerImpl.detachIso). */
export const detachIso = asyncCommand({
  name: 'detachIso',
  summary: 'Detaches the ISO that is attached to a virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.iso.DetachIsoCmd', rootAdmin: 'admin.iso.DetachIsoCmdByAdmin' },
  parameters: { virtualmachineid: entity('virtualmachine', { required: true }) },
  response: objectOf(virtualMachineResponse),
  // It unlocks the drive of a guest on VMware; guests here lock none.
  ignores: ['forced'],
  check: (_, { virtualmachineid: vm }) => {
    assertVmThere(vm, `Unable to find VM by ID ${vm.internalId}`);
  },
  subject: ({ virtualmachineid: vm }) => vmSubject(vm),
  steps: [
    (context, { virtualmachineid: vm }) => {
      assertMayDetach(context, vm);
      return vm.state === 'Running' ? wait('duration.iso.attach') : proceed;
    },
    (context, { virtualmachineid: vm }) => {
      assertMayDetach(context, vm);
      context.world.vms.change(vm, { isoId: null });
      return done(vm);
    },
  ],
});

function assertMayDetach(context: CommandContext, vm: VmRow): void {
  assertVmThere(vm, 'Please specify a valid VM.');
  assertMayOperate(context, 'virtualmachine', vm);
  if (vm.isoId === null) {
    throw invalidParameter('The specified VM has no ISO attached to it.');
  }
  assertVmTakesIsos(vm);
}
