// Random but repeatable use of the API: which parameters a command gets follows from its
// declaration, their values are partly right and partly hostile, and ids are those of a world that
// grows under the requests. A sequence is data, so that fast-check can shrink it.
import fc from 'fast-check';
import { commands } from '../../simulator/commands/index.js';
import type { AnyCommand } from '../../simulator/declare/command.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { BaseRow } from '../../simulator/world/base-row.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { findEntityByInternalId } from '../../simulator/world/entity-lookup.js';
import type { World } from '../../simulator/world/world.js';
import type { EntityName } from '../../simulator/world/entity-lookup.js';
import { hostile, usual } from './fuzz-values.js';

/** How an id is written: as a rule right, sometimes not. */
type IdForm = 'uuid' | 'upper' | 'internal' | 'other-kind' | 'unknown';

/** A value that is known only when the request is made: the id of some row of the world. */
interface SomeId {
  readonly entity: EntityName;
  readonly pick: number;
  readonly form: IdForm;
}

type Value = string | SomeId | readonly SomeId[];

export interface Request {
  readonly kind: 'request';
  readonly caller: 'admin' | 'user';
  readonly command: string;
  readonly values: Readonly<Record<string, Value>>;
}

/** What happens in one step: a request, time that passes, or somebody who uploads an image. */
export type Step =
  | Request
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'until-idle' }
  | { readonly kind: 'upload'; readonly pick: number; readonly good: boolean };

const flags = fc.constantFrom('true', 'false', 'True');

/** By hundredths: what to write for an id of the right kind. */
const idForm: fc.Arbitrary<IdForm> = fc.oneof(
  { weight: 94, arbitrary: fc.constant<IdForm>('uuid') },
  { weight: 2, arbitrary: fc.constant<IdForm>('upper') },
  { weight: 2, arbitrary: fc.constant<IdForm>('internal') },
  { weight: 1, arbitrary: fc.constant<IdForm>('other-kind') },
  { weight: 1, arbitrary: fc.constant<IdForm>('unknown') },
);

const someId = (entity: EntityName): fc.Arbitrary<SomeId> =>
  fc.record({ entity: fc.constant(entity), pick: fc.nat(1_000), form: idForm });

function usualText(name: string): fc.Arbitrary<string> {
  return fc.constantFrom(...(usual[name] ?? ['a', 'some text']));
}

function value(name: string, command: AnyCommand): fc.Arbitrary<Value> {
  const { type, entity } = command.parameters[name]!;
  const wrong = { weight: 2, arbitrary: fc.constantFrom(...hostile) };
  const right: fc.Arbitrary<Value> =
    entity !== undefined
      ? type === 'list'
        ? fc.array(someId(entity), { minLength: 1, maxLength: 2, size: '-1' })
        : someId(entity)
      : name === 'resourceids' || name === 'resourceid'
        ? fc.oneof(
            someId('virtualmachine'),
            someId('volume'),
            someId('snapshot'),
            someId('template'),
            someId('vpc'),
          )
        : type === 'boolean'
          ? flags
          : usualText(name);
  return fc.oneof({ weight: 98, arbitrary: right }, wrong);
}

/** The fields of maps, in the three ways in which CloudStack reads them. */
function fieldsOf(name: string): fc.Arbitrary<Readonly<Record<string, Value>>> {
  const text = fc.oneof(usualText('value'), fc.constantFrom(...hostile));
  if (name === 'tags') {
    const keys = { '[0].key': usualText('key'), '[0].value': text, '[1].key': usualText('key') };
    return fc.record(keys, { requiredKeys: ['[0].key'] });
  }
  if (name === 'iptonetworklist') {
    return fc.record(
      {
        '[0].networkid': someId('network'),
        '[0].ip': usualText('ipaddress'),
        '[0].mac': usualText('macaddress'),
        '[1].networkid': someId('network'),
        '[1].ip': usualText('ipaddress'),
      },
      { requiredKeys: ['[0].networkid'] },
    );
  }
  if (name === 'vmidipmap') {
    return fc.record(
      { '[0].vmid': someId('virtualmachine'), '[0].vmip': usualText('ipaddress') },
      { requiredKeys: ['[0].vmid'] },
    );
  }
  return fc.record(
    {
      '[0].cpuNumber': fc.constantFrom('1', '2', '64', 'x'),
      '[0].cpuSpeed': fc.constantFrom('1000', '0'),
      '[0].memory': fc.constantFrom('512', '1024', '31'),
      '[0].rootdisksize': usualText('rootdisksize'),
      '[1].rootDiskController': fc.constantFrom('scsi', 'virtio'),
    },
    { requiredKeys: [] },
  );
}

/** How often, in hundredths, a request has a parameter that it could do without; 10 unless said. */
const frequency: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  createVolume: { diskofferingid: 85, zoneid: 98, size: 70, snapshotid: 15, virtualmachineid: 20 },
  createSnapshot: { asyncbackup: 30, locationtype: 3, quiescevm: 3, tags: 20, policyid: 5 },
  createVMSnapshot: { snapshotmemory: 80 },
  resizeVolume: { size: 80, diskofferingid: 20, shrinkok: 30, automigrate: 50 },
  changeOfferingForVolume: { size: 80, shrinkok: 30, automigrate: 50 },
  deleteSnapshot: { zoneid: 5 },
  detachVolume: { id: 95, deviceid: 3, virtualmachineid: 3 },
  attachVolume: { deviceid: 30 },
  destroyVirtualMachine: { expunge: 50, volumeids: 50 },
  deployVirtualMachine: {
    name: 20,
    networkids: 40,
    diskofferingid: 40,
    size: 60,
    details: 30,
    startvm: 30,
    hostid: 3,
    hypervisor: 2,
    iptonetworklist: 4,
    userdata: 5,
    rootdisksize: 4,
    affinitygroupids: 20,
    affinitygroupnames: 3,
    keypair: 3,
    keypairs: 3,
    securitygroupids: 1,
    securitygroupnames: 1,
    boottype: 2,
    bootmode: 50,
    bootintosetup: 1,
    extraconfig: 2,
    customid: 2,
    iodriverpolicy: 4,
  },
  getUploadParamsForTemplate: { ostypeid: 95 },
  deleteTemplate: { forced: 20 },
  associateIpAddress: { networkid: 80, vpcid: 20 },
  createVPC: { cidr: 95, start: 40, cidrsize: 3, networkdomain: 5, dns1: 5, dns2: 2 },
  updateVPC: { name: 40, sourcenatipaddress: 40, publicmtu: 20 },
  createNetworkACLList: { vpcid: 80 },
  createNetworkACL: { aclid: 70, networkid: 50, startport: 60, number: 20, icmptype: 5 },
  replaceNetworkACLList: { networkid: 95 },
  updateVMAffinityGroup: { affinitygroupids: 80 },
  deleteAffinityGroup: { id: 80 },
  resetSSHKeyForVirtualMachine: { keypair: 60 },
  updateVirtualMachine: { extraconfig: 2, deleteprotection: 3, instancename: 3 },
  restoreVirtualMachine: { diskofferingid: 20, rootdisksize: 20, templateid: 20 },
  migrateVirtualMachine: { hostid: 50, storageid: 30 },
  scaleVirtualMachine: { details: 60 },
  changeServiceForVirtualMachine: { details: 60 },
  addNicToVirtualMachine: { ipaddress: 40 },
  enableStaticNat: { vmguestip: 20, networkid: 30 },
  createPortForwardingRule: { vmguestip: 5, openfirewall: 40, cidrlist: 20, networkid: 30 },
  createFirewallRule: { startport: 80, endport: 30, cidrlist: 30, icmptype: 5, icmpcode: 5 },
  createEgressFirewallRule: {
    startport: 60,
    cidrlist: 20,
    destcidrlist: 20,
    icmptype: 5,
    icmpcode: 5,
  },
  createNetwork: { gateway: 60, netmask: 60, vlan: 15, vpcid: 25, aclid: 10 },
  createLoadBalancerRule: { publicipid: 95, networkid: 5, zoneid: 5 },
  assignToLoadBalancerRule: { virtualmachineids: 90, vmidipmap: 5 },
  removeFromLoadBalancerRule: { virtualmachineids: 90, vmidipmap: 5 },
};

function requestOf(command: AnyCommand): fc.Arbitrary<Request> {
  const names = Object.keys(command.parameters);
  const hundredths = (name: string): number =>
    command.parameters[name]!.required ? 98 : (frequency[command.name]?.[name] ?? 10);
  const valuesOf = (name: string): fc.Arbitrary<Readonly<Record<string, Value>>> =>
    (command.parameters[name]!.type === 'map'
      ? fieldsOf(name)
      : value(name, command).map((one) => ({ '': one }))
    ).map((fields) =>
      Object.fromEntries(Object.entries(fields).map(([field, one]) => [`${name}${field}`, one])),
    );
  const chosen = names.map((name) => {
    const weight = hundredths(name);
    return fc.oneof(
      { weight, arbitrary: valuesOf(name) },
      { weight: 100 - weight, arbitrary: fc.constant({}) },
    );
  });
  return fc.record({
    kind: fc.constant('request' as const),
    caller: fc.constantFrom('user' as const, 'user' as const, 'admin' as const),
    command: fc.constant(command.name),
    values: fc.tuple(...chosen).map((parts): Request['values'] => Object.assign({}, ...parts)),
  });
}

/** The commands in whose states the others meet. */
const FREQUENT: ReadonlySet<string> = new Set([
  'deployVirtualMachine',
  'updateVmNicIp',
  'enableStaticNat',
  'addNicToVirtualMachine',
  'addIpToNic',
  'startVirtualMachine',
  'stopVirtualMachine',
  'destroyVirtualMachine',
  'createVolume',
  'attachVolume',
  'detachVolume',
  'deleteVolume',
  'createLoadBalancerRule',
  'createPortForwardingRule',
  'assignToLoadBalancerRule',
  'createSnapshot',
  'deleteSnapshot',
  'resizeVolume',
]);

function weightOf(name: string): number {
  if (FREQUENT.has(name)) return 14;
  if (RARE.has(name)) return 1;
  return name.startsWith('list') ? 2 : 4;
}

/** Commands after which a caller may be locked out, or much of the world gone. */
const RARE: ReadonlySet<string> = new Set([
  'deleteAccount',
  'deleteDomain',
  'deleteUser',
  'disableAccount',
  'disableUser',
  'lockUser',
  'registerUserKeys',
  'updateAccount',
  'updateUser',
]);

/** Commands that change something come more often than those that only list. */
export const request: fc.Arbitrary<Request> = fc.oneof(
  ...commands.map((command) => ({
    weight: weightOf(command.name),
    arbitrary: requestOf(command),
  })),
);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: request },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('advance' as const),
        ms: fc.constantFrom(0, 50, 50, 1_500, 2_500, 4_000, 70_000, 200_000, 4_000_000),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'until-idle' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('upload' as const),
        pick: fc.nat(20),
        good: fc.boolean(),
      }),
    },
  ),
  { minLength: 10, maxLength: 80, size: 'max' },
);

/** A request's values as text, ids as they are in this world now. */
export function parametersOf(simulator: Simulator, { values }: Request): Record<string, string> {
  const text = (one: Value): string =>
    typeof one === 'string'
      ? one
      : Array.isArray(one)
        ? (one as readonly SomeId[]).map(text).join()
        : idText(simulator, one as SomeId);
  return Object.fromEntries(Object.entries(values).map(([name, one]) => [name, text(one)]));
}

/** The ids of rows that are removed are picked, too: rows of a kind stay known by their number. */
function idText({ world }: Simulator, { entity, pick, form }: SomeId): string {
  if (form === 'unknown') return '00000000-0000-4000-8000-000000000000';
  const kind: EntityName =
    form !== 'other-kind' ? entity : entity === 'volume' ? 'virtualmachine' : 'volume';
  const rows = rowsOf(world, kind);
  const row = rows[pick % Math.max(1, rows.length)];
  if (row === undefined) return '11111111-0000-4000-8000-000000000000';
  if (form === 'internal') return String(row.internalId);
  return form === 'upper' ? row.id.toUpperCase() : row.id;
}

/** So few that requests of one sequence meet at the same rows. */
const NEWEST = 5;

/** The newest rows of a kind, removed ones included: older ones no longer change. */
function rowsOf(world: World, kind: EntityName): BaseRow[] {
  const rows: BaseRow[] = [];
  for (let internalId = 1; ; internalId += 1) {
    const row = findEntityByInternalId(world, kind, internalId);
    if (row !== undefined) rows.push(row);
    // Internal ids may be drawn for rows that were then refused.
    else if (internalId > rows.length + 150) return rows.slice(-NEWEST);
  }
}

/** A zone in which little is enough of nothing: addresses, room and time run out. */
export const crampedZone: WorldDescriptionInput = {
  settings: {
    'expunge.delay': 60,
    'expunge.interval': 60,
    'storage.max.volume.size': 500,
    'ssh.key.length': 512,
  },
  accounts: [
    { name: 'admin', role: 'Admin' },
    { name: 'bosh', role: 'User' },
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
              hypervisor: 'KVM',
              hosts: [
                { name: 'host1', cpuCores: 4, memoryMib: 4_096, localStorageGib: 60 },
                { name: 'host2', cpuCores: 4, memoryMib: 4_096, localStorageGib: 60 },
              ],
              pools: [{ name: 'primary1', sizeGib: 120 }],
            },
            {
              name: 'cluster2',
              hypervisor: 'KVM',
              hosts: [{ name: 'host3', cpuCores: 2, memoryMib: 2_048, localStorageGib: 40 }],
              pools: [{ name: 'primary2', sizeGib: 80 }],
            },
          ],
        },
      ],
      publicRanges: [
        {
          startIp: '203.0.113.10',
          endIp: '203.0.113.12',
          gateway: '203.0.113.1',
          netmask: '255.255.255.0',
        },
      ],
      networks: [
        { name: 'NET_CS', type: 'Isolated', account: 'bosh', cidr: '10.1.1.0/28' },
        { name: 'NET_ADMIN', type: 'Isolated', account: 'admin', cidr: '10.1.2.0/28' },
        {
          name: 'NET_SHARED',
          type: 'Shared',
          account: 'admin',
          cidr: '10.204.0.0/24',
          startIp: '10.204.0.10',
          endIp: '10.204.0.14',
        },
        { name: 'NET_L2', type: 'L2', account: 'bosh' },
      ],
    },
  ],
  serviceOfferings: [
    { name: 'm1.small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 1_024 },
    { name: 'm1.local', cpuNumber: 1, cpuMhz: 2_000, memoryMib: 512, storageType: 'local' },
    { name: 'm1.large', cpuNumber: 4, cpuMhz: 2_000, memoryMib: 3_072, rootDiskSizeGib: 30 },
    { name: 'custom' },
    {
      name: 'constrained',
      cpuMhz: 1_000,
      constraints: { minCpuNumber: 1, maxCpuNumber: 2, minMemoryMib: 512, maxMemoryMib: 1_024 },
    },
  ],
  diskOfferings: [
    { name: 'shared.custom' },
    { name: 'fixed', sizeGib: 10 },
    { name: 'local.custom', storageType: 'local' },
    { name: 'nowhere', sizeGib: 1, storageTags: ['ssd'] },
  ],
  templates: [
    { name: 'ubuntu-jammy', zone: 'zone1', account: 'admin' },
    { name: 'own', zone: 'zone1', account: 'bosh', isPublic: false, sizeGib: 2 },
  ],
};
