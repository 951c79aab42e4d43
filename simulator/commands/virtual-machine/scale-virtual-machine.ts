import { asyncCommand, done, everyRole, objectOf, proceed, wait } from '../../declare/command.js';
import { entity, freeForm } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { ServiceOfferingRow, VmRow } from '../../world/entities.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { beginMigration, finishMigration } from '../../world/compute/vm-migration.js';
import { changeOfferingOfStopped, requestedDetails, type Details } from './offering-change.js';
import { applyToRunning, hostForSize, revert, sizeOfRunning } from './running-offering-change.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { vmSubject } from './virtual-machine-rules.js';

/**
 * Gives a VM another offering: a stopped one any that fits; a running one a larger one, for which it
 * moves to another host if its own lacks the room (UserVmManagerImpl.upgradeVirtualMachine).
 */
export const scaleVirtualMachine = asyncCommand({
  name: 'scaleVirtualMachine',
  summary: 'Gives a virtual machine another service offering; a running one only a larger one.',
  roles: everyRole,
  javaClass: { user: 'user.vm.ScaleVMCmd', rootAdmin: 'admin.vm.ScaleVMCmdByAdmin' },
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    serviceofferingid: entity('serviceoffering', { required: true }),
    details: freeForm(),
  },
  response: objectOf(virtualMachineResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  steps: [
    ({ world }, { id: vm, serviceofferingid: offering, ...args }) => {
      if (vm.removedMs !== null) throw invalidParameter("Unable to find VM's UUID");
      assertNotRemoved(offering);
      const details = withCurrentSize(vm, offering, requestedDetails(args));
      if (vm.state === 'Stopped') {
        changeOfferingOfStopped(world, vm, offering, details);
        return done(vm);
      }
      const size = sizeOfRunning(world, vm, offering, details);
      const host = hostForSize(world, vm, size);
      if (host === undefined) throw cloudRuntime('Failed to scale the VM');
      if (host.id === vm.hostId) return proceed;
      beginMigration(world, vm, host);
      return wait('duration.vm.migrate');
    },
    ({ world }, { id: vm, serviceofferingid: offering, ...args }, job) => {
      if (vm.state === 'Migrating') finishMigration(world, vm);
      const details = withCurrentSize(vm, offering, requestedDetails(args));
      job.remember({ before: applyToRunning(world, vm, offering, details) });
      return wait('duration.vm.scale');
    },
    (_, { id: vm }) => done(vm),
  ],
  afterFailure: ({ world }, { id: vm }, { memo }) => revert(world, vm, memo['before']),
});

function assertNotRemoved(offering: ServiceOfferingRow): void {
  if (offering.removedMs === null) return;
  throw invalidParameter(`Unable to find service offering: ${offering.internalId}`);
}

/** What a custom offering leaves open and the caller does not choose stays as it is. */
function withCurrentSize(vm: VmRow, offering: ServiceOfferingRow, details: Details): Details {
  return {
    ...(offering.cpuMhz === null ? { cpuSpeed: String(vm.cpuMhz) } : {}),
    ...(offering.memoryMib === null ? { memory: String(vm.memoryMib) } : {}),
    ...(offering.cpuNumber === null ? { cpuNumber: String(vm.cpuNumber) } : {}),
    ...details,
  };
}
