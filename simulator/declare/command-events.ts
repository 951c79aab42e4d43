/** What CloudStack's event log says of a command (EventTypes, and the commands' descriptions). */
export interface CommandEvent {
  readonly type: string;
  /** In which `{id}` is the resource's id, and the name of a parameter in braces its value. */
  readonly text: string;
  /** The kind of resource that it is about (ApiCommandResourceType). */
  readonly about: string | null;
  /** The parameter that holds it, where the command creates none. */
  readonly parameter?: string;
}

type Line = readonly [type: string, text: string, parameter?: string];

function about(
  resource: string | null,
  lines: Readonly<Record<string, Line>>,
): [string, CommandEvent][] {
  return Object.entries(lines).map(([command, [type, text, parameter]]) => [
    command,
    { type, text, about: resource, ...(parameter !== undefined && { parameter }) },
  ]);
}

/** By command; one that is not here leaves no event. */
export const commandEvents: ReadonlyMap<string, CommandEvent> = new Map([
  ...about('VirtualMachine', {
    deployVirtualMachine: ['VM.CREATE', 'starting Vm. Vm Id: {id}'],
    startVirtualMachine: ['VM.START', 'starting user vm: {id}', 'id'],
    stopVirtualMachine: ['VM.STOP', 'stopping user vm: {id}', 'id'],
    rebootVirtualMachine: ['VM.REBOOT', 'rebooting user vm: {id}', 'id'],
    destroyVirtualMachine: ['VM.DESTROY', 'destroying vm: {id}', 'id'],
    expungeVirtualMachine: ['VM.EXPUNGE', 'Expunging vm: {id}', 'id'],
    recoverVirtualMachine: ['VM.RECOVER', 'recovering VM', 'id'],
    updateVirtualMachine: ['VM.UPDATE', 'updating Vm', 'id'],
    scaleVirtualMachine: ['VM.UPGRADE', 'upgrading vm: {id}', 'id'],
    changeServiceForVirtualMachine: ['VM.UPGRADE', 'upgrading Vm', 'id'],
    migrateVirtualMachine: ['VM.MIGRATE', 'migrating VM: {id}', 'virtualmachineid'],
    restoreVirtualMachine: ['VM.RESTORE', 'restoring Vm: {id}', 'virtualmachineid'],
    resetPasswordForVirtualMachine: ['VM.RESETPASSWORD', 'resetting password for vm: {id}', 'id'],
    resetSSHKeyForVirtualMachine: ['VM.RESETSSHKEY', 'resetting SSHKey for vm: {id}', 'id'],
    updateVMAffinityGroup: ['VM.AG.UPDATE', 'updating VM affinity group', 'id'],
    assignVirtualMachine: ['VM.MOVE', 'move VM to another user', 'virtualmachineid'],
    attachIso: ['ISO.ATTACH', 'attaching ISO', 'virtualmachineid'],
    detachIso: ['ISO.DETACH', 'detaching ISO from VM: {id}', 'virtualmachineid'],
    resetUserDataForVirtualMachine: ['VM.RESETUSERDATA', 'resetting VM userdata', 'id'],
  }),
  ...about('Volume', {
    createVolume: ['VOLUME.CREATE', 'creating volume: {id}'],
    attachVolume: ['VOLUME.ATTACH', 'attaching volume: {id}', 'id'],
    detachVolume: ['VOLUME.DETACH', 'detaching volume: {id}', 'id'],
    deleteVolume: ['VOLUME.DELETE', 'deleting volume', 'id'],
    destroyVolume: ['VOLUME.DESTROY', 'destroying volume: {id}', 'id'],
    recoverVolume: ['VOLUME.RECOVER', 'recovering volume', 'id'],
    resizeVolume: ['VOLUME.RESIZE', 'Volume Id: {id}', 'id'],
    changeOfferingForVolume: [
      'VOLUME.CHANGE.DISK.OFFERING',
      'changing disk offering of volume: {id}',
      'id',
    ],
    migrateVolume: ['VOLUME.MIGRATE', 'Attempting to migrate volume Id: {id}', 'volumeid'],
    updateVolume: ['VOLUME.UPDATE', 'updating volume: {id}', 'id'],
  }),
  ...about('Snapshot', {
    createSnapshot: ['SNAPSHOT.CREATE', 'creating snapshot: {id}'],
    deleteSnapshot: ['SNAPSHOT.DELETE', 'deleting snapshot: {id}', 'id'],
    createSnapshotFromVMSnapshot: ['SNAPSHOT.CREATE', 'creating snapshot from vm snapshot : {id}'],
    revertSnapshot: ['SNAPSHOT.REVERT', 'revert snapshot: {id}', 'id'],
    copySnapshot: ['SNAPSHOT.COPY', 'copying snapshot: {id}', 'id'],
  }),
  ...about('SnapshotPolicy', {
    createSnapshotPolicy: ['SNAPSHOTPOLICY.CREATE', 'creating snapshot policy'],
    updateSnapshotPolicy: ['SNAPSHOTPOLICY.UPDATE', 'updating snapshot policy', 'id'],
  }),
  ...about('VmSnapshot', {
    createVMSnapshot: ['VMSNAPSHOT.CREATE', 'creating snapshot for VM: {id}'],
    deleteVMSnapshot: ['VMSNAPSHOT.DELETE', 'Delete VM snapshot: {id}', 'vmsnapshotid'],
    revertToVMSnapshot: ['VMSNAPSHOT.REVERTTO', 'Revert from VM snapshot: {id}', 'vmsnapshotid'],
  }),
  ...about('Template', {
    registerTemplate: ['TEMPLATE.CREATE', 'creating template'],
    getUploadParamsForTemplate: ['TEMPLATE.CREATE', 'creating post upload template'],
    copyTemplate: ['TEMPLATE.COPY', 'copying template: {id}', 'id'],
    updateTemplate: ['TEMPLATE.UPDATE', 'updating template', 'id'],
    extractTemplate: ['TEMPLATE.EXTRACT', 'Extracting template: {id}', 'id'],
    deleteTemplate: ['TEMPLATE.DELETE', 'Deleting template {id}', 'id'],
  }),
  ...about('Iso', {
    registerIso: ['ISO.CREATE', 'creating iso'],
    getUploadParamsForIso: ['ISO.CREATE', 'creating post upload iso'],
    updateIso: ['ISO.UPDATE', 'updating iso', 'id'],
    copyIso: ['TEMPLATE.COPY', 'copying template: {id}', 'id'],
    deleteIso: ['ISO.DELETE', 'Deleting ISO {id}', 'id'],
    extractIso: ['ISO.EXTRACT', 'Extracting ISO: {id}', 'id'],
  }),
  ...about('Network', {
    createNetwork: ['NETWORK.CREATE', 'creating network'],
    updateNetwork: ['NETWORK.UPDATE', 'Updating network: {id}', 'id'],
    restartNetwork: ['NETWORK.RESTART', 'Restarting network: {id}', 'id'],
    deleteNetwork: ['NETWORK.DELETE', 'Deleting network: {id}', 'id'],
  }),
  ...about('DomainRouter', {
    startRouter: ['ROUTER.START', 'starting router: {id}', 'id'],
    stopRouter: ['ROUTER.STOP', 'Stopping router: {id}', 'id'],
    rebootRouter: ['ROUTER.REBOOT', 'rebooting router: {id}', 'id'],
    destroyRouter: ['ROUTER.DESTROY', 'destroying router: {id}', 'id'],
  }),
  ...about('IpAddress', {
    associateIpAddress: ['NET.IPASSIGN', 'associating IP: {id}'],
    updateIpAddress: ['NET.IPUPDATE', 'Updating IP address with ID={id}', 'id'],
    disassociateIpAddress: ['NET.IPRELEASE', 'Disassociating IP address with ID={id}', 'id'],
    enableStaticNat: ['STATICNAT.ENABLE', 'enabling static nat', 'ipaddressid'],
    disableStaticNat: ['STATICNAT.DISABLE', 'Disabling static NAT for IP ID={id}', 'ipaddressid'],
  }),
  ...about('LoadBalancerRule', {
    createLoadBalancerRule: ['LB.CREATE', 'creating load balancer: {id}'],
    updateLoadBalancerRule: ['LB.UPDATE', 'updating load balancer rule', 'id'],
    deleteLoadBalancerRule: ['LB.DELETE', 'deleting load balancer: {id}', 'id'],
    assignToLoadBalancerRule: [
      'LB.ASSIGN.TO.RULE',
      'applying instances for load balancer: {id}',
      'id',
    ],
    removeFromLoadBalancerRule: [
      'LB.REMOVE.FROM.RULE',
      'removing instances from load balancer: {id}',
      'id',
    ],
  }),
  ...about('AffinityGroup', {
    createAffinityGroup: ['AG.CREATE', 'creating Affinity Group'],
    deleteAffinityGroup: ['AG.DELETE', 'Deleting Affinity Group', 'id'],
  }),
  ...about('Host', {
    prepareHostForMaintenance: ['MAINT.PREPARE', 'preparing host: {id} for maintenance', 'id'],
    cancelHostMaintenance: ['MAINT.CANCEL', 'canceling maintenance for host: {id}', 'id'],
  }),
  ...about('Account', {
    createAccount: ['ACCOUNT.CREATE', 'creating Account'],
    updateAccount: ['ACCOUNT.UPDATE', 'updating account', 'id'],
    enableAccount: ['ACCOUNT.ENABLE', 'enabling account', 'id'],
    disableAccount: ['ACCOUNT.DISABLE', 'disabling account: {id}', 'id'],
    lockAccount: ['ACCOUNT.DISABLE', 'locking account'],
    deleteAccount: ['ACCOUNT.DELETE', 'Deleting account: {id}', 'id'],
  }),
  ...about('User', {
    createUser: ['USER.CREATE', 'creating User'],
    updateUser: ['USER.UPDATE', 'Updating User', 'id'],
    deleteUser: ['USER.DELETE', 'deleting User', 'id'],
  }),
  ...about('Domain', {
    createDomain: ['DOMAIN.CREATE', 'creating Domain'],
    updateDomain: ['DOMAIN.UPDATE', 'updating Domain', 'id'],
    deleteDomain: ['DOMAIN.DELETE', 'deleting domain: {id}', 'id'],
  }),
  ...about('Project', {
    createProject: ['PROJECT.CREATE', 'creating project'],
    updateProject: ['PROJECT.UPDATE', 'Updating project: {id}', 'id'],
    activateProject: ['PROJECT.ACTIVATE', 'Activating project: {id}', 'id'],
    suspendProject: ['PROJECT.SUSPEND', 'Suspending project: {id}', 'id'],
    deleteProject: ['PROJECT.DELETE', 'Deleting project: {id}', 'id'],
  }),
  ...about('ServiceOffering', {
    createServiceOffering: ['SERVICE.OFFERING.CREATE', 'creating service offering'],
    updateServiceOffering: ['SERVICE.OFFERING.EDIT', 'updating service offering', 'id'],
    deleteServiceOffering: ['SERVICE.OFFERING.DELETE', 'deleting service offering', 'id'],
  }),
  ...about('DiskOffering', {
    createDiskOffering: ['DISK.OFFERING.CREATE', 'creating disk offering'],
    updateDiskOffering: ['DISK.OFFERING.EDIT', 'updating disk offering', 'id'],
    deleteDiskOffering: ['DISK.OFFERING.DELETE', 'deleting disk offering', 'id'],
  }),
  ...about('NetworkOffering', {
    createNetworkOffering: ['NETWORK.OFFERING.CREATE', 'creating network offering'],
    updateNetworkOffering: ['NETWORK.OFFERING.EDIT', 'updating network offering', 'id'],
    deleteNetworkOffering: ['NETWORK.OFFERING.DELETE', 'deleting network offering', 'id'],
  }),
  ...about('Vpc', {
    createVPC: ['VPC.CREATE', 'creating VPC. Id: {id}'],
    updateVPC: ['VPC.UPDATE', 'updating VPC id={id}', 'id'],
    restartVPC: ['VPC.RESTART', 'restarting VPC id={id}', 'id'],
    deleteVPC: ['VPC.DELETE', 'Deleting VPC id={id}', 'id'],
  }),
  ...about('NetworkAcl', {
    createNetworkACLList: ['NETWORK.ACL.CREATE', 'Creating Network ACL with ID: {id}'],
    updateNetworkACLList: ['NETWORK.ACL.UPDATE', 'Updating network ACL list ID={id}', 'id'],
    deleteNetworkACLList: ['NETWORK.ACL.DELETE', 'Deleting network ACL ID={id}', 'id'],
    replaceNetworkACLList: [
      'NETWORK.ACL.REPLACE',
      'Associating network ACL ID={id} with network ID={networkid}',
      'aclid',
    ],
  }),
  ...about('NetworkAclItem', {
    createNetworkACL: ['NETWORK.ACL.ITEM.CREATE', 'Creating Network ACL Item'],
    updateNetworkACLItem: ['NETWORK.ACL.ITEM.UPDATE', 'Updating network ACL item', 'id'],
    moveNetworkAclItem: [
      'NETWORK.ACL.ITEM.UPDATE',
      'Placing network ACL item [{id}] between [{previousaclruleid}] and [{nextaclruleid}].',
      'id',
    ],
    deleteNetworkACL: ['NETWORK.ACL.ITEM.DELETE', 'Deleting Network ACL ID={id}', 'id'],
  }),
  ...about(null, {
    createTags: ['CREATE_TAGS', 'Creating resource tag(s)'],
    deleteTags: ['DELETE_TAGS', 'Deleting tags'],
    addResourceDetail: ['CREATE_RESOURCE_DETAILS', 'adding details to the resource '],
    removeResourceDetail: ['DELETE_RESOURCE_DETAILS', 'Removing detail to the volume '],
    registerSSHKeyPair: ['REGISTER.SSH.KEYPAIR', 'registering ssh keypair'],
    updateConfiguration: ['CONFIGURATION.VALUE.EDIT', 'updating configuration'],
    resetConfiguration: ['CONFIGURATION.VALUE.EDIT', 'resetting configuration'],
    updateResourceLimit: ['RESOURCE.LIMIT.UPDATE', 'updating resource limit'],
    createRole: ['ROLE.CREATE', 'creating Role'],
    updateRole: ['ROLE.UPDATE', 'updating Role'],
    deleteRole: ['ROLE.DELETE', 'deleting Role'],
    createRolePermission: ['ROLE.PERMISSION.CREATE', 'creating Role Permission'],
    updateRolePermission: ['ROLE.PERMISSION.UPDATE', 'updating Role Permission order'],
    deleteRolePermission: ['ROLE.PERMISSION.DELETE', 'deleting Role Permission'],
  }),
  ...about('StoragePool', {
    updateStoragePool: ['UPDATE.PS', 'update storage pool', 'id'],
    enableStorageMaintenance: [
      'MAINT.PREPARE.PS',
      'preparing storage pool: {id} for maintenance',
      'id',
    ],
    cancelStorageMaintenance: [
      'MAINT.CANCEL.PS',
      'canceling maintenance for primary storage pool: {id}',
      'id',
    ],
  }),
]);
