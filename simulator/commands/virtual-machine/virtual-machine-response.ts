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
  type ResponseObject,
  type View,
} from '../../declare/response.js';
import { isRootAdmin } from '../../declare/caller.js';
import { ownerFields } from '../../declare/owner-fields.js';
import { affinityGroupsOf } from '../../world/affinity-groups.js';
import type { JobRow, OsTypeRow, PublicIpRow, TemplateRow, VmRow } from '../../world/entities.js';
import { nicsOf } from '../../world/nics.js';
import { KEY_PAIR_NAMES_DETAIL } from '../../world/ssh-keys.js';
import { staticNatAddressesOf } from '../../world/static-nat.js';
import { tagsOf } from '../../world/tags.js';
import { affinityGroupOfVmResponse } from '../affinity-group/affinity-group-response.js';
import { nicResponse } from '../nic/nic-response.js';
import { tagResponse } from '../tag/tag-response.js';
import { READ_ONLY_DETAILS, visibleDetails } from './virtual-machine-details.js';

type Fields = Readonly<Record<string, Field<VmRow>>>;

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

const template: Fields = {
  templateid: stringField((vm) => vm.templateId),
  templatename: stringField((vm, view) => templateOf(vm, view).name),
  templatetype: stringField(() => 'USER'),
  templateformat: stringField((vm, view) => templateOf(vm, view).format),
  templatedisplaytext: stringField((vm, view) => templateOf(vm, view).displayText),
  passwordenabled: booleanField((vm, view) => templateOf(vm, view).passwordEnabled),
};

const serviceOffering: Fields = {
  serviceofferingid: stringField((vm) => vm.serviceOfferingId),
  serviceofferingname: stringField(
    (vm, { world }) => world.serviceOfferings.require(vm.serviceOfferingId).name,
  ),
};

const size: Fields = {
  cpunumber: integerField((vm) => vm.cpuNumber),
  cpuspeed: integerField((vm) => vm.cpuMhz),
  memory: integerField((vm) => vm.memoryMib),
};

const rootVolume: Fields = {
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

const place: Fields = {
  zoneid: stringField((vm) => vm.zoneId),
  zonename: stringField((vm, { world }) => world.zones.require(vm.zoneId).name),
  hostid: rootOnly(stringField((vm) => vm.hostId)),
  hostname: rootOnly(
    stringField(({ hostId }, { world }) =>
      hostId === null ? null : world.hosts.require(hostId).name,
    ),
  ),
  hostcontrolstate: stringField((vm, view) => hostControlState(vm, view)),
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
  displayvm: rootOnly(booleanField(() => true)),
  isdynamicallyscalable: booleanField((vm) => vm.isDynamicallyScalable),
  deleteprotection: booleanField(() => false),
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
  group: stringField((vm) => vm.group),
  ...place,
  ...template,
  ...serviceOffering,
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

/** What the parameter `details` of listVirtualMachines can ask for (ApiConstants.VMDetails). */
export const detailLevels = [
  'all',
  'group',
  'nics',
  'stats',
  'secgrp',
  'tmpl',
  'servoff',
  'diskoff',
  'backoff',
  'iso',
  'volume',
  'min',
  'affgrp',
] as const;

export type DetailLevel = (typeof detailLevels)[number];

/** A VM as a list shows it: with the groups of fields that were asked for. */
export interface ListedVm {
  readonly vm: VmRow;
  readonly details: ReadonlySet<DetailLevel>;
  readonly withUserData: boolean;
}

/** With which of the levels a field comes; those that are not named here always do. */
const levelsOfField: Readonly<Record<string, readonly DetailLevel[]>> = {
  group: ['group'],
  nic: ['nics'],
  affinitygroup: ['affgrp'],
  ipaddress: ['nics'],
  ...eachWith(['tmpl'], template),
  ...eachWith(['servoff'], serviceOffering),
  ...eachWith(['servoff', 'stats'], size),
  ...eachWith(['volume'], rootVolume),
};

/** UserVmResponse in a list; lists without their group of fields are empty rather than absent. */
export const listedVmResponse: ResponseObject<ListedVm> = responseObject<ListedVm>(
  virtualMachineResponse.name,
  {
    ...Object.fromEntries(
      Object.entries(virtualMachineResponse.fields).map(([name, field]) => [
        name,
        listedField(field, levelsOfField[name]),
      ]),
    ),
    userdata: stringField(({ vm, withUserData }) => (withUserData ? vm.userData : null)),
  },
);

function eachWith(
  levels: readonly DetailLevel[],
  fields: Fields,
): Record<string, readonly DetailLevel[]> {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, levels]));
}

function listedField(
  field: Field<VmRow>,
  levels: readonly DetailLevel[] | undefined,
): Field<ListedVm> {
  return {
    ...field,
    value: ({ vm, details }, view) => {
      if (
        levels === undefined ||
        details.has('all') ||
        levels.some((level) => details.has(level))
      ) {
        return field.value(vm, view);
      }
      return field.type === 'list' ? [] : undefined;
    },
  };
}

function templateOf(vm: VmRow, { world }: View): TemplateRow {
  return world.templates.require(vm.templateId);
}

function osTypeOf(vm: VmRow, view: View): OsTypeRow {
  return view.world.osTypes.require(vm.osTypeId);
}

function publicIpOf(vm: VmRow, { world }: View): PublicIpRow | undefined {
  return staticNatAddressesOf(world, vm.id)[0];
}

/** Whether the VM's host can be worked with (com.cloud.host.ControlState). */
function hostControlState({ hostId }: VmRow, { world }: View): string | null {
  if (hostId === null) return null;
  const { up, enabled } = world.hosts.require(hostId);
  if (!up) return 'Offline';
  return enabled ? 'Enabled' : 'Disabled';
}

function pendingJob(vm: VmRow, { world }: View): JobRow | undefined {
  return world.jobs.where('instanceId', vm.id).find((job) => job.status === 'pending');
}
