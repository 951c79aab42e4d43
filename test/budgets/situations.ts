// The situations for which a budget of requests is set: what there is, who asks and for what.
import { emptyQcow2 } from '../../bats-runner/stemcell/qcow2.js';
import { stemcellDiskMib } from '../../bats-runner/stemcell/stemcell-image.js';
import type { SettingValues } from '../../simulator/world/settings/parse-setting.js';
import { isolatedOffering } from '../cpi/methods/network-requests.js';
import { cidOf, ofStemcell } from '../cpi/methods/registry-requests.js';
import { sharedNetwork } from '../crash/several-nic-scenarios.js';
import { createVpc, tierOfVpc } from '../crash/vm-scenarios.js';
import { manualNetwork, vmArguments, type VmVariation } from '../cpi/methods/vm-requests.js';
import { secretName, startServer, user } from '../cpi/stemcell-server/running-server.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';

export interface Situation {
  readonly settings?: SettingValues;
  readonly options?: CallOptions;
  /** What the registry is asked for; unless given, the CPI is told of none. */
  readonly ofRegistry?: readonly string[];
  /** Whether it is no matter how the call ends. */
  readonly mayFail?: boolean;
  /** Opens a server that the call needs; unless given, it needs none. */
  serve?(): Promise<Served>;
  /** Makes what the call needs, and answers its arguments; `url` is that of the server. */
  prepare(zone: CpiZone, url: string): Promise<readonly unknown[]>;
}

/** A server outside of the cloud, and what the CPI is told of it. */
export interface Served {
  readonly url: string;
  readonly options?: CallOptions;
  [Symbol.asyncDispose](): Promise<void>;
}

const mayExpunge = { 'allow.user.expunge.recover.vm': true };
const snapshots = { 'kvm.snapshot.enabled': true };
const otherAgent = 'b0000000-0000-4000-8000-000000000002';

const ephemeral = { disk: 1024, ephemeral_disk_offering: 'ephemeral' };
const shared = { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } };
const withVip = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
const balanced = { ...ephemeral, lbs: [{ name: 'web', public_port: 80, private_port: 8080 }] };
const grouped = { ...ephemeral, affinity_group: 'web' };

const expungedAfterMs = 2 * 24 * 3_600_000;

/** With its first VM a network takes an address for itself; the VM is expunged. */
async function warmNetwork(zone: CpiZone): Promise<void> {
  await zone.result('delete_vm', [
    await createVm(zone, { agentId: otherAgent, networks: { a: manualNetwork('10.203.6.50') } }),
  ]);
  zone.simulator.kernel.advanceBy(expungedAfterMs);
}

async function createVm(zone: CpiZone, variation: VmVariation = {}): Promise<string> {
  const [vm] = (await zone.result('create_vm', vmArguments(variation))) as [string];
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
  return vm;
}

async function createDisk(zone: CpiZone, offering = 'shared.custom'): Promise<string> {
  return (await zone.result('create_disk', [1024, { disk_offering: offering }, null])) as string;
}

async function attachedDisk(
  zone: CpiZone,
  variation: VmVariation = {},
  offering?: string,
): Promise<[string, string]> {
  const vm = await createVm(zone, variation);
  const disk = await createDisk(zone, offering);
  await zone.result('attach_disk', [vm, disk]);
  return [vm, disk];
}

/** A disk that was in use, so that CloudStack has really created it. */
async function usedDisk(zone: CpiZone, offering?: string): Promise<string> {
  const vm = await createVm(zone, { agentId: otherAgent });
  const disk = await createDisk(zone, offering);
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  await zone.result('delete_vm', [vm]);
  return disk;
}

function creating(variation: VmVariation, settings: SettingValues = {}): Situation {
  return {
    settings,
    prepare: async (zone) => {
      await warmNetwork(zone);
      return vmArguments({ properties: ephemeral, ...variation });
    },
  };
}

function deleting(variation: VmVariation, settings: SettingValues = {}): Situation {
  return {
    settings,
    prepare: async (zone) => {
      await warmNetwork(zone);
      return [await createVm(zone, { properties: ephemeral, ...variation })];
    },
  };
}

async function heldVip(zone: CpiZone): Promise<void> {
  await warmNetwork(zone);
  const [network] = zone.user.call('listNetworks', { keyword: 'NET_CS' })['network'] as [
    { id: string },
  ];
  zone.user.done('associateIpAddress', { networkid: network.id, ipaddress: '203.0.113.15' });
}

const twoNics = { networks: { private: manualNetwork(), shared } };

/** Of a stemcell whose agent finds its settings with the registry. */
const registered = ofStemcell(1);

async function registeredVm(zone: CpiZone): Promise<string> {
  return cidOf(await zone.result('create_vm', vmArguments({ properties: ephemeral }), registered));
}

/** In networks where an ordinary user may change the addresses of NICs. */
async function vmInTwoIsolatedNetworks(zone: CpiZone): Promise<string> {
  const subnet = { type: 'manual', cloud_properties: { network_offering: isolatedOffering } };
  const [name] = (await zone.result('create_network', [subnet])) as [string];
  const second = { type: 'dynamic', cloud_properties: { name } };
  const networks = { private: manualNetwork(), second };
  return createVm(zone, { properties: ephemeral, networks });
}

const vips = { networks: withVip };

/** With a vip, in a tier that has had its first VM. */
async function vmInTier(zone: CpiZone): Promise<VmVariation> {
  createVpc(zone);
  const [name] = (await zone.result('create_network', tierOfVpc)) as [string];
  const at = (ip: string): object =>
    manualNetwork(ip, {
      netmask: '255.255.255.0',
      gateway: '10.66.1.1',
      cloud_properties: { name },
    });
  const warming = { agentId: otherAgent, networks: { tier: at('10.66.1.9') } };
  await zone.result('delete_vm', [await createVm(zone, warming)]);
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  return { properties: ephemeral, networks: { ...withVip, private: at('10.66.1.5') } };
}

const stemcell = { name: 'jammy', version: '1', hypervisor: 'kvm' };

/** Images come from this machine. */
const fromHere = { 'ssvm.allowLoopback': true };

async function serveDisk(): Promise<Served> {
  const server = await startServer();
  await server.asUser('PUT', secretName, { body: emptyQcow2(stemcellDiskMib) });
  return { ...server, url: `${server.url}${secretName}` };
}

async function serveStemcells(): Promise<Served> {
  const server = await startServer();
  const [username = '', ...password] = user.split(':');
  const section = { url: server.url, username, password: password.join(':') };
  const properties = { stemcell: { publish: 'webdav' }, stemcell_server: section };
  return { ...server, options: { properties } };
}

/** No two workers of the tests serve at the same port. */
const ownServer = { host: '127.0.0.1', port: 21_000 + (process.pid % 10_000) };

/** By method, then as the table of budgets calls them; `image` is the path of a stemcell's image. */
export function situationsIn(
  image: string,
): Readonly<Record<string, Readonly<Record<string, Situation>>>> {
  return {
    create_vm: {
      'ephemeral disk; the account may expunge': creating({}, mayExpunge),
      'ephemeral disk; it may not': creating({}),
      'no ephemeral disk': creating({ properties: {} }),
      'two NICs': creating(twoNics),
      'two NICs with static addresses': creating({
        networks: { private: manualNetwork(), shared: sharedNetwork('10.204.0.40') },
      }),
      'a disk on local storage': {
        prepare: async (zone) => {
          const disk = await usedDisk(zone, 'local.custom');
          return vmArguments({ properties: ephemeral, disks: [disk] });
        },
      },
      'two such disks': {
        prepare: async (zone) => {
          const vm = await createVm(zone, { agentId: otherAgent });
          const disks = [
            await createDisk(zone, 'local.custom'),
            await createDisk(zone, 'local.custom'),
          ];
          for (const disk of disks) await zone.result('attach_disk', [vm, disk]);
          await zone.result('delete_vm', [vm]);
          return vmArguments({ properties: ephemeral, disks });
        },
      },
      'a disk on local storage that an earlier call is taking off its VM': {
        prepare: async (zone) => {
          const networks = { a: manualNetwork('10.203.6.50') };
          const [, disk] = await attachedDisk(
            zone,
            { agentId: otherAgent, networks },
            'local.custom',
          );
          zone.user.call('detachVolume', { id: disk });
          return vmArguments({ properties: ephemeral, disks: [disk] });
        },
      },
      'a disk on shared storage': {
        prepare: async (zone) => {
          const disk = await usedDisk(zone);
          return vmArguments({ properties: ephemeral, disks: [disk] });
        },
      },
      'a public address, to be allocated': creating(vips),
      'a public address that the account holds': {
        prepare: async (zone) => {
          await heldVip(zone);
          return vmArguments({ properties: ephemeral, networks: withVip });
        },
      },
      'a public address of a VPC, to be allocated': {
        prepare: async (zone) => vmArguments(await vmInTier(zone)),
      },
      'an affinity group, to be made': creating({ properties: grouped }),
      'a load balancer rule, to be made': creating({ properties: balanced }),
      'settings in the registry': {
        ...creating({}, mayExpunge),
        options: registered,
        ofRegistry: ['GET', 'PUT'],
      },
    },
    delete_vm: {
      'the account may expunge': deleting({}, mayExpunge),
      'no ephemeral disk; it may expunge': deleting({ properties: {} }, mayExpunge),
      'two NICs; it may expunge': deleting(twoNics, mayExpunge),
      'a persistent disk; it may expunge': {
        settings: mayExpunge,
        prepare: async (zone) => [(await attachedDisk(zone, { properties: ephemeral }))[0]],
      },
      'its own public address; it may expunge': deleting(vips, mayExpunge),
      'a public address that the account held; it may expunge': {
        settings: mayExpunge,
        prepare: async (zone) => {
          await heldVip(zone);
          return [await createVm(zone, { properties: ephemeral, networks: withVip })];
        },
      },
      'its own public address of a VPC; it may expunge': {
        settings: mayExpunge,
        prepare: async (zone) => [await createVm(zone, await vmInTier(zone))],
      },
      'the account may not expunge': deleting({}),
      'no ephemeral disk; it may not expunge': deleting({ properties: {} }),
      'two NICs; it may not expunge': {
        prepare: async (zone) => [await vmInTwoIsolatedNetworks(zone)],
      },
      'a persistent disk; it may not expunge': {
        prepare: async (zone) => [(await attachedDisk(zone, { properties: ephemeral }))[0]],
      },
      'its own public address; it may not expunge': deleting(vips),
      'the last of an affinity group; it may expunge': deleting(
        { properties: grouped },
        mayExpunge,
      ),
      'the last behind a load balancer rule; it may expunge': deleting(
        { properties: balanced },
        mayExpunge,
      ),
      'settings in the registry; it may expunge': {
        settings: mayExpunge,
        options: registered,
        ofRegistry: ['DELETE'],
        prepare: async (zone) => [await registeredVm(zone)],
      },
      'gone already': {
        prepare: async (zone) => {
          const vm = await createVm(zone);
          await zone.result('delete_vm', [vm]);
          return [vm];
        },
      },
    },
    has_vm: { '': { prepare: async (zone) => [await createVm(zone)] } },
    reboot_vm: { '': { prepare: async (zone) => [await createVm(zone)] } },
    set_vm_metadata: {
      'for the first time': {
        prepare: async (zone) => {
          const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
          return [vm, { director: 'd', name: 'web/0' }];
        },
      },
      'in place of other': {
        prepare: async (zone) => [await createVm(zone), { director: 'd', name: 'web/1' }],
      },
    },
    get_disks: { '': { prepare: async (zone) => [(await attachedDisk(zone))[0]] } },
    calculate_vm_cloud_properties: {
      '': { prepare: () => Promise.resolve([{ cpu: 1, ram: 512, ephemeral_disk_size: 1024 }]) },
    },
    create_disk: {
      'for a VM': {
        prepare: async (zone) => [1024, { disk_offering: 'shared.custom' }, await createVm(zone)],
      },
    },
    has_disk: { '': { prepare: async (zone) => [await createDisk(zone)] } },
    attach_disk: {
      '': { prepare: async (zone) => [await createVm(zone), await createDisk(zone)] },
      'API version 1': {
        options: { apiVersion: 1 },
        prepare: async (zone) => [await createVm(zone), await createDisk(zone)],
      },
      'settings in the registry': {
        options: registered,
        ofRegistry: ['GET', 'PUT'],
        prepare: async (zone) => [await registeredVm(zone), await createDisk(zone)],
      },
      'done already': { prepare: (zone) => attachedDisk(zone) },
    },
    detach_disk: {
      '': { prepare: (zone) => attachedDisk(zone) },
      'done already': {
        prepare: async (zone) => {
          const [vm, disk] = await attachedDisk(zone);
          await zone.result('detach_disk', [vm, disk]);
          return [vm, disk];
        },
      },
      'API version 1': { options: { apiVersion: 1 }, prepare: (zone) => attachedDisk(zone) },
      'settings in the registry': {
        options: registered,
        ofRegistry: ['GET', 'PUT'],
        prepare: async (zone) => {
          const [vm, disk] = [await registeredVm(zone), await createDisk(zone)];
          await zone.result('attach_disk', [vm, disk], registered);
          return [vm, disk];
        },
      },
    },
    delete_disk: { '': { prepare: async (zone) => [await usedDisk(zone)] } },
    resize_disk: { '': { prepare: async (zone) => [await usedDisk(zone), 3072] } },
    update_disk: {
      'another offering': {
        prepare: async (zone) => [await usedDisk(zone), 3072, { disk_offering: 'ephemeral' }],
      },
    },
    set_disk_metadata: {
      'in place of other': {
        prepare: async (zone) => {
          const disk = await createDisk(zone);
          await zone.result('set_disk_metadata', [disk, { director: 'd', job: 'old' }]);
          return [disk, { director: 'd', job: 'new' }];
        },
      },
    },
    snapshot_disk: {
      '': {
        settings: snapshots,
        prepare: async (zone) => [(await attachedDisk(zone))[1], { director: 'd' }],
      },
    },
    delete_snapshot: {
      '': {
        settings: snapshots,
        prepare: async (zone) => [
          await zone.result('snapshot_disk', [(await attachedDisk(zone))[1], { director: 'd' }]),
        ],
      },
    },
    create_network: {
      'whose range is chosen': {
        prepare: () =>
          Promise.resolve([
            {
              type: 'manual',
              netmask_bits: 24,
              cloud_properties: { network_offering: isolatedOffering },
            },
          ]),
      },
    },
    delete_network: {
      '': {
        prepare: async (zone) => {
          const subnet = {
            type: 'manual',
            cloud_properties: { network_offering: isolatedOffering },
          };
          return [((await zone.result('create_network', [subnet])) as [string])[0]];
        },
      },
    },
    create_stemcell: {
      'by upload': {
        prepare: () => Promise.resolve([image, stemcell]),
      },
      'by image_url': {
        settings: fromHere,
        serve: serveDisk,
        prepare: (_zone, url) => Promise.resolve(['/none', { ...stemcell, image_url: url }]),
      },
      'by a stemcell server (webdav)': {
        settings: fromHere,
        serve: serveStemcells,
        prepare: () => Promise.resolve([image, stemcell]),
      },
      'served by the CPI (create-env)': {
        settings: fromHere,
        options: {
          properties: { stemcell: { publish: 'create-env' }, stemcell_server: ownServer },
        },
        prepare: () => Promise.resolve([image, stemcell]),
      },
      'uploaded already': {
        prepare: async (zone) => {
          const args = [image, stemcell];
          await zone.result('create_stemcell', args);
          return args;
        },
      },
      'by copying a template, for an account that may expunge': {
        settings: { 'allow.user.expunge.recover.vm': true },
        options: {
          properties: { stemcell: { copy_compute_offering: 'm1.small', copy_network: 'NET_CS' } },
        },
        prepare: () =>
          Promise.resolve(['/none', { light_template: 'ubuntu-jammy', light_mode: 'copy' }]),
      },
      light: { prepare: () => Promise.resolve(['/none', { light_template: 'ubuntu-jammy' }]) },
    },
    delete_stemcell: {
      '': {
        prepare: async (zone) => [
          await zone.result('create_stemcell', [image, { name: 'jammy', version: '1' }]),
        ],
      },
    },
    current_vm_id: {
      'for each address of the machine': {
        options: { networkInterfaces: [{ ip: '10.203.6.40', mac: '00:11:22:33:44:55' }] },
        mayFail: true,
        prepare: async (zone) => {
          await createVm(zone);
          return [];
        },
      },
    },
    ping: { '': { prepare: () => Promise.resolve([]) } },
  };
}
