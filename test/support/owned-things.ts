// A world in which accounts own things of every kind, for tests of what becomes of them when the
// account, its project or its domain goes.
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { createIdentityWorld, identityWorld, type IdentityWorld } from './identity-world.js';
import type { Reply, TestClient, Values } from './simulator-client.js';

const zone: WorldDescriptionInput['zones'][number] = {
  name: 'zone1',
  pods: [
    {
      name: 'pod1',
      clusters: [
        {
          name: 'cluster1',
          hosts: [{ name: 'host1' }],
          pools: [{ name: 'primary1', sizeGib: 1_000 }],
        },
      ],
    },
  ],
  publicRanges: [
    {
      startIp: '203.0.113.10',
      endIp: '203.0.113.19',
      gateway: '203.0.113.1',
      netmask: '255.255.255.0',
    },
  ],
  networks: [{ name: 'private', type: 'Isolated', account: 'worker' }],
};

/** The identity world with offerings, a template of the admin, and a network of worker. */
export function createOwnedWorld(): IdentityWorld {
  return createIdentityWorld({
    zones: [zone],
    accounts: identityWorld.accounts,
    serviceOfferings: [{ name: 'small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512 }],
    diskOfferings: [{ name: 'custom' }],
    templates: [
      { name: 'linux', zone: 'zone1', account: 'admin' },
      { name: 'own', zone: 'zone1', account: 'worker', isPublic: false },
    ],
  });
}

/** The parameters of a VM in the first network that the client sees. */
export function vmValues({ world }: IdentityWorld, values: Values = {}): Values {
  return {
    zoneid: world.zones.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    ...values,
  };
}

/** Gives the caller, or its project, a running VM with a disk, a detached disk, an address, a group and a key. */
export function takeThings(world: IdentityWorld, client: TestClient, values: Values = {}): string {
  const diskofferingid = world.world.diskOfferings.all()[0]!.id;
  const zoneid = world.world.zones.all()[0]!.id;
  const networkid = networkOf(world, client, values);
  const vm = client.done('deployVirtualMachine', {
    ...vmValues(world, values),
    networkids: networkid,
    diskofferingid,
    size: 1,
  });
  client.done('createVolume', { name: 'loose', zoneid, diskofferingid, size: 1, ...values });
  client.done('associateIpAddress', { networkid });
  client.done('createAffinityGroup', { name: 'apart', type: 'host anti-affinity', ...values });
  client.call('createSSHKeyPair', { name: 'key', ...values });
  client.call('createInstanceGroup', { name: 'group', ...values });
  client.call('registerUserData', { name: 'data', userdata: 'QQ==', ...values });
  return (vm['virtualmachine'] as Reply)['id'] as string;
}

function networkOf({ world }: IdentityWorld, client: TestClient, values: Values): string {
  const [known] = (client.call('listNetworks', values)['network'] ?? []) as Reply[];
  if (known !== undefined) return known['id'] as string;
  const { network } = client.call('createNetwork', {
    name: 'new',
    zoneid: world.zones.all()[0]!.id,
    networkofferingid: world.networkOfferings
      .all()
      .find((row) => row.guestIpType === 'Isolated' && !row.forVpc)!.id,
    ...values,
  });
  return (network as Reply)['id'] as string;
}

/** How many live rows of each kind an account owns. */
export function ownedBy({ world }: IdentityWorld, accountId: string): Record<string, number> {
  const { vms, volumes, networks, publicIps, templates, snapshots, limits } = world;
  const { affinityGroups, sshKeyPairs, instanceGroups, userData } = world;
  const count = (rows: readonly { accountId: string | null }[]): number =>
    rows.filter((row) => row.accountId === accountId).length;
  return {
    vms: count(vms.all()),
    volumes: count(volumes.all()),
    networks: count(networks.all()),
    publicIps: count(publicIps.all()),
    templates: count(templates.all()),
    snapshots: count(snapshots.all()),
    affinityGroups: count(affinityGroups.all()),
    sshKeyPairs: count(sshKeyPairs.all()),
    instanceGroups: count(instanceGroups.all()),
    userData: count(userData.all()),
    limits: limits.where('ownerId', accountId).length,
  };
}

export const NOTHING = {
  vms: 0,
  volumes: 0,
  networks: 0,
  publicIps: 0,
  templates: 0,
  snapshots: 0,
  affinityGroups: 0,
  sshKeyPairs: 0,
  instanceGroups: 0,
  userData: 0,
  limits: 0,
};
