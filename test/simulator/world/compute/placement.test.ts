// Proves where VMs are placed: hosts with room, the right hypervisor and tags, a pool in reach for
// every volume, existing local disks that tie a VM to their host, and the last host first.
import { expect, test } from '@playwright/test';
import { placeVm } from '../../../../simulator/world/compute/placement.js';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';
import { createOnPool } from '../../../../simulator/world/storage/volumes.js';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import { deployed, deployment, diskOfferingId, listed } from '../../../support/simulator-vms.js';
import { promisesNoMore } from '../../../support/simulator-volumes.js';

type Hosts = WorldDescriptionInput['zones'][number]['pods'][number]['clusters'][number]['hosts'];
type Offerings = NonNullable<WorldDescriptionInput['serviceOfferings']>;

const filledToTheBrim = {
  'cluster.cpu.allocated.capacity.disablethreshold': 1,
  'cluster.memory.allocated.capacity.disablethreshold': 1,
} as const;

/** The default world with other hosts, and with offerings of one core more. */
function worldOf(hosts: Hosts, offerings: Offerings = []): TestWorld {
  const [zone] = advancedKvm.zones;
  const pods: WorldDescriptionInput['zones'][number]['pods'] = [
    {
      name: 'pod1',
      clusters: [
        { name: 'cluster1', hosts, pools: [{ name: 'primary1', sizeGib: 100, tags: ['fast'] }] },
      ],
    },
  ];
  return testSimulator({
    world: {
      ...advancedKvm,
      zones: [{ ...zone!, pods }],
      serviceOfferings: [...advancedKvm.serviceOfferings!, ...offerings],
      settings: { ...promisesNoMore, ...filledToTheBrim },
    },
  });
}

function hostNameOf(world: TestWorld, values: Values = {}, offering = 'm1.small'): string {
  const { id } = world.user.run('deployVirtualMachine', deployment(world, values, offering));
  return String(listed(world.admin, { id: id! })?.['hostname'] ?? 'none');
}

test('a VM goes where CPU and memory are left', () => {
  const world = worldOf([
    { name: 'busy', cpuCores: 2, cpuMhz: 2_000, memoryMib: 2_048 },
    { name: 'wide', cpuCores: 2, cpuMhz: 2_000, memoryMib: 8_192 },
  ]);
  expect(hostNameOf(world, {}, 'm1.medium')).toBe('wide');
  expect(hostNameOf(world)).toBe('busy');
  expect(hostNameOf(world)).toBe('none');
});

test('a stopped VM gives its room back', () => {
  const world = worldOf([{ name: 'only', cpuCores: 1, cpuMhz: 2_000, memoryMib: 2_048 }]);
  const { id } = deployed(world, world.user);
  expect(hostNameOf(world)).toBe('none');
  world.user.done('stopVirtualMachine', { id });
  expect(hostNameOf(world)).toBe('only');
});

test('a core must be as fast as the offering says', () => {
  const world = worldOf([{ name: 'slow', cpuCores: 64, cpuMhz: 1_999 }]);
  expect(hostNameOf(world)).toBe('none');
  expect(hostNameOf(world, {}, 'CO1 - Small STD')).toBe('slow');
});

test('a host must have all tags of the offering', () => {
  const offering = { name: 'gpu', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, hostTags: ['gpu'] };
  const world = worldOf([{ name: 'plain' }, { name: 'gpu1', tags: ['gpu', 'ssd'] }], [offering]);
  expect(hostNameOf(world, {}, 'gpu')).toBe('gpu1');
});

test('a host that is down or disabled takes no VM', () => {
  const world = worldOf([{ name: 'down' }, { name: 'disabled' }, { name: 'fine' }]);
  const { hosts } = world.simulator.world;
  const [down, disabled] = hosts.all();
  hosts.change(down!, { up: false });
  hosts.move(disabled!, 'Disable');
  for (let count = 0; count < 4; count += 1) expect(hostNameOf(world)).toBe('fine');
});

test('a pool must have the tags of the offering and room for all volumes together', () => {
  const tagged = (name: string, tag: string) => ({
    name,
    cpuNumber: 1,
    cpuMhz: 1_000,
    memoryMib: 512,
    storageTags: [tag],
  });
  const offerings = [tagged('fast', 'fast'), tagged('slow', 'slow')];
  const world = worldOf([{ name: 'host1' }], offerings);
  expect(hostNameOf(world, { startvm: true }, 'fast')).toBe('host1');
  expect(hostNameOf(world, {}, 'slow')).toBe('none');
  const disk = (size: number): Values => ({
    diskofferingid: diskOfferingId(world, 'ephemeral'),
    size,
    rootdisksize: 60,
  });
  // Each fits alone into what is left of the 100 GiB, both together do not.
  expect(hostNameOf(world, disk(41))).toBe('none');
});

test('a local root disk is made on the host, and ties the VM to it', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const values = deployment(world, {}, 'm1.local');
  const { id } = user.run('deployVirtualMachine', values);
  const vm = simulator.world.vms.require(id!);
  const host = simulator.world.hosts.require(vm.hostId!);
  const root = simulator.world.volumes.where('vmId', vm.id)[0]!;
  expect(simulator.world.storagePools.require(root.poolId!).hostId).toBe(host.id);
  user.done('stopVirtualMachine', { id: vm.id });
  simulator.world.hosts.move(host, 'Disable');
  expect(user.run('startVirtualMachine', { id: vm.id }).result['errortext']).toMatch(
    /^Unable to start a VM \[.*\] due to \[Unable to create a deployment for VM instance .*\]\.$/,
  );
  simulator.world.hosts.move(host, 'Enable');
  user.done('startVirtualMachine', { id: vm.id });
  expect(listed(admin, { id: vm.id })?.['hostname']).toBe(host.name);
});

test('a local data disk that exists decides the host before the first start', () => {
  for (const hostNumber of [0, 1, 2]) {
    const world = testSimulator();
    const { simulator, user } = world;
    const { hosts, storagePools, volumes } = simulator.world;
    const host = hosts.all()[hostNumber]!;
    const disk = { diskofferingid: diskOfferingId(world, 'local.custom'), size: 5 };
    const { id } = deployed(world, user, { ...disk, startvm: false });
    const data = volumes.where('vmId', id).find((volume) => volume.type === 'DATADISK')!;
    createOnPool(simulator.world, data, storagePools.where('hostId', host.id)[0]!);
    expect(placeVm(simulator.world, simulator.world.vms.require(id))?.host.id).toBe(host.id);
    user.done('startVirtualMachine', { id });
    expect(listed(world.admin, { id })?.['hostname']).toBe(host.name);
  }
});

test('chance decides among equal hosts, and the same seed decides alike', () => {
  const hostNames = (seed: number): string[] => {
    const world = testSimulator({ seed });
    return Array.from({ length: 12 }, () => hostNameOf(world));
  };
  expect(new Set(hostNames(1)).size).toBe(3);
  expect(hostNames(1)).toEqual(hostNames(1));
});
