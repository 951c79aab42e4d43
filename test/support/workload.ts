// A random life of a zone in which most requests succeed: VMs, disks, snapshots, templates, rules and
// pools, each request about something that is there. An operation is data; what it picks from depends
// on the world at the time, so that it is the same for two worlds that are the same.
import fc from 'fast-check';
import type { Simulator } from '../../simulator/simulator.js';
import type { BaseRow } from '../../simulator/world/base-row.js';
import type { Values } from './simulator-client.js';

/** One thing that a client does; `pick` chooses among what there is. */
export interface Operation {
  readonly name: OperationName;
  readonly pick: number;
}

export interface Sent {
  readonly by: 'admin' | 'user';
  readonly command: string;
  readonly values: Values;
}

export type OperationName = keyof typeof operations;

/** The request of an operation; undefined where there is nothing that it could be about. */
export function requestOf(simulator: Simulator, { name, pick }: Operation): Sent | undefined {
  const values = operations[name].values(simulator.world, pick);
  if (values === undefined) return undefined;
  const { by = 'user', command = name } = operations[name] as { by?: 'admin'; command?: string };
  return { by, command, values };
}

type World = Simulator['world'];
type Build = (world: World, pick: number) => Values | undefined;

const operations = {
  deployVirtualMachine: {
    values: (world, pick) => ({
      zoneid: world.zones.all()[0]!.id,
      templateid: world.templates.all()[0]!.id,
      serviceofferingid: named(world.serviceOfferings, pick % 2 === 0 ? 'm1.small' : 'm1.local'),
      networkids: world.networks.all()[0]!.id,
      ...(pick % 3 === 0 && {
        diskofferingid: named(world.diskOfferings, 'local.custom'),
        size: 2,
      }),
      startvm: pick % 5 !== 0,
    }),
  },
  startVirtualMachine: { values: aboutVm('Stopped') },
  stopVirtualMachine: { values: aboutVm('Running') },
  rebootVirtualMachine: { values: aboutVm('Running') },
  destroyVirtualMachine: {
    by: 'admin',
    values: (world, pick) => withId(world.vms, pick, { expunge: pick % 2 === 0 }),
  },
  createVolume: {
    values: (world, pick) => ({
      name: `disk-${pick}`,
      zoneid: world.zones.all()[0]!.id,
      diskofferingid: chosen(
        world.diskOfferings.all().filter(({ sizeGib }) => sizeGib === 0),
        pick,
      )!.id,
      size: 1 + (pick % 5),
    }),
  },
  restoreSnapshot: {
    command: 'createVolume',
    values: (world, pick) => {
      const snapshot = chosen(world.snapshots.all(), pick);
      return snapshot === undefined ? undefined : { snapshotid: snapshot.id, name: `copy-${pick}` };
    },
  },
  attachVolume: {
    values: (world, pick) => {
      const volume = chosen(
        world.volumes.all().filter(({ vmId }) => vmId === null),
        pick,
      );
      const vm = chosen(world.vms.all(), pick);
      if (volume === undefined || vm === undefined) return undefined;
      return { id: volume.id, virtualmachineid: vm.id };
    },
  },
  detachVolume: { values: aboutVolume(({ type, vmId }) => type === 'DATADISK' && vmId !== null) },
  resizeVolume: {
    values: (world, pick) => withId(world.volumes, pick, { size: 6 + (pick % 7) }),
  },
  destroyVolume: { values: aboutVolume(({ vmId }) => vmId === null) },
  deleteVolume: { values: aboutVolume(({ vmId }) => vmId === null) },
  recoverVolume: { values: aboutVolume(({ state }) => state === 'Destroy') },
  migrateVolume: {
    by: 'admin',
    values: (world, pick) => {
      const volume = chosen(
        world.volumes.all().filter(({ state }) => state === 'Ready'),
        pick,
      );
      const pool = chosen(world.storagePools.all(), pick);
      if (volume === undefined || pool === undefined) return undefined;
      return { volumeid: volume.id, storageid: pool.id };
    },
  },
  createSnapshot: {
    values: (world, pick) => {
      const volume = chosen(
        world.volumes.all().filter(({ state }) => state === 'Ready'),
        pick,
      );
      return volume === undefined ? undefined : { volumeid: volume.id };
    },
  },
  deleteSnapshot: { values: (world, pick) => withId(world.snapshots, pick) },
  revertSnapshot: { values: (world, pick) => withId(world.snapshots, pick) },
  createSnapshotPolicy: {
    values: (world, pick) => {
      const volume = chosen(
        world.volumes.all().filter(({ state }) => state === 'Ready'),
        pick,
      );
      if (volume === undefined) return undefined;
      const schedule = { intervaltype: 'HOURLY', schedule: String(pick % 60), timezone: 'GMT' };
      return { volumeid: volume.id, ...schedule, maxsnaps: 1 + (pick % 3) };
    },
  },
  deleteSnapshotPolicies: { values: (world, pick) => withId(world.snapshotPolicies, pick) },
  createVMSnapshot: {
    values: (world, pick) => {
      const vm = chosen(
        world.vms.all().filter(({ state }) => state === 'Running'),
        pick,
      );
      if (vm === undefined) return undefined;
      return { virtualmachineid: vm.id, name: `vm-${pick}`, snapshotmemory: pick % 4 !== 0 };
    },
  },
  revertToVMSnapshot: {
    values: ({ vmSnapshots }, pick) => withVmSnapshot(vmSnapshots.all(), pick),
  },
  deleteVMSnapshot: {
    values: ({ vmSnapshots }, pick) => withVmSnapshot(vmSnapshots.all(), pick),
  },
  registerTemplate: {
    values: (world, pick) => ({
      name: `image-${pick}`,
      displaytext: 'an image',
      format: 'QCOW2',
      hypervisor: 'KVM',
      zoneid: world.zones.all()[0]!.id,
      ostypeid: world.osTypes.all()[0]!.id,
      url: `http://127.0.0.1:8000/${world.kernel.log.lastSeq}-${pick % 3}.qcow2`,
    }),
  },
  createTemplate: {
    values: (world, pick) => {
      const volume = chosen(
        world.volumes.all().filter(({ type }) => type === 'ROOT'),
        pick,
      );
      if (volume === undefined) return undefined;
      return { name: `made-${pick}`, volumeid: volume.id, ostypeid: world.osTypes.all()[0]!.id };
    },
  },
  deleteTemplate: {
    values: (world, pick) => {
      const template = chosen(world.templates.all().slice(1), pick);
      return template === undefined ? undefined : { id: template.id };
    },
  },
  associateIpAddress: { values: (world) => ({ networkid: world.networks.all()[0]!.id }) },
  disassociateIpAddress: { values: aboutAddress() },
  createFirewallRule: {
    values: aboutAddress((pick) => ({ protocol: 'tcp', startport: pick % 9, endport: 9 })),
  },
  createPortForwardingRule: {
    values: (world, pick) => {
      const vm = chosen(world.vms.all(), pick);
      if (vm === undefined) return undefined;
      const ports = { protocol: 'tcp', privateport: 22, publicport: 1_000 + (pick % 50) };
      return aboutAddress(() => ({ ...ports, virtualmachineid: vm.id }))(world, pick);
    },
  },
  createLoadBalancerRule: {
    values: (world, pick) => {
      const { ipaddressid, ...rest } = aboutAddress(() => ({}))(world, pick) ?? {};
      if (ipaddressid === undefined) return undefined;
      const ports = { publicport: 2_000 + (pick % 50), privateport: 80 };
      return {
        publicipid: ipaddressid,
        name: `lb-${pick}`,
        algorithm: 'source',
        ...ports,
        ...rest,
      };
    },
  },
  assignToLoadBalancerRule: {
    values: (world, pick) => {
      const vm = chosen(world.vms.all(), pick);
      if (vm === undefined) return undefined;
      return withId(world.loadBalancerRules, pick, { virtualmachineids: vm.id });
    },
  },
  deletePortForwardingRule: { values: (world, pick) => withId(world.portForwardingRules, pick) },
  createTags: {
    values: (world, pick) => {
      const volume = chosen(world.volumes.all(), pick);
      if (volume === undefined) return undefined;
      const tag = { 'tags[0].key': `key-${pick % 3}`, 'tags[0].value': 'x' };
      return { resourceids: volume.id, resourcetype: 'Volume', ...tag };
    },
  },
  enableStorageMaintenance: {
    by: 'admin',
    values: (world, pick) => withId(world.storagePools, pick),
  },
  cancelStorageMaintenance: {
    by: 'admin',
    values: (world, pick) =>
      among(
        world.storagePools.all().filter(({ state }) => state !== 'Up'),
        pick,
      ),
  },
} satisfies Readonly<
  Record<string, { readonly values: Build; readonly by?: 'admin'; readonly command?: string }>
>;

/** What every life begins with, so that all kinds of resources are in it. */
export const beginning: readonly Operation[] = (
  [
    'deployVirtualMachine',
    'createVolume',
    'attachVolume',
    'createSnapshot',
    'associateIpAddress',
    'createFirewallRule',
    'createPortForwardingRule',
    'createLoadBalancerRule',
    'assignToLoadBalancerRule',
    'registerTemplate',
    'createTags',
  ] as const
).map((name) => ({ name, pick: 1 }));

export const anyOperation: fc.Arbitrary<Operation> = fc.record({
  name: fc.constantFrom(...(Object.keys(operations) as OperationName[])),
  pick: fc.nat(1_000),
});

function chosen<Row>(rows: readonly Row[], pick: number): Row | undefined {
  return rows.length === 0 ? undefined : rows[pick % rows.length];
}

function among(rows: readonly BaseRow[], pick: number, values: Values = {}): Values | undefined {
  const row = chosen(rows, pick);
  return row === undefined ? undefined : { id: row.id, ...values };
}

function withId(
  table: { all(): readonly BaseRow[] },
  pick: number,
  values: Values = {},
): Values | undefined {
  return among(table.all(), pick, values);
}

function withVmSnapshot(rows: readonly BaseRow[], pick: number): Values | undefined {
  const row = chosen(rows, pick);
  return row === undefined ? undefined : { vmsnapshotid: row.id };
}

function aboutVm(state: string): Build {
  return (world, pick) =>
    among(
      world.vms.all().filter((vm) => vm.state === state),
      pick,
    );
}

function aboutVolume(
  suits: (volume: ReturnType<World['volumes']['all']>[number]) => boolean,
): Build {
  return (world, pick) => among(world.volumes.all().filter(suits), pick);
}

/** An address that the user has and that translates for no network. */
function aboutAddress(more?: (pick: number) => Values): Build {
  return (world, pick) => {
    const own = world.publicIps
      .all()
      .filter(({ networkId, isSourceNat }) => networkId !== null && !isSourceNat);
    const address = chosen(own, pick);
    if (address === undefined) return undefined;
    return more === undefined ? { id: address.id } : { ipaddressid: address.id, ...more(pick) };
  };
}

function named(
  table: { all(): readonly { readonly id: string; readonly name: string }[] },
  name: string,
): string {
  return table.all().find((row) => row.name === name)!.id;
}
