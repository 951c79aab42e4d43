// A zone with a few public addresses, and requests about VPCs, their tiers and the VMs in them.
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { createNetworkWorld, networkWorld, type NetworkWorld } from './network-world.js';
import type { Reply, TestClient, Values } from './simulator-client.js';

const [zone] = networkWorld.zones;

/** The network world on a host that can run VMs. */
const vpcWorld: Partial<WorldDescriptionInput> = {
  zones: [
    {
      ...zone!,
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
    },
  ],
  serviceOfferings: [{ name: 'small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512 }],
};

export function createVpcWorld(description: Partial<WorldDescriptionInput> = {}): NetworkWorld {
  return createNetworkWorld({ ...vpcWorld, ...description });
}

/** The parameters of a VPC. */
export function vpcValues({ world }: NetworkWorld, values: Values = {}): Values {
  return {
    name: 'cloud',
    zoneid: world.zones.all()[0]!.id,
    vpcofferingid: vpcOfferingId({ world }, 'Default VPC offering'),
    cidr: '10.0.0.0/16',
    ...values,
  };
}

export function vpcOfferingId({ world }: Pick<NetworkWorld, 'world'>, name: string): string {
  return world.vpcOfferings.all().find((row) => row.name === name)!.id;
}

/** Makes a VPC, whose router is up unless it is not to be started. */
export function addVpc(zone: NetworkWorld, values: Values = {}, client = zone.user): Reply {
  return client.done('createVPC', vpcValues(zone, values))['vpc'];
}

/** The parameters of a tier: the n-th of its VPC. */
export function tierValues(
  { world }: NetworkWorld,
  vpcid: string,
  number = 1,
  values: Values = {},
): Values {
  return {
    name: `tier${number}`,
    zoneid: world.zones.all()[0]!.id,
    networkofferingid: networkOfferingId({ world }, 'DefaultIsolatedNetworkOfferingForVpcNetworks'),
    vpcid,
    gateway: `10.0.${number}.1`,
    netmask: '255.255.255.0',
    ...values,
  };
}

export function networkOfferingId({ world }: Pick<NetworkWorld, 'world'>, name: string): string {
  return world.networkOfferings.all().find((row) => row.name === name)!.id;
}

/** An offering for tiers. */
export function offerTiers(zone: NetworkWorld, values: Values): string {
  const { networkoffering } = zone.admin.call('createNetworkOffering', {
    name: 'own',
    traffictype: 'Guest',
    guestiptype: 'Isolated',
    forvpc: true,
    enable: true,
    ...values,
  });
  return networkoffering['id'];
}

/** Services of an offering, all of them of the router of a VPC. */
export function ofVpcRouter(...services: string[]): Values {
  const list = services.flatMap((service, index) => [
    [`serviceproviderlist[${index}].service`, service],
    [`serviceproviderlist[${index}].provider`, 'VpcVirtualRouter'],
  ]);
  return { supportedservices: services.join(','), ...Object.fromEntries(list) };
}

/** Makes a tier of a VPC; it comes to life with its first VM. */
export function addTier(
  zone: NetworkWorld,
  vpcid: string,
  number = 1,
  values: Values = {},
  client = zone.user,
): Reply {
  return client.call('createNetwork', tierValues(zone, vpcid, number, values))['network'];
}

/** Runs a VM in networks. */
export function addRunningVm(
  { world, user }: NetworkWorld,
  networkids: string,
  values: Values = {},
  client: TestClient = user,
): Reply {
  return client.done('deployVirtualMachine', {
    zoneid: world.zones.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    networkids,
    ...values,
  })['virtualmachine'];
}

/** Code and text of a job that must fail. */
export function failedJob(
  client: TestClient,
  command: string,
  values: Values = {},
): readonly [code: number, text: string] {
  const { status, resultcode, result } = client.run(command, values);
  if (status !== 2) throw new Error(`${command} succeeded: ${JSON.stringify(result)}`);
  return [resultcode, result['errortext']];
}

/** Code and text of a request that must be refused. */
export function refusal(
  client: TestClient,
  command: string,
  values: Values = {},
): readonly [code: number, text: string] {
  const { httpStatus, errortext } = client.fails(command, values);
  return [httpStatus, errortext];
}

/** The rows of VPCs, their lists, networks and addresses: what a refusal must not change. */
export function rowsAroundVpcs({ world }: NetworkWorld): string {
  const { vpcs, networkAclLists, networkAcls, networks, publicIps, tags } = world;
  const tables = [vpcs, networkAclLists, networkAcls, networks, publicIps, tags];
  return JSON.stringify(tables.map((table) => table.everyRow()));
}
