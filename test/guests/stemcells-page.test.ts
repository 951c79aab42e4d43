// Proves docs/cpi/stemcells.md, by what stands there: each source of settings that it shows is given to
// an agent in a VM that create_vm made, in each network of its table, on KVM and XenServer, and finds
// the settings exactly where the table says so; so do the agent.json for all networks, and what the page
// tells of name servers, keys and disks.
import { expect, test } from '@playwright/test';
import { hypervisorByFormat } from '../../cpi/methods/stemcell/hypervisor.js';
import type { TemplateFormat } from '../../cpi/stemcells/image.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { advancedXenserver } from '../../simulator/world/presets/advanced-xenserver.js';
import { agentId, manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import { blocksOf, readPage, rowsOf, sectionOf } from '../docs/page.js';
import { at, startZone, type CpiZone } from '../support/cpi-zone.js';
import { diskBehind, type Hint, type Resolution } from './agent.js';
import { publicKeyFrom, settingsFrom, type Source, type System } from './settings-sources.js';

const page = readPage('docs/cpi/stemcells.md');

const below = (heading: string): string => sectionOf(page, heading);

function jsonBelow(heading: string): unknown {
  const [text = ''] = blocksOf(below(heading), 'json');
  return JSON.parse(text);
}

const [head, ...table] = rowsOf(below('Which source works where'), 'with its head') as [
  string[],
  ...string[][],
];
const [, ...sourceNames] = head;
const sourcesOf = (name: string): Source[] => [jsonBelow(name)].flat() as Source[];

test('each hypervisor of the page has the templates that the CPI makes for it', () => {
  const disks = rowsOf(below('The disk'));
  expect(new Set(disks.map(([hypervisor]) => hypervisor))).toEqual(
    new Set(Object.values(hypervisorByFormat)),
  );
  for (const [hypervisor, , format] of disks) {
    expect(hypervisorByFormat[format as TemplateFormat], format).toBe(hypervisor);
  }
});

/** The networks of the table, as worlds have them, and what BOSH says of each. */
const networks = {
  'isolated, virtual router': {
    name: 'isolated',
    subnet: { ip: '10.0.1.20', netmask: '255.255.255.0', gateway: '10.0.1.1' },
  },
  'VPC tier, virtual router': {
    name: 'tier',
    subnet: { ip: '10.0.1.20', netmask: '255.255.255.0', gateway: '10.0.1.1' },
  },
  'shared, virtual router': {
    name: 'NET_SHARED',
    subnet: { ip: '10.204.0.40', netmask: '255.255.255.0', gateway: '10.204.0.1' },
  },
  'L2, config drive': {
    name: 'drive',
    subnet: { ip: '10.9.0.20', netmask: '255.255.255.0', gateway: '10.9.0.1' },
  },
} as const;

const isNetwork = (name: string): name is keyof typeof networks => Object.hasOwn(networks, name);

const worlds = { KVM: advancedKvm, XenServer: advancedXenserver } as const;
type Hypervisor = keyof typeof worlds;

/** A VM in one of the networks of the table, which are all in its zone. */
async function vmIn(
  network: keyof typeof networks,
  hypervisor: Hypervisor,
): Promise<CpiZone & { guest: System['guest'] }> {
  const zone = await startNetworks(hypervisor);
  if (network === 'VPC tier, virtual router') makeTier(zone);
  zone.user.call('createSSHKeyPair', { name: 'bosh' });
  const properties = { default_key_name: 'bosh' };
  const request = requestFor(networks[network]);
  const [vm] = (await zone.result('create_vm', request, { properties })) as [string];
  return Object.assign(zone, { guest: zone.simulator.guest(vm) });
}

function requestFor({ name, subnet }: { name: string; subnet: { ip: string } }): unknown[] {
  const more = { ...subnet, dns: ['10.0.1.1'], cloud_properties: { name } };
  return vmArguments({
    properties: { disk: 2_048, ephemeral_disk_offering: 'ephemeral' },
    networks: { private: manualNetwork(subnet.ip, more) },
  });
}

/** @param osType of the template, unless it is the usual one. */
async function startNetworks(hypervisor: Hypervisor, osType?: string): Promise<CpiZone> {
  const { zones, templates = [], ...world } = worlds[hypervisor];
  const [first, ...others] = zones;
  const own = { account: 'bosh' } as const;
  return startZone(
    {
      world: {
        ...world,
        ...(osType !== undefined && { osTypes: [osType] }),
        templates: templates.map((one) => ({ ...one, ...(osType !== undefined && { osType }) })),
        zones: [
          {
            ...first!,
            networks: [
              ...(first!.networks ?? []),
              {
                ...own,
                name: 'isolated',
                type: 'Isolated',
                cidr: '10.0.1.0/24',
                gateway: '10.0.1.1',
              },
              {
                ...own,
                name: 'drive',
                type: 'L2',
                offering: 'DefaultL2NetworkOfferingConfigDrive',
              },
              { ...own, name: 'bare', type: 'L2', offering: 'DefaultL2NetworkOffering' },
            ],
          },
          ...others,
        ],
      },
    },
    'direct',
  );
}

function makeTier({ user, simulator }: CpiZone): void {
  const { zones, vpcOfferings, networkOfferings } = simulator.world;
  const zoneid = zones.all()[0]!.id;
  const named = (rows: readonly { id: string; name: string }[], name: string): string =>
    rows.find((row) => row.name === name)!.id;
  const { vpc } = user.done('createVPC', {
    name: 'vpc',
    displaytext: 'vpc',
    zoneid,
    vpcofferingid: named(vpcOfferings.all(), 'Default VPC offering'),
    cidr: '10.0.0.0/16',
  });
  user.call('createNetwork', {
    name: 'tier',
    displaytext: 'tier',
    zoneid,
    networkofferingid: named(
      networkOfferings.all(),
      'DefaultIsolatedNetworkOfferingForVpcNetworks',
    ),
    vpcid: String(at(vpc, 'id')),
    gateway: '10.0.1.1',
    netmask: '255.255.255.0',
  });
}

/** Whether an agent finds its own settings so. */
function finds(system: System, sources: readonly Source[]): boolean {
  try {
    return settingsFrom(system, sources).agent_id === agentId;
  } catch {
    return false;
  }
}

test('the table has each network and each source that the page shows', () => {
  expect(table.map(([network]) => network)).toEqual(Object.keys(networks));
  const shown = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(sourceNames).toEqual(shown);
});

const whole = jsonBelow('One agent.json for all networks') as {
  Platform: { Linux: { DevicePathResolutionType: Resolution } };
  Infrastructure: { Settings: { Sources: Source[] } };
};

for (const hypervisor of Object.keys(worlds) as Hypervisor[]) {
  for (const [network = '', ...said] of table) {
    test(`${hypervisor}, ${network}: each source works where the page says so`, async () => {
      if (!isNetwork(network)) throw new Error(`which network is ${network}?`);
      await using zone = await vmIn(network, hypervisor);
      const { guest } = zone;
      for (const [index, name] of sourceNames.entries()) {
        const system = { guest, hasProxy: name === 'router by DHCP' };
        expect(finds(system, sourcesOf(name)) ? 'yes' : 'no', name).toBe(said[index]);
      }
      const { Sources: all } = whole.Infrastructure.Settings;
      expect(finds({ guest }, all)).toBe(true);
      const { ephemeral } = settingsFrom({ guest }, all).disks;
      const { DevicePathResolutionType: resolution } = whole.Platform.Linux;
      expect(diskBehind(guest, ephemeral!, resolution)?.sizeBytes).toBe(2 * 1024 ** 3);
    });
  }
}

for (const osType of [
  'Other PV (64-bit)',
  'Other Linux (64-bit)',
  'Ubuntu 22.04 LTS',
  'Other PV Virtio-SCSI (64-bit)',
]) {
  test(`on KVM, agents find their disks with the OS type ${osType}`, async () => {
    await using zone = await startNetworks('KVM', osType);
    const request = requestFor(networks['isolated, virtual router']);
    const [vm] = (await zone.result('create_vm', request)) as [string];
    const disk = String(
      await zone.result('create_disk', [3_072, { disk_offering: 'shared.custom' }, vm]),
    );
    const hint = (await zone.result('attach_disk', [vm, disk])) as Hint;
    const guest = zone.simulator.guest(vm);
    const { ephemeral } = settingsFrom({ guest }, sourcesOf('router by name')).disks;
    expect(diskBehind(guest, ephemeral!, 'virtio')?.sizeBytes).toBe(2 * 1024 ** 3);
    expect(diskBehind(guest, hint, 'virtio', disk)?.volumeId).toBe(disk);
  });
}

for (const [details, link] of [
  [{ rootDiskController: 'SCSI', dataDiskController: 'osdefault' }, 'scsi-0QEMU_QEMU_HARDDISK_'],
  [{ rootDiskController: 'scsi', dataDiskController: 'virtio' }, 'virtio-'],
  [{ rootDiskController: 'ide' }, 'virtio-'],
] as const) {
  test(`on KVM, agents find their disks with ${JSON.stringify(details)}`, async () => {
    await using zone = await startNetworks('KVM');
    const request = requestFor(networks['isolated, virtual router']);
    const [vm] = (await zone.result('create_vm', request)) as [string];
    zone.user.done('stopVirtualMachine', { id: vm });
    const given = Object.entries(details).map(([name, value]) => [`details[0].${name}`, value]);
    zone.admin.call('updateVirtualMachine', { id: vm, ...Object.fromEntries(given) });
    zone.user.done('startVirtualMachine', { id: vm });
    const disk = String(
      await zone.result('create_disk', [3_072, { disk_offering: 'shared.custom' }, vm]),
    );
    const hint = (await zone.result('attach_disk', [vm, disk])) as { path: string };
    expect(hint.path).toContain(`/dev/disk/by-id/${link}`);
    // Without the CID, with which an agent would find it by any path.
    expect(diskBehind(zone.simulator.guest(vm), hint, 'virtio')?.volumeId).toBe(disk);
  });
}

test('where nobody serves user data there is no VM', async () => {
  await using zone = await startNetworks('KVM');
  const request = requestFor({ ...networks['L2, config drive'], name: 'bare' });
  const { message } = await zone.error('create_vm', request);
  expect(message).toContain('there is no support for UserData service');
});

test('without mdproxy4cs in the stemcell its address leads nowhere', async () => {
  await using zone = await vmIn('isolated, virtual router', 'KVM');
  const { guest } = zone;
  expect(finds({ guest, hasProxy: false }, sourcesOf('router by DHCP'))).toBe(false);
});

test('a router by name is found as long as it is among the name servers', async () => {
  await using zone = await vmIn('isolated, virtual router', 'KVM');
  const { guest } = zone;
  const byName = sourcesOf('router by name');
  expect(finds({ guest, nameServers: ['10.0.1.1', '8.8.8.8'] }, byName)).toBe(true);
  expect(finds({ guest, nameServers: ['8.8.8.8'] }, byName)).toBe(false);
  expect(finds({ guest, nameServers: ['8.8.8.8'] }, sourcesOf('router by address'))).toBe(true);
});

test('agents get the SSH key by a router, and none by a config drive', async () => {
  await using byRouter = await vmIn('isolated, virtual router', 'KVM');
  for (const name of ['router by address', 'router by name', 'router by DHCP']) {
    const system = { guest: byRouter.guest, hasProxy: true };
    expect(publicKeyFrom(system, sourcesOf(name)), name).toMatch(/^ssh-rsa /);
  }
  await using byDrive = await vmIn('L2, config drive', 'KVM');
  expect(publicKeyFrom({ guest: byDrive.guest }, sourcesOf('config drive'))).toBe('');
});
