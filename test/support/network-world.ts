// A zone with small networks of every type and a second ordinary user, and VMs put into it without
// the API, for tests of what happens to NICs and addresses.
import type { NicRow, NetworkRow, VmRow } from '../../simulator/world/entities.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { allocateNic } from '../../simulator/world/network/nics.js';
import type { VmState } from '../../simulator/world/states/virtual-machine.js';
import type { World } from '../../simulator/world/world.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { bareVm } from './bare-vm.js';
import { TestClient, keysOf } from './simulator-client.js';

const isolated = { type: 'Isolated', account: 'bosh', cidr: '10.1.0.0/24' } as const;

export const networkWorld: WorldDescriptionInput = {
  accounts: [
    { name: 'admin', role: 'Admin' },
    { name: 'bosh', role: 'User' },
    { name: 'other', role: 'User' },
  ],
  zones: [
    {
      name: 'zone1',
      pods: [{ name: 'pod1', clusters: [{ name: 'cluster1', hosts: [{ name: 'host1' }] }] }],
      publicRanges: [
        {
          startIp: '203.0.113.10',
          endIp: '203.0.113.13',
          gateway: '203.0.113.1',
          netmask: '255.255.255.0',
        },
      ],
      networks: [
        { name: 'isolated', ...isolated },
        { name: 'tiny', type: 'Isolated', account: 'other', cidr: '10.2.0.0/29' },
        {
          name: 'shared',
          type: 'Shared',
          account: 'admin',
          cidr: '10.3.0.0/24',
          gateway: '10.3.0.1',
          startIp: '10.3.0.10',
          endIp: '10.3.0.13',
        },
        { name: 'l2', type: 'L2', account: 'bosh' },
      ],
    },
  ],
  serviceOfferings: [
    { name: 'small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, hostTags: ['ssd', 'x86'] },
    { name: 'local', cpuNumber: 2, cpuMhz: 1_000, memoryMib: 512, storageType: 'local' },
    { name: 'custom' },
  ],
  diskOfferings: [
    { name: 'fixed', sizeGib: 20, storageTags: ['fast'] },
    { name: 'custom', storageType: 'local' },
  ],
  templates: [{ name: 'linux', zone: 'zone1', account: 'admin' }],
};

export interface NetworkWorld {
  readonly simulator: Simulator;
  readonly world: World;
  readonly admin: TestClient;
  readonly user: TestClient;
  readonly other: TestClient;
}

export function createNetworkWorld(description: Partial<WorldDescriptionInput> = {}): NetworkWorld {
  const simulator = createSimulator({
    seed: 1,
    clock: 'manual',
    world: { ...networkWorld, ...description },
  });
  const { world } = simulator;
  const client = (name: string): TestClient =>
    new TestClient(simulator, keysOf(world.users.all().find((row) => row.username === name)!));
  return {
    simulator,
    world,
    admin: client('admin'),
    user: client('bosh'),
    other: client('other'),
  };
}

export function networkNamed(world: World, name: string): NetworkRow {
  return world.networks.all().find((row) => row.name === name)!;
}

/** How a VM gets from Stopped to a state. */
const ways: Readonly<Partial<Record<VmState, readonly Parameters<World['vms']['move']>[1][]>>> = {
  Stopped: [],
  Starting: ['StartRequested'],
  Running: ['StartRequested', 'OperationSucceeded'],
  Destroyed: ['DestroyRequested'],
  Expunging: ['ExpungeOperation'],
  Error: ['OperationFailedToError'],
};

/** Puts a VM of an account into the world. */
export function addVm(world: World, state: VmState = 'Stopped', account = 'bosh'): VmRow {
  const owner = world.accounts.all().find((row) => row.name === account)!;
  const count = world.vms.all().length + 1;
  const vm = world.vms.insert(bareVm(world, `vm-${count}`, owner));
  for (const event of ways[state] ?? []) world.vms.move(vm, event);
  return vm;
}

/** Gives a VM a NIC in a network. */
export function addNic(
  world: World,
  vm: VmRow,
  network: string,
  wanted: { ipAddress?: string; macAddress?: string } = {},
): NicRow {
  const deviceId = world.nics.where('vmId', vm.id).length;
  return allocateNic(world, {
    vmId: vm.id,
    network: networkNamed(world, network),
    isDefault: deviceId === 0,
    deviceId,
    ...wanted,
  });
}
