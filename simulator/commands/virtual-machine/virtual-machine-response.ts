import {
  booleanField,
  dateField,
  emptyListField,
  integerField,
  listField,
  longField,
  mapField,
  responseObject,
  rootOnly,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import { isRootAdmin } from '../../declare/caller.js';
import { ownerFields } from '../../declare/owner-fields.js';
import { affinityGroupsOf } from '../../world/compute/affinity-groups.js';
import type {
  DiskOfferingRow,
  JobRow,
  OsTypeRow,
  PublicIpRow,
  StoragePoolRow,
  TemplateRow,
  VmRow,
} from '../../world/entities.js';
import { nicsOf } from '../../world/network/nics.js';
import { KEY_PAIR_NAMES_DETAIL } from '../../world/identity/ssh-keys.js';
import { staticNatAddressesOf } from '../../world/network/static-nat.js';
import { isBefore } from '../../world/settings/release.js';
import { tagsOf } from '../../world/tags.js';
import { rootVolumeOf } from '../../world/storage/volumes.js';
import { affinityGroupOfVmResponse } from '../affinity-group/affinity-group-response.js';
import { nicResponse } from '../nic/nic-response.js';
import { hostControlState } from '../host/host-control-state.js';
import { tagResponse } from '../tag/tag-response.js';
import { READ_ONLY_DETAILS, visibleDetails } from './virtual-machine-details.js';

export type Fields = Readonly<Record<string, Field<VmRow>>>;

/** Inside a VM, NICs lack the two fields that only listNics fills. */
const nicOfVmResponse = responseObject(
  nicResponse.name,
  Object.fromEntries(
    Object.entries(nicResponse.fields).filter(
      ([name]) => name !== 'deviceid' && name !== 'virtualmachineid',
    ),
  ),
);

const owner = ownerFields<VmRow>((vm) => vm.accountId);

export const template: Fields = {
  templateid: stringField((vm) => vm.templateId),
  templatename: stringField((vm, view) => templateOf(vm, view).name),
  templatetype: stringField((vm, view) => templateOf(vm, view).type),
  templateformat: stringField((vm, view) => templateOf(vm, view).format),
  templatedisplaytext: stringField((vm, view) => templateOf(vm, view).displayText),
  passwordenabled: booleanField((vm, view) => templateOf(vm, view).passwordEnabled),
};

/** What is in the drive. */
export const iso: Fields = {
  isoid: stringField((vm) => vm.isoId),
  isoname: stringField((vm, view) => isoOf(vm, view)?.name),
  isodisplaytext: stringField((vm, view) => isoOf(vm, view)?.displayText),
};

export const serviceOffering: Fields = {
  serviceofferingid: stringField((vm) => vm.serviceOfferingId),
  serviceofferingname: stringField(
    (vm, { world }) => world.serviceOfferings.require(vm.serviceOfferingId).name,
  ),
};

/** The disk offering of the root volume, if it is not that of the service offering. */
export const diskOffering: Fields = {
  diskofferingid: stringField((vm, view) => rootOfferingOf(vm, view)?.id),
  diskofferingname: stringField((vm, view) => rootOfferingOf(vm, view)?.name),
};

export const size: Fields = {
  cpunumber: integerField((vm) => vm.cpuNumber),
  cpuspeed: integerField((vm) => vm.cpuMhz),
  memory: integerField((vm) => vm.memoryMib),
};

export const rootVolume: Fields = {
  rootdeviceid: longField(() => 0),
  rootdevicetype: stringField(() => 'ROOT'),
};

const head: Fields = {
  id: stringField((vm) => vm.id),
  name: stringField((vm) => vm.name),
  displayname: stringField((vm) => vm.displayName),
  account: owner.account,
  userid: stringField((vm) => vm.userId),
  username: stringField((vm, { world }) => world.users.require(vm.userId).username),
  projectid: owner.projectid,
  project: owner.project,
  domainid: owner.domainid,
  domain: owner.domain,
  domainpath: owner.domainpath,
  created: dateField((vm) => vm.createdMs),
  lastupdated: dateField((vm) => vm.updatedMs),
  state: stringField((vm) => vm.state),
  haenable: booleanField(() => false),
};

export const group: Fields = {
  groupid: stringField((vm) => vm.groupId),
  group: stringField(({ groupId }, { world }) =>
    groupId === null ? null : world.instanceGroups.require(groupId).name,
  ),
};

const place: Fields = {
  zoneid: stringField((vm) => vm.zoneId),
  zonename: stringField((vm, { world }) => world.zones.require(vm.zoneId).name),
  hostid: rootOnly(stringField((vm) => vm.hostId)),
  hostname: rootOnly(
    stringField(({ hostId }, { world }) =>
      hostId === null ? null : world.hosts.require(hostId).name,
    ),
  ),
  hostcontrolstate: stringField((vm, view) => hostControlState(view.world, vm.hostId)),
};

/** A VM is said to boot by BIOS only where it has no details at all. */
const bootFields: Fields = {
  boottype: stringField(({ details }) =>
    Object.hasOwn(details, 'UEFI') ? 'Uefi' : Object.keys(details).length === 0 ? 'Bios' : null,
  ),
  bootmode: stringField(({ details }) =>
    Object.keys(details).length === 0 ? 'legacy' : details['UEFI']?.toLowerCase(),
  ),
};

/** Of user data that were registered. */
const userDataFields: Fields = {
  userdataid: stringField((vm) => vm.userDataId),
  userdataname: stringField(({ userDataId }, { world }) =>
    userDataId === null ? null : world.userData.require(userDataId).name,
  ),
  userdatadetails: stringField(({ userDataId, userDataDetails }) =>
    userDataId === null ? null : userDataDetails,
  ),
};

const rest: Fields = {
  guestosid: stringField((vm, view) => osTypeOf(vm, view).id),
  hypervisor: stringField((vm) => vm.hypervisor),
  publicipid: stringField((vm, view) => publicIpOf(vm, view)?.id),
  publicip: stringField((vm, view) => publicIpOf(vm, view)?.ipAddress),
  instancename: rootOnly(stringField((vm) => vm.instanceName)),
  details: mapField((vm, { caller }) => visibleDetails(vm.details, caller)),
  readonlydetails: stringField((_, { caller }) =>
    isRootAdmin(caller) ? null : READ_ONLY_DETAILS.join(', '),
  ),
  keypairs: stringField((vm) => vm.details[KEY_PAIR_NAMES_DETAIL]),
  displayvm: rootOnly(booleanField((vm) => vm.isDisplayed)),
  isdynamicallyscalable: booleanField((vm) => vm.isDynamicallyScalable),
  deleteprotection: booleanField((vm, { world }) =>
    isBefore(world, '4.20') ? null : vm.deleteProtection,
  ),
  ...bootFields,
  pooltype: stringField((vm, view) => poolOf(vm, view)?.type),
  ...userDataFields,
  arch: rootOnly(stringField(() => 'x86_64')),
  ostypeid: stringField((vm, view) => osTypeOf(vm, view).id),
  osdisplayname: stringField((vm, view) => osTypeOf(vm, view).description),
  tags: listField(tagResponse, (vm, { world }) => tagsOf(world, vm.id)),
  jobid: stringField((vm, view) => pendingJob(vm, view)?.id),
  jobstatus: integerField((vm, view) => (pendingJob(vm, view) === undefined ? null : 0)),
};

/**
 * UserVmResponse in all detail (UserVmJoinDaoImpl.newUserVmResponse). A VM that a pending job is
 * about shows that job, so the result of its own job does, too.
 */
export const virtualMachineResponse = responseObject<VmRow>('virtualmachine', {
  ...head,
  ...group,
  ...place,
  ...template,
  ...iso,
  ...serviceOffering,
  ...diskOffering,
  ...size,
  ...rootVolume,
  securitygroup: emptyListField(),
  nic: listField(nicOfVmResponse, (vm, { world }) => nicsOf(world, vm.id)),
  ipaddress: stringField(
    (vm, { world }) => nicsOf(world, vm.id).find((nic) => nic.isDefault)?.ipAddress,
  ),
  ...rest,
  affinitygroup: listField(affinityGroupOfVmResponse, (vm, { world }) =>
    affinityGroupsOf(world, vm.id),
  ),
});

function templateOf(vm: VmRow, { world }: View): TemplateRow {
  return world.templates.require(vm.templateId);
}

function isoOf({ isoId }: VmRow, { world }: View): TemplateRow | undefined {
  return isoId === null ? undefined : world.templates.require(isoId);
}

function osTypeOf(vm: VmRow, view: View): OsTypeRow {
  return view.world.osTypes.require(vm.osTypeId);
}

function rootOfferingOf(vm: VmRow, { world }: View): DiskOfferingRow | undefined {
  const id = rootVolumeOf(world, vm.id)?.diskOfferingId ?? null;
  return id === null ? undefined : world.diskOfferings.require(id);
}

function poolOf(vm: VmRow, { world }: View): StoragePoolRow | undefined {
  const id = rootVolumeOf(world, vm.id)?.poolId ?? null;
  return id === null ? undefined : world.storagePools.require(id);
}

function publicIpOf(vm: VmRow, { world }: View): PublicIpRow | undefined {
  return staticNatAddressesOf(world, vm.id)[0];
}

function pendingJob(vm: VmRow, { world }: View): JobRow | undefined {
  return world.jobs.where('instanceId', vm.id).find((job) => job.state === 'pending');
}
