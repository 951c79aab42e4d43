import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf, proceed, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow, VmRow } from '../../world/entities.js';
import { assertIsoMounts } from '../../world/storage/isos.js';
import { templateZone } from '../../world/storage/templates.js';
import { assertMayUseTemplate } from '../template/template-access.js';
import { virtualMachineResponse } from '../virtual-machine/virtual-machine-response.js';
import { vmSubject } from '../virtual-machine/virtual-machine-rules.js';
import { assertVmThere, assertVmTakesIsos } from './iso-rules.js';

/**
 * Puts an ISO into the drive of a VM, in the place of the one that is there
 * (TemplateManagerImpl.attachIso). Whether it is an ISO at all only a running VM finds out.
 */
export const attachIso = asyncCommand({
  name: 'attachIso',
  summary: 'Attaches an ISO to a virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.iso.AttachIsoCmd', rootAdmin: 'admin.iso.AttachIsoCmdByAdmin' },
  parameters: {
    id: entity('template', { required: true }),
    virtualmachineid: entity('virtualmachine', { required: true }),
  },
  response: objectOf(virtualMachineResponse),
  // It unlocks the drive of a guest on VMware; guests here lock none.
  ignores: ['forced'],
  check: (_, { virtualmachineid: vm }) => {
    assertVmThere(vm, `Unable to find virtual machine by ID ${vm.internalId}`);
  },
  subject: ({ virtualmachineid: vm }) => vmSubject(vm),
  steps: [
    (context, { id: iso, virtualmachineid: vm }) => {
      assertMayAttach(context, iso, vm);
      return vm.state === 'Running' ? wait('duration.iso.attach') : proceed;
    },
    (context, { id: iso, virtualmachineid: vm }) => {
      assertMayAttach(context, iso, vm);
      context.world.vms.change(vm, { isoId: iso.id });
      return done(vm);
    },
  ],
});

function assertMayAttach(context: CommandContext, iso: TemplateRow, vm: VmRow): void {
  const { world, caller } = context;
  assertVmThere(vm, `Unable to find a virtual machine with id ${vm.internalId}`);
  if (iso.removedMs !== null) {
    throw invalidParameter(`Unable to find an ISO with id ${iso.internalId}`);
  }
  if (templateZone(world, iso.id, vm.zoneId) === undefined) {
    throw invalidParameter('ISO is not available in the zone the VM is in.');
  }
  assertMayUseTemplate(world, caller.account, iso);
  assertMayOperate(context, 'virtualmachine', vm);
  assertMayUseTemplate(world, world.accounts.require(vm.accountId), iso);
  assertVmTakesIsos(vm);
  if (vm.state === 'Running') {
    assertIsoMounts(
      world,
      iso,
      vm,
      'Failed to prepare ISO ready to mount on hypervisor resource level',
    );
  }
}
