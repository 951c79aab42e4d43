// How much a cluster promises: hosts promise as many times what they have as its factors say, VMs are
// counted by factors, and a cluster above its thresholds gets no more of them.
import { expect, test } from '@playwright/test';
import { notedFactors } from '../../../../simulator/world/compute/overprovisioning.js';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployment, networkId } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const CPU_FACTOR = 'cpu.overprovisioning.factor';
const MEMORY_FACTOR = 'mem.overprovisioning.factor';
const CPU_THRESHOLD = 'cluster.cpu.allocated.capacity.disablethreshold';
const MEMORY_THRESHOLD = 'cluster.memory.allocated.capacity.disablethreshold';

/** One host of 4 cores of 1 GHz and 4 GiB; each VM is a quarter of both. */
function oneHost(settings: Readonly<Record<string, number | boolean>> = {}): TestWorld {
  return testSimulator({
    world: {
      settings: { [CPU_THRESHOLD]: 1, [MEMORY_THRESHOLD]: 1, ...settings },
      accounts: [
        { name: 'admin', role: 'Admin' },
        { name: 'bosh', role: 'User', limits: 'unlimited' },
      ],
      zones: [
        {
          name: 'zone1',
          pods: [
            {
              name: 'pod1',
              clusters: [
                {
                  name: 'cluster1',
                  hosts: [{ name: 'host1', cpuCores: 4, cpuMhz: 1_000, memoryMib: 4_096 }],
                  pools: [{ name: 'primary1', sizeGib: 1_000 }],
                },
              ],
            },
          ],
          networks: [
            {
              name: 'NET_SHARED',
              type: 'Shared',
              account: 'admin',
              cidr: '10.3.0.0/24',
              startIp: '10.3.0.10',
              endIp: '10.3.0.99',
            },
          ],
        },
      ],
      serviceOfferings: [{ name: 'm1.small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 1_024 }],
      templates: [{ name: 'ubuntu-jammy', zone: 'zone1', account: 'admin' }],
    },
  });
}

function deploys(world: TestWorld): boolean {
  const values = deployment(world, { networkids: networkId(world, 'NET_SHARED') });
  return world.user.run('deployVirtualMachine', values).status === 1;
}

/** How many more VMs the world takes. */
function room(world: TestWorld): number {
  let count = 0;
  while (count < 30 && deploys(world)) count += 1;
  assertSound(world.simulator);
  return count;
}

function clusterOf({ simulator }: TestWorld): string {
  return simulator.world.clusters.all()[0]!.id;
}

function update(
  world: TestWorld,
  name: string,
  value: number | boolean,
  values: Values = {},
): void {
  world.admin.call('updateConfiguration', { name, value, ...values });
}

function hostOf({ admin }: TestWorld): Reply {
  return admin.call('listHosts')['host'][0] as Reply;
}

test('a host promises what it has', () => {
  const world = oneHost();
  expect(room(world)).toBe(4);
  expect(hostOf(world)).toMatchObject({
    cpuallocated: '100%',
    cpuwithoverprovisioning: '4000',
    memoryallocatedpercentage: '100%',
  });
});

test('with factors of its cluster it promises so many times that', () => {
  const world = oneHost();
  const clusterid = clusterOf(world);
  update(world, CPU_FACTOR, 2, { clusterid });
  update(world, MEMORY_FACTOR, 1.5, { clusterid });
  expect(room(world)).toBe(6);
  expect(hostOf(world)).toMatchObject({
    cpuallocated: '75%',
    cpuallocatedvalue: 6_000,
    cpuwithoverprovisioning: '8000',
    memorywithoverprovisioning: String(6 * 1_024 ** 3),
  });
  expect(world.admin.call('listClusters')['cluster'][0]).toMatchObject({
    cpuovercommitratio: '2',
    memoryovercommitratio: '1.5',
    resourcedetails: { cpuOvercommitRatio: '2', memoryOvercommitRatio: '1.5' },
  });
  const [vm] = world.admin.call('listVirtualMachines', { listall: true })['virtualmachine'];
  expect(vm.details).toEqual({ cpuOvercommitRatio: '2', memoryOvercommitRatio: '1.5' });
  const [ofUser] = world.user.call('listVirtualMachines')['virtualmachine'];
  expect(ofUser.details).toEqual({});
});

test('a VM that started under factors stays counted by them, any other by those of today', () => {
  const world = oneHost();
  const clusterid = clusterOf(world);
  const give = (factor: number): void => {
    update(world, CPU_FACTOR, factor, { clusterid });
    update(world, MEMORY_FACTOR, factor, { clusterid });
  };
  expect(room(world)).toBe(4);
  give(2);
  expect(room(world)).toBe(4);
  // Four take all of the host now, and four half of it.
  give(1);
  expect(hostOf(world)).toMatchObject({ cpuallocated: '150%', cpuallocatedvalue: 6_000 });
  expect(room(world)).toBe(0);
  for (const { id } of world.simulator.world.vms.all().slice(0, 3)) {
    world.user.done('stopVirtualMachine', { id });
  }
  expect(room(world)).toBe(1);
  give(4);
  // Four take half of a quarter each as noted, two a quarter of that: 16 - 8 - 2 are free.
  expect(room(world)).toBe(6);
});

test('of what stands in the details of a VM, numbers from 1 on are factors', () => {
  const noted = (text: string): unknown =>
    notedFactors({ details: { cpuOvercommitRatio: text, memoryOvercommitRatio: '1' } });
  expect(noted('1.5')).toEqual({ cpu: 1.5, memory: 1 });
  for (const text of ['0.5', '-2', '', 'much', 'Infinity', '1e999']) {
    expect(noted(text)).toEqual({ memory: 1 });
  }
});

test('a factor for everything is for clusters to come; a world begins with it', () => {
  const world = oneHost();
  update(world, CPU_FACTOR, 2);
  update(world, MEMORY_FACTOR, 2);
  const shown = (values: Values): string =>
    world.admin.call('listConfigurations', { name: CPU_FACTOR, ...values })['configuration'][0]
      .value as string;
  expect([shown({}), shown({ clusterid: clusterOf(world) })]).toEqual(['2', '1']);
  expect(room(world)).toBe(4);
  expect(room(oneHost({ [CPU_FACTOR]: 2, [MEMORY_FACTOR]: 2 }))).toBe(8);
});

test('a factor that is taken back is that for everything now', () => {
  const world = oneHost();
  const clusterid = clusterOf(world);
  update(world, CPU_FACTOR, 4, { clusterid });
  update(world, MEMORY_FACTOR, 4, { clusterid });
  for (const name of [CPU_FACTOR, MEMORY_FACTOR]) {
    update(world, name, 2);
    world.admin.call('resetConfiguration', { name, clusterid });
  }
  expect(room(world)).toBe(8);
});

test('a factor is above 0, a share is from 0 to 1, and both are of clusters only', () => {
  const world = oneHost();
  const clusterid = clusterOf(world);
  const zoneid = world.simulator.world.zones.all()[0]!.id;
  const before = world.simulator.kernel.log.lastSeq;
  for (const [values, errortext] of [
    [
      { name: CPU_FACTOR, value: 0, clusterid },
      `Value for configuration [${CPU_FACTOR}] should be greater than 0.`,
    ],
    [
      { name: CPU_FACTOR, value: 'x', clusterid },
      'Value [x] is not a valid [class java.lang.Float].',
    ],
    [
      { name: CPU_THRESHOLD, value: 1.1, clusterid },
      `Please enter a value between 0 and 1 for the configuration parameter: [${CPU_THRESHOLD}].`,
    ],
    [
      { name: MEMORY_FACTOR, value: 2, zoneid },
      `Invalid scope id provided for the parameter ${MEMORY_FACTOR}`,
    ],
  ] as const) {
    expect(world.admin.fails('updateConfiguration', values)).toMatchObject({
      httpStatus: 431,
      errortext,
    });
  }
  expect(world.simulator.kernel.log.lastSeq).toBe(before);
});

test('85 % of a cluster are given to VMs unless a threshold says otherwise', () => {
  const world = oneHost({ [CPU_THRESHOLD]: 0.85, [MEMORY_THRESHOLD]: 0.85 });
  const clusterid = clusterOf(world);
  expect(room(world)).toBe(3);
  update(world, CPU_THRESHOLD, 1, { clusterid });
  expect(room(world)).toBe(0);
  update(world, MEMORY_THRESHOLD, 1);
  expect(room(world)).toBe(1);
});

for (const enabled of [true, false]) {
  test(`thresholds count for new VMs; for those that start later ${enabled ? 'as well' : 'not'}`, () => {
    const world = oneHost({ [CPU_THRESHOLD]: 0.5, 'cluster.threshold.enabled': enabled });
    expect(room(world)).toBe(2);
    const networkids = networkId(world, 'NET_SHARED');
    const values = deployment(world, { networkids, startvm: false });
    const { id } = world.user.run('deployVirtualMachine', values);
    const { status, resultcode } = world.user.run('startVirtualMachine', { id: id! });
    expect([status, resultcode]).toEqual(enabled ? [2, 533] : [1, 0]);
  });
}

test('the last host of a VM, and one that was asked for, take it above the threshold', () => {
  const world = oneHost({ [CPU_THRESHOLD]: 0.5 });
  const [host] = world.simulator.world.hosts.all();
  expect(room(world)).toBe(2);
  const networkids = networkId(world, 'NET_SHARED');
  const values = deployment(world, { networkids, hostid: host!.id });
  expect(world.admin.run('deployVirtualMachine', values).status).toBe(1);
  const { id } = world.simulator.world.vms.all()[0]!;
  world.user.done('stopVirtualMachine', { id });
  expect(world.user.run('startVirtualMachine', { id }).status).toBe(1);
  assertSound(world.simulator);
});
