// A VM as a row and nothing more, for tests of what looks at rows: it has no NIC and no volume.
import type { AccountRow, VmRow } from '../../simulator/world/entities.js';
import type { NewRow } from '../../simulator/world/table.js';
import type { World } from '../../simulator/world/world.js';

/** A stopped VM of an account, which is not in the world yet. */
export function bareVm(world: World, name: string, account: AccountRow): NewRow<VmRow> {
  return {
    name,
    displayName: name,
    instanceName: name,
    groupId: null,
    isoId: null,
    state: 'Stopped',
    accountId: account.id,
    userId: world.users.all().find((user) => user.accountId === account.id)!.id,
    zoneId: world.zones.all()[0]!.id,
    templateId: world.templates.all()[0]!.id,
    serviceOfferingId: world.serviceOfferings.all()[0]!.id,
    cpuNumber: 1,
    cpuMhz: 1_000,
    memoryMib: 512,
    hypervisor: 'KVM',
    hostId: null,
    lastHostId: null,
    destinationHostId: null,
    osTypeId: world.osTypes.all()[0]!.id,
    isDynamicallyScalable: false,
    password: null,
    awaitsPassword: true,
    userData: null,
    userDataId: null,
    userDataDetails: null,
    isDisplayed: true,
    deleteProtection: false,
    details: {},
    bootedMs: null,
    guestDevices: {},
    updatedMs: world.kernel.nowMs,
  };
}
