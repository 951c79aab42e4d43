import type { Kernel } from '../../kernel/kernel.js';
import type {
  AffinityGroupRow,
  AffinityMemberRow,
  DiskOfferingRow,
  InstanceGroupRow,
  OsCategoryRow,
  OsTypeRow,
  ServiceOfferingRow,
  SshKeyPairRow,
  UserDataRow,
  VmRow,
} from '../entities.js';
import { countedOfVm } from '../identity/resource-counts.js';
import { virtualMachineStates, type VmEvent } from '../states/virtual-machine.js';
import { Table } from '../table.js';
import { sharesOfVm } from './occupancy.js';

/** VMs, what they are made from, and what groups them. */
export interface ComputeTables {
  readonly serviceOfferings: Table<ServiceOfferingRow>;
  readonly diskOfferings: Table<DiskOfferingRow>;
  readonly osCategories: Table<OsCategoryRow>;
  readonly osTypes: Table<OsTypeRow>;
  readonly vms: Table<VmRow, VmEvent>;
  readonly affinityGroups: Table<AffinityGroupRow>;
  readonly affinityMembers: Table<AffinityMemberRow>;
  readonly instanceGroups: Table<InstanceGroupRow>;
  readonly userData: Table<UserDataRow>;
  readonly sshKeyPairs: Table<SshKeyPairRow>;
}

export function computeTables(kernel: Kernel): ComputeTables {
  return {
    serviceOfferings: new Table(kernel, { entity: 'serviceoffering' }),
    diskOfferings: new Table(kernel, { entity: 'diskoffering' }),
    osCategories: new Table(kernel, { entity: 'oscategory' }),
    osTypes: new Table(kernel, { entity: 'ostype' }),
    vms: new Table(kernel, {
      entity: 'virtualmachine',
      states: virtualMachineStates,
      indexes: ['accountId', 'hostId', 'destinationHostId', 'templateId', 'groupId', 'userDataId'],
      nameIndexes: ['name'],
      totals: [
        { by: 'accountId', of: countedOfVm },
        { by: 'hostId', of: sharesOfVm },
        { by: 'destinationHostId', of: sharesOfVm },
      ],
      secrets: ['userData', 'password'],
    }),
    affinityGroups: new Table(kernel, { entity: 'affinitygroup', indexes: ['accountId'] }),
    affinityMembers: new Table(kernel, {
      entity: 'affinitygroupmember',
      indexes: ['groupId', 'vmId'],
    }),
    instanceGroups: new Table(kernel, { entity: 'instancegroup', indexes: ['accountId'] }),
    userData: new Table(kernel, {
      entity: 'userdata',
      indexes: ['accountId'],
      secrets: ['content'],
    }),
    sshKeyPairs: new Table(kernel, { entity: 'sshkeypair', indexes: ['accountId'] }),
  };
}
