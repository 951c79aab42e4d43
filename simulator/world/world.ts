import type { Kernel } from '../kernel/kernel.js';
import type {
  AccountRow,
  AffinityGroupRow,
  AffinityMemberRow,
  CloudEventRow,
  ClusterRow,
  ConfigurationRow,
  DiskOfferingRow,
  DomainRow,
  FaultRuleRow,
  FirewallRuleRow,
  HostRow,
  InstanceGroupRow,
  IpForwardingRuleRow,
  JobRow,
  LoadBalancerRuleRow,
  ManagementServerRow,
  NetworkAclListRow,
  NetworkAclRow,
  NetworkOfferingRow,
  NetworkRow,
  NicRow,
  NicSecondaryIpRow,
  OsCategoryRow,
  OsTypeRow,
  PhysicalNetworkRow,
  PodRow,
  PortForwardingRuleRow,
  ProjectRow,
  PublicIpRow,
  RolePermissionRow,
  RoleRow,
  RouterRow,
  ServiceOfferingRow,
  SnapshotPolicyRow,
  SnapshotRow,
  SshKeyPairRow,
  StoragePoolRow,
  TagRow,
  TemplateRow,
  UserDataRow,
  UserRow,
  VlanRangeRow,
  VmRow,
  VmSnapshotRow,
  VolumeRow,
  VpcOfferingRow,
  VpcRow,
  ZoneRow,
} from './entities.js';
import { identityTables, type IdentityTables } from './identity/identity-tables.js';
import { networkTables, type NetworkTables } from './network/network-tables.js';
import { takenByVm } from './compute/occupancy.js';
import { countedOfVm } from './identity/resource-counts.js';
import type { Settings } from './settings/settings.js';
import { storagePoolStates, type StoragePoolEvent } from './states/storage-pool.js';
import { hostStates, type HostEvent } from './states/host.js';
import { jobStates, type JobStateEvent } from './states/job.js';
import { virtualMachineStates, type VmEvent } from './states/virtual-machine.js';
import { storageTables, type StorageTables } from './storage/storage-tables.js';
import { Table, type BaseRow, type TableOptions } from './table.js';

/** The zone as plain data: one table per kind of entity, the settings, and the kernel below. */
export class World {
  readonly kernel: Kernel;
  readonly settings: Settings;

  readonly roles: IdentityTables['roles'];
  readonly rolePermissions: IdentityTables['rolePermissions'];
  readonly domains: IdentityTables['domains'];
  readonly accounts: IdentityTables['accounts'];
  readonly users: IdentityTables['users'];
  readonly projects: IdentityTables['projects'];
  readonly projectMembers: IdentityTables['projectMembers'];
  readonly limits: IdentityTables['limits'];
  readonly zones: Table<ZoneRow>;
  readonly pods: Table<PodRow>;
  readonly clusters: Table<ClusterRow>;
  readonly storagePools: Table<StoragePoolRow, StoragePoolEvent>;
  readonly hosts: Table<HostRow, HostEvent>;
  readonly serviceOfferings: Table<ServiceOfferingRow>;
  readonly diskOfferings: Table<DiskOfferingRow>;
  readonly osCategories: Table<OsCategoryRow>;
  readonly osTypes: Table<OsTypeRow>;
  readonly networkOfferings: NetworkTables['networkOfferings'];
  readonly physicalNetworks: NetworkTables['physicalNetworks'];
  readonly vlanRanges: NetworkTables['vlanRanges'];
  readonly networks: NetworkTables['networks'];
  readonly routers: NetworkTables['routers'];
  readonly nics: NetworkTables['nics'];
  readonly nicSecondaryIps: NetworkTables['nicSecondaryIps'];
  readonly publicIps: NetworkTables['publicIps'];
  readonly loadBalancerRules: NetworkTables['loadBalancerRules'];
  readonly loadBalancerMembers: NetworkTables['loadBalancerMembers'];
  readonly firewallRules: NetworkTables['firewallRules'];
  readonly portForwardingRules: NetworkTables['portForwardingRules'];
  readonly ipForwardingRules: NetworkTables['ipForwardingRules'];
  readonly vpcOfferings: NetworkTables['vpcOfferings'];
  readonly vpcs: NetworkTables['vpcs'];
  readonly networkAclLists: NetworkTables['networkAclLists'];
  readonly networkAcls: NetworkTables['networkAcls'];
  readonly templates: StorageTables['templates'];
  readonly templateZones: StorageTables['templateZones'];
  readonly launchPermissions: StorageTables['launchPermissions'];
  readonly volumes: StorageTables['volumes'];
  readonly volumeImages: StorageTables['volumeImages'];
  readonly imageExtracts: StorageTables['imageExtracts'];
  readonly snapshots: StorageTables['snapshots'];
  readonly snapshotStores: StorageTables['snapshotStores'];
  readonly snapshotPolicies: StorageTables['snapshotPolicies'];
  readonly vmSnapshots: StorageTables['vmSnapshots'];
  readonly vms: Table<VmRow, VmEvent>;
  readonly affinityGroups: Table<AffinityGroupRow>;
  readonly affinityMembers: Table<AffinityMemberRow>;
  readonly instanceGroups: Table<InstanceGroupRow>;
  readonly userData: Table<UserDataRow>;
  readonly sshKeyPairs: Table<SshKeyPairRow>;
  readonly tags: Table<TagRow>;
  readonly configurations: Table<ConfigurationRow>;
  readonly cloudEvents: Table<CloudEventRow>;
  readonly jobs: Table<JobRow, JobStateEvent>;
  readonly managementServers: Table<ManagementServerRow>;
  readonly faultRules: Table<FaultRuleRow>;

  constructor(kernel: Kernel, settings: Settings) {
    this.kernel = kernel;
    this.settings = settings;
    const identity = identityTables(kernel);
    this.roles = identity.roles;
    this.rolePermissions = identity.rolePermissions;
    this.domains = identity.domains;
    this.accounts = identity.accounts;
    this.users = identity.users;
    this.projects = identity.projects;
    this.projectMembers = identity.projectMembers;
    this.limits = identity.limits;
    this.zones = new Table(kernel, { entity: 'zone', secrets: ['uploadKey'] });
    this.pods = new Table(kernel, { entity: 'pod' });
    this.clusters = new Table(kernel, { entity: 'cluster' });
    this.hosts = new Table(kernel, {
      entity: 'host',
      states: hostStates,
      indexes: ['clusterId'],
    });
    this.storagePools = new Table<StoragePoolRow, StoragePoolEvent>(kernel, {
      entity: 'storagepool',
      states: storagePoolStates,
      indexes: ['hostId', 'clusterId', 'scope'],
    });
    this.serviceOfferings = new Table(kernel, { entity: 'serviceoffering' });
    this.diskOfferings = new Table(kernel, { entity: 'diskoffering' });
    this.osCategories = new Table(kernel, { entity: 'oscategory' });
    this.osTypes = new Table(kernel, { entity: 'ostype' });
    const network = networkTables(kernel);
    this.networkOfferings = network.networkOfferings;
    this.physicalNetworks = network.physicalNetworks;
    this.vlanRanges = network.vlanRanges;
    this.networks = network.networks;
    this.routers = network.routers;
    this.nics = network.nics;
    this.nicSecondaryIps = network.nicSecondaryIps;
    this.publicIps = network.publicIps;
    this.loadBalancerRules = network.loadBalancerRules;
    this.loadBalancerMembers = network.loadBalancerMembers;
    this.firewallRules = network.firewallRules;
    this.portForwardingRules = network.portForwardingRules;
    this.ipForwardingRules = network.ipForwardingRules;
    this.vpcOfferings = network.vpcOfferings;
    this.vpcs = network.vpcs;
    this.networkAclLists = network.networkAclLists;
    this.networkAcls = network.networkAcls;
    const storage = storageTables(kernel);
    this.templates = storage.templates;
    this.templateZones = storage.templateZones;
    this.launchPermissions = storage.launchPermissions;
    this.volumes = storage.volumes;
    this.volumeImages = storage.volumeImages;
    this.imageExtracts = storage.imageExtracts;
    this.snapshots = storage.snapshots;
    this.snapshotStores = storage.snapshotStores;
    this.snapshotPolicies = storage.snapshotPolicies;
    this.vmSnapshots = storage.vmSnapshots;
    this.vms = new Table(kernel, vmTable);
    this.affinityGroups = new Table(kernel, { entity: 'affinitygroup', indexes: ['accountId'] });
    this.affinityMembers = new Table(kernel, {
      entity: 'affinitygroupmember',
      indexes: ['groupId', 'vmId'],
    });
    this.instanceGroups = new Table(kernel, { entity: 'instancegroup', indexes: ['accountId'] });
    this.userData = new Table(kernel, {
      entity: 'userdata',
      indexes: ['accountId'],
      secrets: ['content'],
    });
    this.sshKeyPairs = new Table(kernel, { entity: 'sshkeypair', indexes: ['accountId'] });
    this.tags = new Table(kernel, { entity: 'tag', indexes: ['resourceId', 'value'] });
    this.configurations = new Table(kernel, { entity: 'configuration', indexes: ['name'] });
    this.cloudEvents = new Table(kernel, { entity: 'cloudevent' });
    this.jobs = new Table(kernel, jobTable);
    this.managementServers = new Table(kernel, { entity: 'managementserver' });
    this.faultRules = new Table(kernel, { entity: 'faultrule' });
  }

  /** All tables, whatever they hold. */
  get tables(): readonly Table<BaseRow>[] {
    return Object.values(this).filter((value): value is Table<BaseRow> => value instanceof Table);
  }
}

const vmTable: TableOptions<VmRow> = {
  entity: 'virtualmachine',
  states: virtualMachineStates,
  indexes: ['accountId', 'hostId', 'destinationHostId', 'templateId', 'groupId', 'userDataId'],
  nameIndexes: ['name'],
  totals: [
    { by: 'accountId', of: countedOfVm },
    { by: 'hostId', of: takenByVm },
    { by: 'destinationHostId', of: takenByVm },
  ],
  secrets: ['userData', 'password'],
};

const jobTable: TableOptions<JobRow> = {
  entity: 'asyncjob',
  states: jobStates,
  indexes: ['queue', 'instanceId', 'state'],
  secrets: ['parameters', 'result'],
};

/** The tables by the name under which a parameter refers to their rows. */
export interface EntityRows {
  readonly zone: ZoneRow;
  readonly serviceoffering: ServiceOfferingRow;
  readonly diskoffering: DiskOfferingRow;
  readonly oscategory: OsCategoryRow;
  readonly ostype: OsTypeRow;
  readonly physicalnetwork: PhysicalNetworkRow;
  readonly vlan: VlanRangeRow;
  readonly network: NetworkRow;
  readonly networkoffering: NetworkOfferingRow;
  readonly router: RouterRow;
  readonly nic: NicRow;
  readonly nicsecondaryip: NicSecondaryIpRow;
  readonly publicipaddress: PublicIpRow;
  readonly loadbalancerrule: LoadBalancerRuleRow;
  readonly firewallrule: FirewallRuleRow;
  readonly portforwardingrule: PortForwardingRuleRow;
  readonly ipforwardingrule: IpForwardingRuleRow;
  readonly vpcoffering: VpcOfferingRow;
  readonly vpc: VpcRow;
  readonly networkacllist: NetworkAclListRow;
  readonly networkacl: NetworkAclRow;
  readonly template: TemplateRow;
  readonly volume: VolumeRow;
  readonly snapshot: SnapshotRow;
  readonly snapshotpolicy: SnapshotPolicyRow;
  readonly vmsnapshot: VmSnapshotRow;
  readonly virtualmachine: VmRow;
  readonly affinitygroup: AffinityGroupRow;
  readonly instancegroup: InstanceGroupRow;
  readonly userdata: UserDataRow;
  readonly sshkeypair: SshKeyPairRow;
  readonly asyncjob: JobRow;
  readonly managementserver: ManagementServerRow;
  readonly cloudevent: CloudEventRow;
  readonly account: AccountRow;
  readonly domain: DomainRow;
  readonly project: ProjectRow;
  readonly role: RoleRow;
  readonly rolepermission: RolePermissionRow;
  readonly host: HostRow;
  readonly storagepool: StoragePoolRow;
  readonly cluster: ClusterRow;
  readonly pod: PodRow;
  readonly user: UserRow;
}

export type EntityName = keyof EntityRows;

/** The row of an entity by its id, removed rows included, as CloudStack looks parameters up. */
export function findEntity<Name extends EntityName>(
  world: World,
  name: Name,
  id: string,
): EntityRows[Name] | undefined {
  return entityTables(world)[name].get(id);
}

/** The row by its internal id, which parameters older than API version tags accept, too. */
export function findEntityByInternalId<Name extends EntityName>(
  world: World,
  name: Name,
  internalId: number,
): EntityRows[Name] | undefined {
  return entityTables(world)[name].withInternalId(internalId);
}

type EntityTables = {
  readonly [Name in EntityName]: {
    get(id: string): EntityRows[Name] | undefined;
    withInternalId(internalId: number): EntityRows[Name] | undefined;
  };
};

function entityTables(world: World): EntityTables {
  return {
    zone: world.zones,
    serviceoffering: world.serviceOfferings,
    diskoffering: world.diskOfferings,
    oscategory: world.osCategories,
    ostype: world.osTypes,
    physicalnetwork: world.physicalNetworks,
    vlan: world.vlanRanges,
    network: world.networks,
    networkoffering: world.networkOfferings,
    router: world.routers,
    nic: world.nics,
    nicsecondaryip: world.nicSecondaryIps,
    publicipaddress: world.publicIps,
    loadbalancerrule: world.loadBalancerRules,
    firewallrule: world.firewallRules,
    portforwardingrule: world.portForwardingRules,
    ipforwardingrule: world.ipForwardingRules,
    vpcoffering: world.vpcOfferings,
    vpc: world.vpcs,
    networkacllist: world.networkAclLists,
    networkacl: world.networkAcls,
    template: world.templates,
    volume: world.volumes,
    snapshot: world.snapshots,
    snapshotpolicy: world.snapshotPolicies,
    vmsnapshot: world.vmSnapshots,
    virtualmachine: world.vms,
    affinitygroup: world.affinityGroups,
    instancegroup: world.instanceGroups,
    userdata: world.userData,
    sshkeypair: world.sshKeyPairs,
    asyncjob: world.jobs,
    managementserver: world.managementServers,
    cloudevent: world.cloudEvents,
    account: world.accounts,
    domain: world.domains,
    project: world.projects,
    role: world.roles,
    rolepermission: world.rolePermissions,
    host: world.hosts,
    storagepool: world.storagePools,
    cluster: world.clusters,
    pod: world.pods,
    user: world.users,
  };
}
