// The methods of VMs: with each thing that create_vm can make for one.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createSimulator } from '../../simulator/simulator.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { holdAddress } from '../cpi/methods/load-balancer-requests.js';
import { manualNetwork, vmArguments, type VmVariation } from '../cpi/methods/vm-requests.js';
import { subnet, type CreatedNetwork } from '../cpi/methods/network-requests.js';
import { twoZones } from '../cpi/stemcells/two-zones.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';
import { create, createDisk, createVm, deleteBy, otherAgent, warmNetwork } from './made-before.js';
import { byBothAccounts, mainHows, mayExpunge, type Scenario } from './scenario.js';

/** With an ephemeral disk, a public address, an affinity group and a load balancer rule, all new. */
export const everything = {
  networks: { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } },
  properties: {
    disk: 1024,
    ephemeral_disk_offering: 'ephemeral',
    affinity_group: 'web',
    lbs: [{ name: 'web', public_port: 80, private_port: 8080 }],
    routes: { private: [{ cidr: '10.20.0.0/16' }] },
  },
};

/** A key pair that has to be registered. */
const withKey: CallOptions = {
  properties: {
    default_key_name: 'bosh',
    private_key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
  },
};

/** A VM that shares a public address with others. */
async function vmWithPorts(zone: CpiZone): Promise<VmVariation> {
  await warmNetwork(zone);
  holdAddress(zone, '203.0.113.16');
  const ports = [
    { public_port: 2222, private_port: 22 },
    { public_port: 53, protocol: 'udp' },
  ];
  const cloud = { cloud_properties: { port_forwarding: ports } };
  const networks = {
    private: manualNetwork(),
    public: { type: 'vip', ip: '203.0.113.16', ...cloud },
  };
  return { networks };
}

/** A VM with a public address that the account holds, and keeps. */
async function vmAtHeldAddress(zone: CpiZone): Promise<VmVariation> {
  await warmNetwork(zone);
  holdAddress(zone, '203.0.113.16');
  return { networks: { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.16' } } };
}

/** A project of the account. */
const foundry = { ...advancedKvm, projects: [{ name: 'foundry', account: 'bosh' }] };

const ofFoundry: CallOptions = { properties: { project_id: onlyProjectIn(foundry) } };

/** Worlds of one description have the same ids. */
function onlyProjectIn(world: WorldDescriptionInput): string {
  const [project] = createSimulator({ seed: 1, world }).world.projects.all();
  assert.ok(project);
  return project.id;
}

/** The same, but in a network of the project. */
async function vmOfProject(zone: CpiZone): Promise<VmVariation> {
  const range = subnet({ range: '10.66.0.0/24', gateway: '10.66.0.1' });
  const [name] = (await zone.result('create_network', range, ofFoundry)) as CreatedNetwork;
  const inRange = (ip: string): object =>
    manualNetwork(ip, {
      netmask: '255.255.255.0',
      gateway: '10.66.0.1',
      cloud_properties: { name },
    });
  const first = { agentId: otherAgent, networks: { a: inRange('10.66.0.9') } };
  const [vm] = await create(zone, first, ofFoundry);
  await zone.result('delete_vm', [vm], ofFoundry);
  const { networks, properties } = everything;
  return { networks: { ...networks, private: inRange('10.66.0.5') }, properties };
}

export function createVpc(zone: CpiZone): void {
  const idOf = (command: string, key: string, name: string): string => {
    const found = (zone.user.call(command)[key] ?? []) as { id: string; name: string }[];
    return found.find((one) => one.name === name)?.id ?? '';
  };
  zone.user.done('createVPC', {
    name: 'cloud',
    displaytext: 'cloud',
    zoneid: idOf('listZones', 'zone', 'zone1'),
    vpcofferingid: idOf('listVPCOfferings', 'vpcoffering', 'Default VPC offering'),
    cidr: '10.66.0.0/16',
  });
}

/** What create_network is asked for. */
export const tierOfVpc = subnet(
  { range: '10.66.1.0/24', gateway: '10.66.1.1' },
  { network_offering: 'DefaultIsolatedNetworkOfferingForVpcNetworks', vpc: 'cloud' },
);

async function vmInTier(zone: CpiZone): Promise<VmVariation> {
  createVpc(zone);
  const [name] = (await zone.result('create_network', tierOfVpc)) as CreatedNetwork;
  const network = manualNetwork('10.66.1.5', {
    netmask: '255.255.255.0',
    gateway: '10.66.1.1',
    cloud_properties: { name },
  });
  return { networks: { tier: network, public: { type: 'vip', ip: '203.0.113.15' } } };
}

const inOtherZone: VmVariation = {
  stemcell: 'stemcell',
  properties: { zone: 'zone2' },
  networks: { a: { type: 'manual', ip: '10.2.0.11', cloud_properties: { name: 'net-2' } } },
};

export function vmScenarios(): readonly Scenario[] {
  return [
    ...byBothAccounts({
      method: 'create_vm',
      about: 'with everything',
      creates: true,
      prepare: async (zone) => {
        await warmNetwork(zone);
        return vmArguments(everything);
      },
      undo: deleteBy('delete_vm'),
    }),
    {
      method: 'create_vm',
      about: 'that follows a disk on local storage',
      settings: mayExpunge,
      creates: true,
      prepare: async (zone) => {
        const [vm] = await create(zone, {});
        const disk = await createDisk(zone, 'local.custom');
        await zone.result('attach_disk', [vm, disk]);
        await zone.result('detach_disk', [vm, disk]);
        await zone.result('delete_vm', [vm]);
        return vmArguments({ agentId: otherAgent, disks: [disk] });
      },
      undo: deleteBy('delete_vm'),
    },
    {
      method: 'create_vm',
      about: 'with a key pair to be registered, and with ports of a shared address',
      settings: mayExpunge,
      options: withKey,
      creates: true,
      prepare: async (zone) => vmArguments(await vmWithPorts(zone)),
      undo: deleteBy('delete_vm'),
    },
    {
      method: 'create_vm',
      about: 'with everything, in a network of a project',
      hows: mainHows,
      world: foundry,
      settings: mayExpunge,
      options: ofFoundry,
      creates: true,
      prepare: async (zone) => vmArguments(await vmOfProject(zone)),
      undo: deleteBy('delete_vm', ofFoundry),
    },
    {
      method: 'create_vm',
      about: 'with a public address, in a tier of a VPC',
      hows: mainHows,
      settings: mayExpunge,
      creates: true,
      prepare: async (zone) => vmArguments(await vmInTier(zone)),
      undo: deleteBy('delete_vm'),
    },
    {
      method: 'create_vm',
      about: 'in another zone than that of its stemcell',
      hows: mainHows,
      world: twoZones('bosh'),
      settings: mayExpunge,
      // A copy of the stemcell stays for the next VM, and goes with the stemcell.
      prepare: async (zone) => {
        const [vm] = await create(zone, { ...inOtherZone, agentId: otherAgent });
        await zone.result('delete_vm', [vm]);
        const { templates, zones } = zone.simulator.world;
        const [id = ''] = templates.all().map((template) => template.id);
        const zoneid = zones.all().find(({ name }) => name === 'zone2')?.id ?? '';
        zone.admin.done('deleteTemplate', { id, zoneid, forced: true });
        return vmArguments(inOtherZone);
      },
      undo: deleteBy('delete_vm'),
    },
    {
      method: 'delete_vm',
      about: 'with everything, of a project',
      hows: mainHows,
      world: foundry,
      options: ofFoundry,
      prepare: async (zone) => createVm(zone, await vmOfProject(zone), ofFoundry),
    },
    {
      method: 'delete_vm',
      about: 'with ports of a shared address, by an account that may not expunge',
      prepare: async (zone) => createVm(zone, await vmWithPorts(zone)),
    },
    {
      method: 'delete_vm',
      about: 'with a public address that stays, by an account that may not expunge',
      hows: mainHows,
      prepare: async (zone) => createVm(zone, await vmAtHeldAddress(zone)),
    },
    ...byBothAccounts({
      method: 'delete_vm',
      about: 'with everything',
      prepare: (zone) => createVm(zone, everything),
    }),
    {
      method: 'reboot_vm',
      about: 'while it runs',
      prepare: (zone) => createVm(zone),
    },
    {
      method: 'set_vm_metadata',
      about: 'in place of other metadata',
      prepare: async (zone) => {
        const [vm] = await create(zone, {});
        await zone.result('set_vm_metadata', [vm, { director: 'd', job: 'old', name: 'old/0' }]);
        return [vm, { director: 'd', job: 'new', name: 'new/0' }];
      },
    },
  ];
}
