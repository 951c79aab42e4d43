// What tests of snapshots share: volumes that exist on a pool, and snapshots of them.
import type { SimulatorOptions } from '../../simulator/simulator.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
  type Values,
} from './simulator-client.js';
import { deployed, idOf } from './simulator-vms.js';
import { attached, cluster, createdVolume, storageWorld } from './simulator-volumes.js';

/** Lets volumes of running VMs have snapshots, which KVM does not by default. */
export function allowRunningSnapshots({ simulator }: TestWorld): void {
  simulator.world.settings.set('kvm.snapshot.enabled', true);
}

/** A volume that is attached to a new running VM; answers both ids. */
export function attachedVolume(
  world: TestWorld,
  client: TestClient,
  values: Values = {},
  offering?: string,
): { readonly id: string; readonly vmId: string } {
  const vmId = deployed(world, client)['id'] as string;
  const id = createdVolume(world, client, values, offering);
  attached(client, id, vmId);
  return { id, vmId };
}

/** A volume that exists on a pool and is attached nowhere. */
export function readyVolume(
  world: TestWorld,
  client: TestClient,
  values: Values = {},
  offering?: string,
): string {
  const { id } = attachedVolume(world, client, values, offering);
  client.done('detachVolume', { id });
  return id;
}

/** Takes a snapshot, and answers it. */
export function snapshotOf(client: TestClient, volumeid: string, values: Values = {}): Reply {
  return client.done('createSnapshot', { volumeid, ...values })['snapshot'] as Reply;
}

/** The snapshot as a caller sees it in the list, undefined if it does not. */
export function listedSnapshot(client: TestClient, id: string): Reply | undefined {
  return (client.call('listSnapshots', { id })['snapshot'] as Reply[] | undefined)?.[0];
}

/** Gives a snapshot to the admin's account, as no command does. */
export function giveToAdmin({ simulator, admin }: TestWorld, snapshotId: string): void {
  const { snapshots, users } = simulator.world;
  const { accountId } = users.where('apiKey', admin.keys.apiKey)[0]!;
  snapshots.change(snapshots.require(snapshotId), { accountId });
}

export interface SeveralZones extends TestWorld {
  /** Ids of zone1, where everything is, of zone2 and of zone3. */
  readonly zones: readonly [string, string, string];
}

/** A world of three zones. */
export function severalZones(options: Omit<SimulatorOptions, 'world'> = {}): SeveralZones {
  const description = storageWorld({});
  const zone = (name: string, host: string) => ({
    name,
    pods: [{ name: `pod-${name}`, clusters: [cluster(`cluster-${name}`, [host])] }],
  });
  const others = [zone('zone2', 'host21'), zone('zone3', 'host31')];
  const world = testSimulator({
    ...options,
    world: { ...description, zones: [...description.zones, ...others] },
  });
  const [one = '', two = '', three = ''] = ['zone1', 'zone2', 'zone3'].map((name) =>
    idOf(world.simulator.world.zones.all(), name),
  );
  return { ...world, zones: [one, two, three] };
}

/** On which stores a list shows a snapshot: zone, role as admins see it, and state there. */
export function shownOnStores({ admin }: TestWorld, id: string, values: Values = {}): unknown[] {
  const rows = admin.call('listSnapshots', { id, showunique: false, ...values })['snapshot'];
  return ((rows ?? []) as Reply[]).map((row) => [
    row['zonename'],
    row['datastoretype'],
    row['datastorestate'],
  ]);
}

type VolumeEvent = Parameters<TestWorld['simulator']['world']['volumes']['move']>[1];

/** The events that bring a volume from Ready to each state in which it is not at rest. */
export const waysFromReady: Readonly<Record<string, readonly VolumeEvent[]>> = {
  Creating: ['CreateRequested'],
  Attaching: ['AttachRequested'],
  Snapshotting: ['SnapshotRequested'],
  RevertSnapshotting: ['RevertSnapshotRequested'],
  Resizing: ['ResizeRequested'],
  Migrating: ['MigrationRequested'],
  Destroy: ['DestroyRequested'],
  Expunging: ['DestroyRequested', 'ExpungingRequested'],
};

/** Has a Ready volume be in a state, as no command would leave it. */
export function forceState(
  { simulator }: Pick<TestWorld, 'simulator'>,
  volumeId: string,
  state: string,
): void {
  const { volumes } = simulator.world;
  for (const event of waysFromReady[state] ?? []) volumes.move(volumes.require(volumeId), event);
}
