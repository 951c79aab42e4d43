import type { BaseRow } from './base-row.js';
import type { Table } from './table.js';
import type { Tables, World } from './world.js';

/** The tables by the name under which a parameter refers to their rows. */
const tableNames = {
  zone: 'zones',
  serviceoffering: 'serviceOfferings',
  diskoffering: 'diskOfferings',
  oscategory: 'osCategories',
  ostype: 'osTypes',
  physicalnetwork: 'physicalNetworks',
  vlan: 'vlanRanges',
  network: 'networks',
  networkoffering: 'networkOfferings',
  router: 'routers',
  nic: 'nics',
  nicsecondaryip: 'nicSecondaryIps',
  publicipaddress: 'publicIps',
  loadbalancerrule: 'loadBalancerRules',
  firewallrule: 'firewallRules',
  portforwardingrule: 'portForwardingRules',
  ipforwardingrule: 'ipForwardingRules',
  vpcoffering: 'vpcOfferings',
  vpc: 'vpcs',
  networkacllist: 'networkAclLists',
  networkacl: 'networkAcls',
  template: 'templates',
  volume: 'volumes',
  snapshot: 'snapshots',
  snapshotpolicy: 'snapshotPolicies',
  vmsnapshot: 'vmSnapshots',
  virtualmachine: 'vms',
  affinitygroup: 'affinityGroups',
  instancegroup: 'instanceGroups',
  userdata: 'userData',
  sshkeypair: 'sshKeyPairs',
  asyncjob: 'jobs',
  managementserver: 'managementServers',
  cloudevent: 'cloudEvents',
  account: 'accounts',
  domain: 'domains',
  project: 'projects',
  role: 'roles',
  rolepermission: 'rolePermissions',
  host: 'hosts',
  storagepool: 'storagePools',
  cluster: 'clusters',
  pod: 'pods',
  user: 'users',
} as const satisfies Record<string, keyof Tables>;

export type EntityName = keyof typeof tableNames;

/** The rows by the name of their entity. */
export type EntityRows = {
  readonly [Name in EntityName]: RowOf<Tables[(typeof tableNames)[Name]]>;
};

type RowOf<T> = T extends { everyRow(): (infer Row extends BaseRow)[] } ? Row : never;

/** The row of an entity by its id, removed rows included, as CloudStack looks parameters up. */
export function findEntity<Name extends EntityName>(
  world: World,
  name: Name,
  id: string,
): EntityRows[Name] | undefined {
  return tableOf(world, name).get(id);
}

/** The row by its internal id, which parameters older than API version tags accept, too. */
export function findEntityByInternalId<Name extends EntityName>(
  world: World,
  name: Name,
  internalId: number,
): EntityRows[Name] | undefined {
  return tableOf(world, name).withInternalId(internalId);
}

function tableOf<Name extends EntityName>(world: World, name: Name): Lookup<EntityRows[Name]> {
  // TypeScript does not follow that the rows of this table are those of this name.
  return world[tableNames[name]] as unknown as Lookup<EntityRows[Name]>;
}

type Lookup<Row extends BaseRow> = Pick<Table<Row>, 'get' | 'withInternalId'>;
