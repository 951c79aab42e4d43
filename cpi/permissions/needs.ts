import type { CommandName } from '../cloudstack/commands.js';

/**
 * Never called: CloudStack asks for it when destroyVirtualMachine is to expunge
 * (UserVmManagerImpl.checkExpungeVmPermission).
 */
export const expungeRight = 'expungeVirtualMachine';

/** What a rule of a role can allow: a command of CloudStack. */
export type Right = CommandName | typeof expungeRight;

/** Rights that are for one part of the work only. */
export interface OptionalNeed {
  readonly rights: readonly Right[];
  /** What there is not without them, as a clause. */
  readonly lost: string;
}

/** The rights that one method of the CPI can use. */
export interface Needs {
  /** Without any of these it fails, or cannot take back what it began. */
  readonly required: readonly Right[];
  readonly optional: readonly OptionalNeed[];
  /** Used where the role has them anyway, and no reason to give them. */
  readonly ifAllowed?: readonly Right[];
}

const expunging: OptionalNeed = {
  rights: [expungeRight],
  lost:
    'a deleted VM keeps its name until CloudStack expunges it, and its addresses have to be moved ' +
    'away (the setting allow.user.expunge.recover.vm must let the account expunge, too)',
};

const parking: OptionalNeed = {
  rights: ['updateVmNicIp'],
  lost:
    'where the account may not expunge, the addresses of a deleted VM stay taken until CloudStack ' +
    'expunges it',
};

const leavingLoadBalancers: OptionalNeed = {
  rights: [
    'listLoadBalancerRules',
    'listLoadBalancerRuleInstances',
    'removeFromLoadBalancerRule',
    'deleteLoadBalancerRule',
  ],
  lost: 'a deleted VM stays behind its load balancers until it is expunged, and rules stay',
};

const releasingAddresses: OptionalNeed = {
  rights: ['listPublicIpAddresses', 'disableStaticNat', 'disassociateIpAddress'],
  lost: 'the public address of a deleted VM stays allocated to the account',
};

const joiningLoadBalancers: OptionalNeed = {
  rights: [
    ...leavingLoadBalancers.rights,
    'listPublicIpAddresses',
    'createLoadBalancerRule',
    'assignToLoadBalancerRule',
  ],
  lost: 'lbs in cloud_properties',
};

const vips: OptionalNeed = {
  rights: [...releasingAddresses.rights, 'associateIpAddress', 'enableStaticNat'],
  lost: 'vip networks',
};

const endingForwarding: OptionalNeed = {
  rights: ['listPortForwardingRules', 'deletePortForwardingRule'],
  lost: 'ports stay forwarded to a deleted VM until it is expunged',
};

const forwarding: OptionalNeed = {
  rights: [...endingForwarding.rights, 'listPublicIpAddresses', 'createPortForwardingRule'],
  lost: 'port_forwarding in cloud_properties of vip networks',
};

const keyPairs: OptionalNeed = {
  rights: ['listSSHKeyPairs', 'registerSSHKeyPair', 'deleteSSHKeyPair'],
  lost: 'that a missing cloudstack.default_key_name is made of cloudstack.private_key',
};

const affinityGroups: OptionalNeed = {
  rights: ['listAffinityGroups', 'createAffinityGroup', 'deleteAffinityGroup'],
  lost: 'affinity_group in cloud_properties, and cloudstack.enable_auto_anti_affinity',
};

const clearingAffinityGroups: OptionalNeed = {
  rights: ['deleteAffinityGroup'],
  lost: 'affinity groups that the CPI made stay when their last VM is deleted',
};

/** Agents of API version 1 are told of their disks by user data. */
const announcing: OptionalNeed = {
  rights: ['updateVirtualMachine'],
  lost: 'disks of VMs whose Director speaks version 1 of the CPI API',
};

/** To take a VM away, also when its creation has to be undone. */
const removal = [
  'listVirtualMachines',
  'listVolumes',
  'stopVirtualMachine',
  'destroyVirtualMachine',
  'deleteVolume',
  'queryAsyncJobResult',
] as const;

const tagging = ['createTags', 'deleteTags', 'listTags', 'queryAsyncJobResult'] as const;

/** What a createTags did whose answer was lost; without it the call fails and is undone. */
const afterLostAnswers = ['listTags'] as const;

const nothing: Needs = { required: [], optional: [] };

function required(...rights: readonly Right[]): Needs {
  return { required: rights, optional: [] };
}

/**
 * What the role of the account must allow, by the method of the CPI that needs it; `gc` and `check`
 * are the commands of that name. Tests hold it against what the methods really ask of CloudStack.
 */
export const needs: Readonly<Record<string, Needs>> = {
  info: nothing,
  configure_networks: nothing,
  ping: {
    required: ['listZones'],
    optional: [],
    // In the name of a project or of another account, where one is set.
    ifAllowed: ['listNetworks'],
  },
  current_vm_id: required('listVirtualMachines'),
  create_stemcell: {
    required: [
      'listZones',
      'listTemplates',
      'listOsTypes',
      'getUploadParamsForTemplate',
      'deleteTemplate',
      ...tagging,
    ],
    optional: [
      {
        rights: ['registerTemplate'],
        lost: 'stemcell.publish webdav and create-env, and image_url of stemcells',
      },
      {
        rights: [
          'listServiceOfferings',
          'listNetworks',
          'deployVirtualMachine',
          'startVirtualMachine',
          'stopVirtualMachine',
          'listVirtualMachines',
          'listVolumes',
          'createTemplate',
          'destroyVirtualMachine',
        ],
        lost: 'light_mode copy of stemcells',
      },
      {
        rights: [expungeRight],
        lost: 'the VM of a light_mode copy stays until CloudStack expunges it',
      },
    ],
  },
  delete_stemcell: required('listTemplates', 'deleteTemplate', 'queryAsyncJobResult'),
  create_vm: {
    required: [
      'listServiceOfferings',
      'listTemplates',
      'listNetworks',
      'deployVirtualMachine',
      'createTags',
      'updateVirtualMachine',
      'startVirtualMachine',
      ...removal,
    ],
    optional: [
      {
        rights: ['listDiskOfferings'],
        lost: 'ephemeral disks, and persistent ones on local storage',
      },
      { rights: ['attachVolume'], lost: 'VMs that follow a persistent disk on local storage' },
      {
        rights: ['listAsyncJobs'],
        lost:
          'VMs that follow a persistent disk on local storage whose detachment CloudStack has not ' +
          'ended when they are made',
      },
      { rights: ['copyTemplate'], lost: 'VMs in other zones than the one of their stemcell' },
      { rights: ['listZones', 'listVPCs'], lost: 'vpc in cloud_properties of networks' },
      affinityGroups,
      joiningLoadBalancers,
      vips,
      forwarding,
      keyPairs,
      expunging,
      parking,
    ],
    // What networks note of addresses that came late is changed, or taken off; and a disk beyond
    // custom.diskoffering.size.max is told before anything is made, not by CloudStack afterwards.
    ifAllowed: [...afterLostAnswers, 'deleteTags', 'listCapabilities'],
  },
  delete_vm: {
    required: removal,
    optional: [
      expunging,
      parking,
      leavingLoadBalancers,
      releasingAddresses,
      {
        rights: ['listNetworks'],
        lost:
          'a public address of a VPC that an interrupted create_vm allocated for the deleted VM ' +
          'stays allocated to the account',
      },
      endingForwarding,
      clearingAffinityGroups,
    ],
    // Ephemeral disks of earlier CPIs have no marks; they get them in case the call is killed.
    ifAllowed: ['createTags', ...afterLostAnswers],
  },
  has_vm: required('listVirtualMachines'),
  reboot_vm: required(
    'listVirtualMachines',
    'rebootVirtualMachine',
    'startVirtualMachine',
    'queryAsyncJobResult',
  ),
  set_vm_metadata: required('listVirtualMachines', 'updateVirtualMachine', ...tagging),
  calculate_vm_cloud_properties: required(
    'listZones',
    'listServiceOfferings',
    'listDiskOfferings',
    'listCapabilities',
  ),
  create_disk: {
    required: [
      'listZones',
      'listVirtualMachines',
      'listDiskOfferings',
      'createVolume',
      'createTags',
      'listVolumes',
      'deleteVolume',
      'queryAsyncJobResult',
    ],
    optional: [],
    ifAllowed: afterLostAnswers,
  },
  delete_disk: required('listVolumes', 'deleteVolume'),
  has_disk: required('listVolumes'),
  get_disks: required('listVirtualMachines', 'listVolumes'),
  attach_disk: {
    required: ['listVirtualMachines', 'listVolumes', 'attachVolume', 'queryAsyncJobResult'],
    optional: [
      announcing,
      {
        rights: ['listAsyncJobs'],
        lost:
          'a detachment that CloudStack has not ended when the disk is to be attached is not waited ' +
          'for, and takes the disk off the VM that it seems to be on already',
      },
    ],
  },
  detach_disk: {
    required: ['listVirtualMachines', 'listVolumes', 'detachVolume', 'queryAsyncJobResult'],
    optional: [
      announcing,
      {
        rights: ['listAsyncJobs'],
        lost:
          'an attachment that CloudStack has not begun when the disk is to be detached is not waited ' +
          'for, and leaves the disk attached',
      },
    ],
  },
  set_disk_metadata: required('listVolumes', ...tagging),
  resize_disk: required('listVolumes', 'listDiskOfferings', 'resizeVolume', 'queryAsyncJobResult'),
  update_disk: required(
    'listVolumes',
    'listDiskOfferings',
    'resizeVolume',
    'changeOfferingForVolume',
    ...tagging,
  ),
  snapshot_disk: {
    required: [
      'listVolumes',
      'createSnapshot',
      'deleteTags',
      'listSnapshots',
      'deleteSnapshot',
      'queryAsyncJobResult',
    ],
    optional: [
      {
        rights: ['listVirtualMachines', 'listCapabilities', 'listDiskOfferings'],
        lost: 'the reason why CloudStack refuses a snapshot (kvm.snapshot.enabled) is not told',
      },
    ],
  },
  delete_snapshot: required('deleteSnapshot', 'listSnapshots', 'queryAsyncJobResult'),
  create_network: {
    required: [
      'listZones',
      'listNetworkOfferings',
      'listNetworks',
      'createNetwork',
      'createTags',
      'deleteNetwork',
      'queryAsyncJobResult',
    ],
    optional: [
      { rights: ['listVPCs'], lost: 'vpc in cloud_properties of managed networks' },
      { rights: ['listNetworkACLLists'], lost: 'acl in cloud_properties of managed networks' },
      {
        rights: ['listVirtualMachines'],
        lost:
          'what a killed call left of a VLAN, or of a range in a VPC, stays in the way of the next ' +
          'one for the same',
      },
    ],
    ifAllowed: afterLostAnswers,
  },
  delete_network: {
    required: ['listNetworks', 'deleteNetwork', 'queryAsyncJobResult'],
    optional: [
      {
        rights: ['listVirtualMachines'],
        lost: 'the VMs because of which a network cannot be deleted are not named',
      },
    ],
  },
  gc: {
    required: [
      ...removal,
      'listSnapshots',
      'deleteSnapshot',
      'listTemplates',
      'createTags',
      'deleteTemplate',
      'listNetworks',
      'deleteNetwork',
      'listAffinityGroups',
      'deleteAffinityGroup',
      'listPublicIpAddresses',
      'disassociateIpAddress',
      'listLoadBalancerRules',
      'listLoadBalancerRuleInstances',
      'removeFromLoadBalancerRule',
      'deleteLoadBalancerRule',
      'disableStaticNat',
    ],
    optional: [
      expunging,
      parking,
      endingForwarding,
      {
        rights: ['listTags', 'deleteTags'],
        lost: 'public addresses that were allocated when their create_vm had failed stay allocated',
      },
    ],
  },
  check: {
    required: [
      'listCapabilities',
      'listZones',
      'listServiceOfferings',
      'listNetworks',
      'listNetworkOfferings',
      'listOsTypes',
      'listTemplates',
    ],
    optional: [
      { rights: ['listApis'], lost: 'whether the role allows what each method needs' },
      { rights: ['listDiskOfferings'], lost: 'whether the configured disk offerings are there' },
      { rights: ['listSSHKeyPairs'], lost: 'whether the configured SSH key pair is there' },
    ],
    // It shows all settings of the cloud.
    ifAllowed: ['listConfigurations'],
  },
};
