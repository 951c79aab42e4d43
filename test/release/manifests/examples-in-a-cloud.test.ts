// Proves that the examples of cloud-configs work: in a simulated cloud with two zones a VM of each type
// is made in each AZ, with its network, a disk of each type, the load balancer and the public address,
// as a Director puts the parts of the configuration together; the first to go leaves nothing.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { vmArguments } from '../../cpi/methods/vm-requests.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { interpolate } from '../support/operations.js';

interface Part {
  readonly name: string;
  readonly cloud_properties?: object;
}

interface CloudConfig {
  readonly azs: (Part & { cpi?: string })[];
  readonly vm_types: Part[];
  readonly vm_extensions?: Part[];
  readonly disk_types: (Part & { disk_size: number })[];
  readonly networks: {
    readonly type: string;
    readonly subnets?: {
      readonly azs: string[];
      readonly gateway: string;
      readonly dns: string[];
      readonly static: string[];
      readonly cloud_properties: object;
    }[];
  }[];
}

const vip = '203.0.113.15';

/** What an operator passes by `-v`, and the names that the world has for it. */
const variables = {
  ...{ zone_1: 'zone1', network_1: 'NET_1', zone_2: 'zone2', network_2: 'NET_2' },
  ...{ east_network: 'NET_1', west_network: 'NET_2' },
};

function read(name: string): CloudConfig {
  const file = new URL(`../../../release/examples/${name}`, import.meta.url);
  const example: unknown = parse(readFileSync(file, 'utf8'), { version: '1.1' });
  return interpolate(example, variables) as CloudConfig;
}

/** Two zones as the examples want them, with the offerings that they name. */
function startCloud(): Promise<CpiZone> {
  const [zone] = advancedKvm.zones;
  const zoneNamed = (number: number) => ({
    ...zone!,
    name: `zone${number}`,
    pods: zone!.pods.map((pod) => ({
      ...pod,
      name: `pod${number}`,
      clusters: pod.clusters.map((cluster) => ({
        ...cluster,
        name: `cluster${number}`,
        hosts: [1, 2, 3].map((host) => ({ name: `host${number}${host}`, localStorageGib: 1_000 })),
        pools: [{ name: `primary${number}`, sizeGib: 20_000 }],
      })),
    })),
    publicRanges:
      number === 1
        ? zone!.publicRanges!
        : [{ ...zone!.publicRanges![0]!, startIp: '203.0.113.40', endIp: '203.0.113.49' }],
    networks: [
      {
        name: `NET_${number}`,
        type: 'Isolated' as const,
        account: 'bosh',
        cidr: `10.0.${number}.0/24`,
        gateway: `10.0.${number}.1`,
      },
    ],
  });
  return startZone(
    {
      world: {
        ...advancedKvm,
        settings: { 'allow.user.expunge.recover.vm': true },
        zones: [zoneNamed(1), zoneNamed(2)],
        serviceOfferings: [
          ...advancedKvm.serviceOfferings!,
          {
            name: 'm1.medium-local',
            cpuNumber: 2,
            cpuMhz: 2_000,
            memoryMib: 4_096,
            storageType: 'local',
          },
        ],
        templates: [1, 2].map((number) => ({
          name: 'ubuntu-jammy',
          zone: `zone${number}`,
          account: 'admin',
        })),
      },
    },
    'direct',
  );
}

/** The network of a VM in an AZ, with the n-th of its static addresses. */
function networkIn({ networks }: CloudConfig, az: string, index: number): object {
  const subnet = networks
    .flatMap(({ subnets = [] }) => subnets)
    .find(({ azs }) => azs.includes(az))!;
  const [first = ''] = subnet.static[0]!.split('-');
  const [, start = '', last = ''] = /^(.*\.)(\d+)$/.exec(first) ?? [];
  return {
    type: 'manual',
    ip: `${start}${Number(last) + index}`,
    netmask: '255.255.255.0',
    gateway: subnet.gateway,
    dns: subnet.dns,
    default: ['dns', 'gateway'],
    cloud_properties: subnet.cloud_properties,
  };
}

for (const name of ['cloud-config.yml', 'cloud-config-of-two-clouds.yml']) {
  test(`${name}: a VM and a disk of each type in each AZ`, async () => {
    await using zone = await startCloud();
    const config = read(name);
    let made = 0;
    for (const [place, az] of config.azs.entries()) {
      // Of two clouds each CPI has its own zone.
      const options =
        az.cpi === undefined ? {} : { properties: { default_zone: `zone${place + 1}` } };
      for (const [index, type] of config.vm_types.entries()) {
        const agentId = `a0000000-0000-4000-8000-0000000000${place}${index}`;
        const request = vmArguments({
          agentId,
          properties: { ...az.cloud_properties, ...type.cloud_properties },
          networks: { default: networkIn(config, az.name, index) },
        });
        const [vm] = (await zone.result('create_vm', request, options)) as [string];
        const listed = zone.user.call('listVirtualMachines', { id: vm });
        expect(at(listed, 'virtualmachine', 0)).toMatchObject({
          zonename: `zone${place + 1}`,
          state: 'Running',
        });
        const disks =
          config.disk_types.find((one) => one.name === type.name) ?? config.disk_types[0]!;
        const disk = await zone.result(
          'create_disk',
          [disks.disk_size, disks.cloud_properties ?? {}, vm],
          options,
        );
        await zone.result('attach_disk', [vm, disk], options);
        made += 1;
      }
    }
    expect(made).toBe(config.azs.length * config.vm_types.length);
  });
}

test('cloud-config.yml: the load balancer and the public address lead to a VM, and are free again', async () => {
  await using zone = await startCloud();
  const config = read('cloud-config.yml');
  const [az] = config.azs;
  const [type] = config.vm_types;
  const [extension] = config.vm_extensions!;
  const properties = {
    ...az!.cloud_properties,
    ...type!.cloud_properties,
    ...extension!.cloud_properties,
  };
  const networks = {
    default: networkIn(config, az!.name, 0),
    vip: { type: 'vip', ip: vip, cloud_properties: {} },
  };
  // The network takes its own public address with its first VM.
  const [first] = (await zone.result(
    'create_vm',
    vmArguments({ properties, networks: { default: networks.default } }),
  )) as [string];
  await zone.result('delete_vm', [first]);
  const networkid = zone.simulator.world.networks.all().find((row) => row.name === 'NET_1')!.id;
  zone.user.done('associateIpAddress', { networkid, ipaddress: vip });
  const [vm] = (await zone.result('create_vm', vmArguments({ properties, networks }))) as [string];
  expect(zone.user.call('listPublicIpAddresses', { ipaddress: vip })).toMatchObject({
    publicipaddress: [{ virtualmachineid: vm }],
  });
  expect(zone.user.call('listLoadBalancerRules')).toMatchObject({
    loadbalancerrule: [{ name: 'web', publicport: '443', privateport: '8443' }],
  });
  await zone.result('delete_vm', [vm]);
  expect(zone.user.call('listLoadBalancerRules')['loadbalancerrule'] ?? []).toEqual([]);
  expect(
    at(zone.user.call('listPublicIpAddresses', { ipaddress: vip }), 'publicipaddress', 0),
  ).not.toHaveProperty('virtualmachineid');
});
