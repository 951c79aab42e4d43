import {
  asyncCommand,
  done,
  objectOf,
  proceed,
  rootOnlyRole,
  wait,
} from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { beginMigration, finishMigration, hostToMoveTo } from '../../world/compute/vm-migration.js';
import {
  beginStorageMigration,
  finishStorageMigration,
} from '../../world/compute/vm-storage-migration.js';
import { assertCanMoveTo, assertMayLeaveHost, assertStorageCanMove } from './migration-rules.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { vmSubject } from './virtual-machine-rules.js';

/**
 * Moves a running VM to another host, or the volumes of a stopped one to another pool
 * (MigrateVMCmd, UserVmManagerImpl.migrateVirtualMachine and vmStorageMigration).
 */
export const migrateVirtualMachine = asyncCommand({
  name: 'migrateVirtualMachine',
  summary: 'Moves a running virtual machine to another host, or the volumes of a stopped one.',
  roles: rootOnlyRole,
  javaClass: { user: 'admin.vm.MigrateVMCmd' },
  parameters: {
    hostid: entity('host'),
    virtualmachineid: entity('virtualmachine', { required: true }),
    storageid: entity('storagepool'),
    autoselect: flag({ since: '4.16.0' }),
  },
  response: objectOf(virtualMachineResponse),
  subject: ({ virtualmachineid: vm }) => vmSubject(vm),
  queue: (_, { virtualmachineid: vm }) => vmQueue(vm.id),
  steps: [
    () => proceed,
    ({ world }, { hostid: host, virtualmachineid: vm, storageid: pool, autoselect }) => {
      if (host !== undefined && pool !== undefined) {
        throw invalidParameter('Only one of hostId and storageId can be specified');
      }
      if (vm.removedMs !== null) {
        throw invalidParameter(`Unable to find the VM by id=${vm.internalId}`);
      }
      if (pool !== undefined) {
        assertStorageCanMove(world, vm, pool);
        beginStorageMigration(world, vm, pool);
        return wait('duration.volume.migrate');
      }
      if (host === undefined && autoselect === false) {
        throw invalidParameter(
          "Please specify a host or storage as destination, or pass 'autoselect=true' to " +
            'automatically select a destination host which do not require storage migration',
        );
      }
      assertMayLeaveHost(world, vm);
      if (host !== undefined) assertCanMoveTo(world, vm, host);
      const destination = host ?? hostToMoveTo(world, vm);
      if (destination === undefined) {
        throw cloudRuntime(`Unable to find suitable destination to migrate VM ${vm.instanceName}`);
      }
      beginMigration(world, vm, destination);
      return wait('duration.vm.migrate');
    },
    ({ world }, { virtualmachineid: vm, storageid: pool }) => {
      if (pool === undefined) finishMigration(world, vm);
      else finishStorageMigration(world, vm, pool);
      return done(vm);
    },
  ],
});
