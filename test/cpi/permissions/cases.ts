// What each method of the CPI is asked in the tests of its permissions: together all that it can ask
// of CloudStack.
import { generateKeyPairSync } from 'node:crypto';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { twoZones } from '../stemcells/two-zones.js';
import { at, directorUuid, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { otherAgent, warmNetwork } from '../../crash/made-before.js';
import type { Scenario } from '../../crash/scenario.js';
import { scenariosIn } from '../../crash/scenarios.js';
import { holdAddress } from '../methods/load-balancer-requests.js';
import { isolatedOffering } from '../methods/network-requests.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';

export interface Case extends Scenario {
  /** Makes what each way to the cloud is wrapped in, anew for each call. */
  readonly line?: () => (transport: Transport) => Transport;
}

const noArguments = (): Promise<readonly unknown[]> => Promise.resolve([]);

async function createVm(zone: CpiZone, variation = {}): Promise<string> {
  return ((await zone.result('create_vm', vmArguments(variation))) as [string])[0];
}

async function createDisk(zone: CpiZone): Promise<string> {
  return (await zone.result('create_disk', [
    1024,
    { disk_offering: 'shared.custom' },
    null,
  ])) as string;
}

async function attached(zone: CpiZone, options = {}): Promise<[vm: string, disk: string]> {
  const vm = await createVm(zone);
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk], options);
  return [vm, disk];
}

const withVip = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };

const withPorts = {
  private: manualNetwork(),
  public: {
    type: 'vip',
    ip: '203.0.113.15',
    cloud_properties: { port_forwarding: [{ public_port: 2222, private_port: 22 }] },
  },
};

const privateKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const tierSubnet = {
  type: 'manual',
  cloud_properties: {
    network_offering: 'DefaultIsolatedNetworkOfferingForVpcNetworks',
    vpc: 'cloud',
    acl: 'default_allow',
  },
};

function addVpc({ user }: CpiZone): void {
  user.done('createVPC', {
    name: 'cloud',
    displaytext: 'cloud',
    zoneid: String(at(user.call('listZones'), 'zone', 0, 'id')),
    vpcofferingid: String(
      at(user.call('listVPCOfferings', { name: 'Default VPC offering' }), 'vpcoffering', 0, 'id'),
    ),
    cidr: '10.66.0.0/16',
  });
}

/** As create_network makes it before it marks it. */
function makeUnmarkedTier({ user }: CpiZone): void {
  const idIn = (command: string, key: string, values = {}): string =>
    String(at(user.call(command, values), key, 0, 'id'));
  const { network_offering: name } = tierSubnet.cloud_properties;
  user.call('createNetwork', {
    name: 'network-c0000000-0000-4000-8000-000000000003',
    displaytext: `bosh-cpi-director ${directorUuid}`,
    zoneid: idIn('listZones', 'zone'),
    networkofferingid: idIn('listNetworkOfferings', 'networkoffering', { name }),
    vpcid: idIn('listVPCs', 'vpc'),
    aclid: idIn('listNetworkACLLists', 'networkacllist', { name: 'default_allow' }),
    gateway: '10.66.1.1',
    netmask: '255.255.255.0',
  });
}

async function createTier(zone: CpiZone): Promise<string> {
  addVpc(zone);
  return ((await zone.result('create_network', [tierSubnet])) as [string])[0];
}

/** With everything that a VM can have, but the second rule wants the port of the first. */
const unbalanced = {
  networks: withVip,
  properties: {
    disk: 1024,
    ephemeral_disk_offering: 'ephemeral',
    affinity_group: 'web',
    lbs: [
      { name: 'web', public_port: 80, private_port: 8080 },
      { name: 'other', public_port: 80, private_port: 8081 },
    ],
  },
};

const subnet = (more = {}): object => ({
  type: 'manual',
  cloud_properties: { network_offering: isolatedOffering },
  ...more,
});

async function createNetwork(zone: CpiZone): Promise<string> {
  return ((await zone.result('create_network', [subnet()])) as [string])[0];
}

const third: CallOptions = { apiVersion: 3 };

/** Tags are refused, as if by a limit, so that what was created has to be taken back. */
const withoutTags: CallOptions = { refuse: 'createTags' };

/** The answer to the first look at a template with its image is never heard, as after a SIGTERM. */
function interruptedAfterImage(): (transport: Transport) => Transport {
  let state: 'before' | 'image sent' | 'interrupted' = 'before';
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const response = await transport.send(request);
      if (typeof request.body !== 'string') state = 'image sent';
      else if (state === 'image sent') {
        state = 'interrupted';
        throw new TransportError('aborted', 'maybe', 'the call was interrupted');
      }
      return response;
    },
  });
}

/** The answer to the order of a template is never heard. */
function interruptedAfterOrder(): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const response = await transport.send(request);
      if (typeof request.body !== 'string' || !request.body.includes('command=createTemplate&')) {
        return response;
      }
      throw new TransportError('aborted', 'maybe', 'the call was interrupted');
    },
  });
}

/**
 * An earlier call has ordered that the disk be attached, or detached, with which CloudStack is done a
 * minute after this one.
 */
function orderedBefore(method: 'attach_disk' | 'detach_disk'): Case {
  let later: () => void = () => undefined;
  return {
    method,
    about: 'whose opposite an earlier call has ordered',
    prepare: async (zone) => {
      const [vm, disk] =
        method === 'attach_disk'
          ? await attached(zone)
          : ([await createVm(zone), await createDisk(zone)] as const);
      if (method === 'attach_disk') zone.user.call('detachVolume', { id: disk });
      else zone.user.call('attachVolume', { id: disk, virtualmachineid: vm });
      later = () => {
        zone.simulator.kernel.advanceBy(60_000);
      };
      return [vm, disk];
    },
    line: () => (transport) => ({
      ...transport,
      close: () => {
        later();
        transport.close();
      },
    }),
  };
}

/** A VM that is to follow a disk on local storage, which an earlier call is taking off another. */
async function vmAfterItsDisk(zone: CpiZone): Promise<readonly unknown[]> {
  const vm = await createVm(zone);
  const args = [1024, { disk_offering: 'local.custom' }, vm];
  const disk = (await zone.result('create_disk', args)) as string;
  await zone.result('attach_disk', [vm, disk]);
  zone.user.call('detachVolume', { id: disk });
  const networks = { a: manualNetwork('10.203.6.41') };
  return vmArguments({ agentId: otherAgent, networks, disks: [disk] });
}

/** As a create_vm leaves it that was killed when it had allocated the VM's public address. */
async function vmWithUnmarkedAddress(zone: CpiZone): Promise<readonly unknown[]> {
  const tier = await createTier(zone);
  const a = { type: 'dynamic', cloud_properties: { name: tier, vpc: 'cloud' } };
  const vm = await createVm(zone, { networks: { a } });
  zone.user.run('createTags', {
    resourcetype: 'UserVm',
    resourceids: vm,
    'tags[0].key': 'bosh-cpi-address',
    'tags[0].value': '203.0.113.15',
  });
  const vpcid = String(at(zone.user.call('listVPCs'), 'vpc', 0, 'id'));
  zone.user.done('associateIpAddress', { vpcid, ipaddress: '203.0.113.15' });
  return [vm];
}

/** No two workers of the tests serve at the same port. */
const ownServer = { host: '127.0.0.1', port: 20_000 + (process.pid % 10_000) };

/** `image` is the path of a stemcell's image. */
export function casesIn(image: string): readonly Case[] {
  const stemcell = [image, { name: 'jammy', version: '1', hypervisor: 'kvm' }];
  return [
    ...scenariosIn(image),
    { method: 'info', about: 'as Directors do', prepare: noArguments },
    { method: 'ping', about: 'as anybody does', prepare: noArguments },
    {
      method: 'configure_networks',
      about: 'of a VM',
      prepare: () => Promise.resolve(['a', {}]),
    },
    {
      method: 'current_vm_id',
      about: 'outside of the cloud',
      options: { networkInterfaces: [{ ip: '10.203.6.77', mac: '00:11:22:33:44:55' }] },
      prepare: noArguments,
    },
    {
      method: 'calculate_vm_cloud_properties',
      about: 'with an ephemeral disk',
      prepare: () => Promise.resolve([{ cpu: 1, ram: 1024, ephemeral_disk_size: 1024 }]),
    },
    { method: 'has_vm', about: 'that is there', prepare: async (zone) => [await createVm(zone)] },
    {
      method: 'has_disk',
      about: 'that is there',
      prepare: async (zone) => [await createDisk(zone)],
    },
    { method: 'get_disks', about: 'of a VM', prepare: async (zone) => [(await attached(zone))[0]] },
    {
      method: 'create_vm',
      about: 'in another zone than its stemcell',
      world: twoZones('bosh'),
      prepare: (zone) =>
        Promise.resolve(
          vmArguments({
            stemcell: templateNamed(zone, 'stemcell'),
            properties: { zone: 'zone2' },
            networks: { a: { type: 'dynamic', cloud_properties: { name: 'net-2' } } },
          }),
        ),
    },
    {
      method: 'create_vm',
      about: 'whose start fails',
      options: { refuse: 'startVirtualMachine' },
      prepare: () => Promise.resolve(vmArguments({ networks: { a: manualNetwork() } })),
    },
    ...[true, false].map((mayExpunge): Case => ({
      method: 'create_vm',
      about: `that fails at its second load balancer, may expunge: ${String(mayExpunge)}`,
      settings: { 'allow.user.expunge.recover.vm': mayExpunge },
      prepare: async (zone) => {
        await warmNetwork(zone);
        return vmArguments(unbalanced);
      },
    })),
    {
      method: 'create_vm',
      about: 'that fails when it has a vip that the account held before',
      prepare: async (zone) => {
        await warmNetwork(zone);
        holdAddress(zone, '203.0.113.15');
        return vmArguments(unbalanced);
      },
    },
    {
      method: 'delete_vm',
      about: 'with an address that the account held before',
      prepare: async (zone) => {
        await warmNetwork(zone);
        holdAddress(zone, '203.0.113.15');
        return [await createVm(zone, { networks: withVip })];
      },
    },
    {
      method: 'create_vm',
      about: 'that fails when it has a new key pair and ports',
      options: {
        properties: { default_key_name: 'bosh', private_key: privateKey },
        refuse: 'assignToLoadBalancerRule',
      },
      prepare: async (zone) => {
        await warmNetwork(zone);
        holdAddress(zone, '203.0.113.15');
        const lbs = [{ name: 'web', public_port: 80, private_port: 8080 }];
        return vmArguments({ networks: withPorts, properties: { lbs } });
      },
    },
    {
      method: 'create_vm',
      about: 'in a tier of a VPC',
      prepare: async (zone) => {
        const tier = await createTier(zone);
        const cloud_properties = { name: tier, vpc: 'cloud' };
        return vmArguments({ networks: { a: { type: 'dynamic', cloud_properties } } });
      },
    },
    {
      method: 'delete_vm',
      about: 'whose public address, of a VPC, has no marks yet',
      prepare: vmWithUnmarkedAddress,
    },
    {
      method: 'create_vm',
      about: 'whose disk an earlier call is taking off another VM',
      prepare: vmAfterItsDisk,
    },
    {
      method: 'create_network',
      about: 'in a VPC',
      prepare: (zone) => {
        addVpc(zone);
        return Promise.resolve([tierSubnet]);
      },
    },
    {
      method: 'create_network',
      about: 'in a VPC, where a killed call has made it',
      prepare: (zone) => {
        addVpc(zone);
        makeUnmarkedTier(zone);
        return Promise.resolve([{ ...tierSubnet, range: '10.66.1.0/24' }]);
      },
    },
    {
      method: 'create_disk',
      about: 'beside a VM',
      prepare: async (zone) => [1024, { disk_offering: 'shared.custom' }, await createVm(zone)],
    },
    {
      method: 'create_disk',
      about: 'that cannot be marked',
      options: withoutTags,
      prepare: () => Promise.resolve([1024, { disk_offering: 'shared.custom' }, null]),
    },
    ...(['attach_disk', 'detach_disk'] as const).map((method): Case => ({
      method,
      about: 'for a Director of API version 1',
      options: { apiVersion: 1 },
      prepare: async (zone) =>
        method === 'detach_disk'
          ? attached(zone, { apiVersion: 1 })
          : [await createVm(zone), await createDisk(zone)],
    })),
    orderedBefore('attach_disk'),
    orderedBefore('detach_disk'),
    {
      method: 'set_vm_metadata',
      about: 'whose first answer is lost',
      options: { losesFirstAnswerOf: 'createTags' },
      prepare: async (zone) => [await createVm(zone), { director: 'd', name: 'web/0' }],
    },
    {
      method: 'set_disk_metadata',
      about: 'whose first answer is lost',
      options: { losesFirstAnswerOf: 'createTags' },
      prepare: async (zone) => [await createDisk(zone), { director: 'd' }],
    },
    {
      method: 'update_disk',
      about: 'with a name',
      prepare: async (zone) => {
        const disk = await createDisk(zone);
        return [disk, 1024, { disk_offering: 'shared.custom', name: 'data' }];
      },
    },
    {
      method: 'update_disk',
      about: 'with another name, to another size',
      prepare: async (zone) => {
        const args = [1024, { disk_offering: 'shared.custom', name: 'old' }, null];
        const disk = await zone.result('create_disk', args);
        const vm = await createVm(zone);
        await zone.result('attach_disk', [vm, disk]);
        await zone.result('detach_disk', [vm, disk]);
        return [disk, 2048, { disk_offering: 'shared.custom', name: 'new' }];
      },
    },
    {
      method: 'reboot_vm',
      about: 'that is off',
      prepare: async (zone) => {
        const vm = await createVm(zone);
        zone.user.run('stopVirtualMachine', { id: vm });
        return [vm];
      },
    },
    {
      method: 'snapshot_disk',
      about: 'where CloudStack takes none of running VMs',
      prepare: async (zone) => [(await attached(zone))[1], {}],
    },
    {
      method: 'snapshot_disk',
      about: 'that cannot be handed out',
      settings: { 'kvm.snapshot.enabled': true },
      options: { refuse: 'deleteTags' },
      prepare: async (zone) => [(await attached(zone))[1], {}],
    },
    {
      method: 'delete_snapshot',
      about: 'whose answer is lost',
      settings: { 'kvm.snapshot.enabled': true },
      options: { loseAnswersOf: 'deleteSnapshot' },
      prepare: async (zone) => [
        await zone.result('snapshot_disk', [(await attached(zone))[1], {}]),
      ],
    },
    {
      method: 'create_network',
      about: 'that cannot be marked',
      options: withoutTags,
      prepare: () => Promise.resolve([subnet({ netmask_bits: 24 })]),
    },
    {
      method: 'delete_network',
      about: 'that a VM is in',
      prepare: async (zone) => {
        const network = await createNetwork(zone);
        const a = { type: 'dynamic', cloud_properties: { name: network } };
        await createVm(zone, { networks: { a } });
        return [network];
      },
    },
    {
      method: 'create_stemcell',
      about: 'that is light',
      prepare: () => Promise.resolve([image, { light_template: 'ubuntu-jammy' }]),
    },
    {
      method: 'create_stemcell',
      about: 'that CloudStack downloads from the CPI',
      settings: { 'ssvm.allowLoopback': true },
      prepare: () => Promise.resolve(stemcell),
      options: { properties: { stemcell: { publish: 'create-env' }, stemcell_server: ownServer } },
    },
    {
      method: 'create_stemcell',
      about: 'that is there already',
      prepare: async (zone) => {
        await zone.result('create_stemcell', [...stemcell, { tags: { team: 'a' } }], third);
        return [...stemcell, { tags: { team: 'b' } }];
      },
      options: third,
    },
    {
      method: 'create_stemcell',
      about: 'that is interrupted when its image is there',
      prepare: () => Promise.resolve(stemcell),
      line: interruptedAfterImage,
    },
    {
      method: 'create_stemcell',
      about: 'that is copied, and interrupted when its template is ordered',
      prepare: () =>
        Promise.resolve(['/none', { light_template: 'ubuntu-jammy', light_mode: 'copy' }]),
      options: {
        properties: { stemcell: { copy_compute_offering: 'm1.small', copy_network: 'NET_CS' } },
      },
      line: interruptedAfterOrder,
    },
  ];
}

function templateNamed(zone: CpiZone, name: string): string {
  const found = zone.simulator.world.templates.all().find((row) => row.name === name);
  if (found === undefined) throw new Error(`there is no template ${name}`);
  return found.id;
}
