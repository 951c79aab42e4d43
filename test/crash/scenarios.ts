// One situation for each method of the CPI in which everything that it can do is asked of it.
import { generateKeyPairSync } from 'node:crypto';
import type { SettingValues } from '../../simulator/world/settings/parse-setting.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';
import { holdAddress } from '../cpi/methods/load-balancer-requests.js';
import { isolatedOffering } from '../cpi/methods/network-requests.js';
import { agentId, manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import { earlierCpis, prepareForEarlierCpi } from '../support/earlier-cpis.js';

export interface Scenario {
  readonly method: string;
  /** What is special about it, in words. */
  readonly about: string;
  readonly settings?: SettingValues;
  /** Whether the CPI is told of a registry. */
  readonly hasRegistry?: true;
  /** How each of the calls is made. */
  readonly options?: CallOptions;
  /** Whether a call that fails must leave nothing at all. */
  readonly creates?: boolean;
  /** The last command that changes something: a Director may know of all that it leads to. */
  readonly lastChange?: string;
  /** Makes what the call needs, and answers its arguments. */
  prepare(zone: CpiZone): Promise<readonly unknown[]>;
  /** What a Director would do to be rid of what the finished call made. */
  undo?(zone: CpiZone, result: unknown): Promise<void>;
}

const mayExpunge = { 'allow.user.expunge.recover.vm': true };
const snapshots = { 'kvm.snapshot.enabled': true };
const otherAgent = 'b0000000-0000-4000-8000-000000000002';

/** With an ephemeral disk, a public address, an affinity group and a load balancer rule, all new. */
const everything = {
  networks: { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } },
  properties: {
    disk: 1024,
    ephemeral_disk_offering: 'ephemeral',
    affinity_group: 'web',
    lbs: [{ name: 'web', public_port: 80, private_port: 8080 }],
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
async function vmWithPorts(zone: CpiZone): Promise<object> {
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

/** With its first VM a network takes an address for itself. */
export async function warmNetwork(zone: CpiZone): Promise<void> {
  const [vm] = await create(zone, {
    agentId: otherAgent,
    networks: { a: manualNetwork('10.203.6.50') },
  });
  await zone.result('delete_vm', [vm]);
}

async function create(zone: CpiZone, variation: object): Promise<[string]> {
  return (await zone.result('create_vm', vmArguments(variation))) as [string];
}

/** As a Director does it: metadata follow at once. */
async function createVm(zone: CpiZone, variation = {}): Promise<[string]> {
  const [vm] = await create(zone, variation);
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
  return [vm];
}

async function createDisk(zone: CpiZone, offering = 'shared.custom'): Promise<string> {
  return (await zone.result('create_disk', [1024, { disk_offering: offering }, null])) as string;
}

async function attachedDisk(zone: CpiZone): Promise<[vm: string, disk: string]> {
  const [vm] = await createVm(zone);
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk]);
  return [vm, disk];
}

/** A VM of an earlier CPI with a persistent disk, by the name that its Director knows. */
async function earlierVm(zone: CpiZone, name: keyof typeof earlierCpis): Promise<[string]> {
  const cpi = earlierCpis[name];
  prepareForEarlierCpi(zone);
  await warmNetwork(zone);
  const vip = '203.0.113.16';
  holdAddress(zone, vip);
  const request = { agentId, stemcell: 'ubuntu-jammy', ip: '10.203.6.40', vip };
  const { cid } = cpi.createVm(zone, request);
  cpi.setVmMetadata(zone, cid, { director: 'd', name: 'web/0' });
  const disk = cpi.createDisk(zone, 1_024);
  cpi.attachDisk(zone, cid, disk);
  return [cid];
}

const deleteVm = (zone: CpiZone, result: unknown): Promise<void> =>
  zone.result('delete_vm', [(result as [string])[0]]).then(() => undefined);

function deleteBy(method: string): (zone: CpiZone, result: unknown) => Promise<void> {
  return async (zone, result) => {
    await zone.result(method, [result]);
  };
}

/** `image` is the path of a stemcell's image. */
export function scenariosIn(image: string): readonly Scenario[] {
  return [
    {
      method: 'create_vm',
      about: 'with everything, by an account that may expunge',
      settings: mayExpunge,
      creates: true,
      prepare: async (zone) => {
        await warmNetwork(zone);
        return vmArguments(everything);
      },
      undo: deleteVm,
    },
    {
      method: 'create_vm',
      about: 'with everything, by an account that may not expunge',
      creates: true,
      prepare: async (zone) => {
        await warmNetwork(zone);
        return vmArguments(everything);
      },
      undo: deleteVm,
    },
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
      undo: deleteVm,
    },
    {
      method: 'create_vm',
      about: 'with a key pair to be registered, and with ports of a shared address',
      settings: mayExpunge,
      options: withKey,
      creates: true,
      prepare: async (zone) => vmArguments(await vmWithPorts(zone)),
      undo: deleteVm,
    },
    {
      method: 'delete_vm',
      about: 'with ports of a shared address, by an account that may not expunge',
      prepare: async (zone) => createVm(zone, await vmWithPorts(zone)),
    },
    {
      method: 'delete_vm',
      about: 'with everything, by an account that may expunge',
      settings: mayExpunge,
      prepare: (zone) => createVm(zone, everything),
    },
    {
      method: 'delete_vm',
      about: 'with everything, by an account that may not expunge',
      prepare: (zone) => createVm(zone, everything),
    },
    {
      method: 'delete_vm',
      about: 'of a VM of the Java CPI, by an account that may not expunge',
      prepare: (zone) => earlierVm(zone, 'Java'),
    },
    {
      method: 'delete_vm',
      about: 'of a VM of the Go CPI, by an account that may not expunge',
      prepare: (zone) => earlierVm(zone, 'Go'),
    },
    {
      method: 'delete_vm',
      about: 'of a VM of the Go CPI, by an account that may expunge',
      settings: mayExpunge,
      prepare: (zone) => earlierVm(zone, 'Go'),
    },
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
    {
      method: 'create_disk',
      about: 'with a name',
      creates: true,
      prepare: () =>
        Promise.resolve([1024, { disk_offering: 'shared.custom', name: 'data' }, null]),
      undo: deleteBy('delete_disk'),
    },
    {
      method: 'delete_disk',
      about: 'that was in use',
      prepare: async (zone) => {
        const [vm, disk] = await attachedDisk(zone);
        await zone.result('detach_disk', [vm, disk]);
        return [disk];
      },
    },
    {
      method: 'attach_disk',
      about: 'to a running VM',
      prepare: async (zone) => [...(await createVm(zone)), await createDisk(zone)],
    },
    {
      method: 'detach_disk',
      about: 'from a running VM',
      prepare: attachedDisk,
    },
    {
      method: 'resize_disk',
      about: 'to three times its size',
      prepare: async (zone) => {
        const [vm, disk] = await attachedDisk(zone);
        await zone.result('detach_disk', [vm, disk]);
        return [disk, 3072];
      },
    },
    {
      method: 'update_disk',
      about: 'to another offering',
      prepare: async (zone) => {
        const [vm, disk] = await attachedDisk(zone);
        await zone.result('detach_disk', [vm, disk]);
        return [disk, 3072, { disk_offering: 'ephemeral' }];
      },
    },
    {
      method: 'set_disk_metadata',
      about: 'in place of other metadata',
      prepare: async (zone) => {
        const disk = await createDisk(zone);
        await zone.result('set_disk_metadata', [disk, { director: 'd', job: 'old' }]);
        return [disk, { director: 'd', job: 'new' }];
      },
    },
    {
      method: 'snapshot_disk',
      about: 'with metadata',
      settings: snapshots,
      creates: true,
      lastChange: 'deleteTags',
      prepare: async (zone) => [(await attachedDisk(zone))[1], { director: 'd' }],
      undo: deleteBy('delete_snapshot'),
    },
    {
      method: 'delete_snapshot',
      about: 'of a disk in use',
      settings: snapshots,
      prepare: async (zone) => {
        const [, disk] = await attachedDisk(zone);
        return [await zone.result('snapshot_disk', [disk, { director: 'd' }])];
      },
    },
    {
      method: 'create_network',
      about: 'whose range is chosen',
      creates: true,
      lastChange: 'createTags',
      prepare: () =>
        Promise.resolve([
          {
            type: 'manual',
            netmask_bits: 24,
            cloud_properties: { network_offering: isolatedOffering },
          },
        ]),
      undo: (zone, result) => deleteBy('delete_network')(zone, (result as [string])[0]),
    },
    {
      method: 'delete_network',
      about: 'that nobody is in',
      prepare: async (zone) => {
        const subnet = { type: 'manual', cloud_properties: { network_offering: isolatedOffering } };
        return [((await zone.result('create_network', [subnet])) as [string])[0]];
      },
    },
    {
      method: 'create_stemcell',
      about: 'by upload',
      creates: true,
      prepare: () => Promise.resolve([image, { name: 'jammy', version: '1', hypervisor: 'kvm' }]),
      undo: deleteBy('delete_stemcell'),
    },
    {
      method: 'delete_stemcell',
      about: 'that was uploaded',
      prepare: async (zone) => [
        await zone.result('create_stemcell', [image, { name: 'jammy', version: '1' }]),
      ],
    },
  ];
}
