import { asyncCreateCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { ownerParameters } from '../../declare/ownership.js';
import {
  entity,
  entityList,
  flag,
  freeForm,
  integer,
  long,
  records,
  text,
  textList,
} from '../../declare/parameter.js';
import { failDeployment, vmQueue } from '../../world/compute/virtual-machines.js';
import { copyTags } from '../../world/tags.js';
import { allocateVm } from '../../world/compute/vm-allocation.js';
import { planDeployment } from './deployment-plan.js';
import { queuedStartSteps } from './start-steps.js';
import { assertNoExtraConfig } from './extra-config.js';
import { MAX_USER_DATA_LENGTH } from './user-data.js';
import { vmWithPasswordResponse } from './vm-with-password-response.js';

const parameters = {
  zoneid: entity('zone', { required: true }),
  serviceofferingid: entity('serviceoffering', { required: true }),
  templateid: entity('template', { required: true }),
  name: text(),
  displayname: text(),
  password: text({ since: '4.19.0.0' }),
  networkids: entityList('network'),
  diskofferingid: entity('diskoffering'),
  size: long(),
  rootdisksize: long({ since: '4.4' }),
  group: text(),
  hypervisor: text(),
  userdata: text({ maxLength: MAX_USER_DATA_LENGTH }),
  keypair: text(),
  keypairs: textList({ since: '4.17' }),
  hostid: entity('host'),
  podid: entity('pod', { rootOnly: true }),
  clusterid: entity('cluster', { rootOnly: true }),
  iptonetworklist: records(),
  ipaddress: text(),
  macaddress: text(),
  ip6address: text(),
  nicnetworklist: records(),
  dhcpoptionsnetworklist: records(),
  datadiskofferinglist: records({ since: '4.11' }),
  startvm: flag(),
  affinitygroupids: entityList('affinitygroup', { access: 'operate' }),
  affinitygroupnames: textList(),
  details: freeForm({ since: '4.3' }),
  customid: text(),
  boottype: text({ since: '4.14.0.0' }),
  bootmode: text({ since: '4.14.0.0' }),
  bootintosetup: flag({ since: '4.15.0.0' }),
  userdataid: entity('userdata', { since: '4.18' }),
  userdatadetails: freeForm({ since: '4.18' }),
  securitygroupids: textList(),
  securitygroupnames: textList(),
  keyboard: text(),
  displayvm: flag({ since: '4.2', rootOnly: true }),
  deploymentplanner: text({ since: '4.4', rootOnly: true }),
  extraconfig: text({ since: '4.12', maxLength: 5_120 }),
  copyimagetags: flag({ since: '4.13' }),
  overridediskofferingid: entity('diskoffering', { since: '4.17' }),
  iothreadsenabled: flag(),
  iodriverpolicy: text(),
  nicmultiqueuenumber: integer({ since: '4.18' }),
  nicpackedvirtqueuesenabled: flag({ since: '4.18' }),
  dynamicscalingenabled: flag({ since: '4.16' }),
  ...ownerParameters,
} as const;

const [place, ...boot] = queuedStartSteps<typeof parameters>({
  vmOf: ({ world }, _, job) => world.vms.require(job.createdId),
  hostOf: (_, { hostid }) => hostid,
  wishOf: ({ podid, clusterid }) => ({
    podId: podid?.id,
    clusterId: clusterid?.id,
    isNew: true,
  }),
  bootsIntoSetup: ({ bootintosetup }) => bootintosetup !== undefined,
  plannerOf: ({ deploymentplanner }) => deploymentplanner,
  passwordOf: ({ password }) => password,
  onFailure: failDeployment,
});

/**
 * Everything is checked and allocated inside the request, so addresses and names are taken when it
 * is answered; the job only starts the VM (DeployVMCmd.create and execute).
 */
export const deployVirtualMachine = asyncCreateCommand({
  name: 'deployVirtualMachine',
  summary: 'Creates a virtual machine and starts it unless told not to.',
  roles: everyRole,
  javaClass: { user: 'user.vm.DeployVMCmd', rootAdmin: 'admin.vm.DeployVMCmdByAdmin' },
  parameters,
  // Images that are deployed as they are read them; there are none here.
  ignores: ['properties'],
  response: objectOf(vmWithPasswordResponse),
  subjectType: 'VirtualMachine',
  preparation: 'duration.vm.deploy',
  create: (context, args) => {
    const { world } = context;
    const vm = allocateVm(world, planDeployment(context, args));
    assertNoExtraConfig(args.extraconfig);
    if (args.copyimagetags === true) copyTags(world, args.templateid.id, vm.id, 'UserVm');
    return vm;
  },
  queue: (vm) => vmQueue(vm.id),
  steps: [
    (context, args, job) => {
      if (args.startvm === false) {
        return done({ vm: context.world.vms.require(job.createdId), password: null });
      }
      return place(context, args, job);
    },
    ...boot,
  ],
  afterFailure: ({ world }, { startvm }, job) => {
    const vm = world.vms.require(job.createdId);
    if (startvm !== false && vm.state === 'Stopped') failDeployment(world, vm);
  },
});
